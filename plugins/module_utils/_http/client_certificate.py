# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client certificate, by which an API identifies the client, and messages on a certificate that cannot be used."""

from __future__ import annotations

import dataclasses
import os
import ssl

from .._errors import OptionError
from .._text import one_line

OTHER_KEY = ("KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED")
"""OpenSSL's reasons if a key belongs to another certificate; the last reason is for a key of another type."""


class _HasPassword(Exception):
    """The key has a password. Without our callback, OpenSSL would prompt for it on the terminal."""


def _refuse_password() -> str:
    raise _HasPassword


@dataclasses.dataclass(frozen=True)
class ClientCertificate:
    """A certificate and its private key, in files of this machine.

    :param cert: a PEM file with the certificate, perhaps with those of its issuers, and with the key unless ``key`` names a file.
    :param key: a PEM file with the key.
    """

    cert: str
    key: str | None = None

    def add_to(self, context: ssl.SSLContext) -> None:
        """Adds the certificate to a TLS context, whose connections show it to servers that request a certificate.

        :raises OptionError: if the certificate or its key cannot be used.
        """
        cert, key = _path(self.cert), _path(self.key) if self.key else None
        _check_file("client_cert", cert)
        if key:
            _check_file("client_key", key)
        try:
            context.load_cert_chain(cert, key, _refuse_password)
        except _HasPassword:
            option, path = ("client_key", key) if key else ("client_cert", cert)
            mend = "name a file with a key without one (openssl pkey writes it)"
            raise OptionError(
                option, f"the key in {one_line(path)} has a password, which cannot be given; {mend}."
            ) from None
        except ssl.SSLError as error:
            raise _unusable(error.reason, cert, key) from None


def _path(given: str) -> str:
    return os.path.expanduser(os.path.expandvars(given))


def _check_file(option: str, path: str) -> None:
    """Checks that a file can be read.

    :raises OptionError: if it cannot be read.
    """
    try:
        with open(path, "rb"):
            return
    except (FileNotFoundError, ValueError):  # the latter for a null character
        raise OptionError(option, f"there is no file {one_line(path)}.") from None
    except OSError as error:
        raise OptionError(option, f"{one_line(path)} cannot be read ({error.strerror}).") from None


def _unusable(reason: str | None, cert: str, key: str | None) -> OptionError:
    """The error for a certificate or a key that OpenSSL does not accept.

    :param reason: OpenSSL's reason; ``None`` if a file lacks a certificate or a key.
    """
    if reason in OTHER_KEY:
        mend = "name the key that it was issued for."
        return OptionError(
            "client_key" if key else "client_cert",
            f"the key in {one_line(key or cert)} does not belong to the certificate in {one_line(cert)}; {mend}",
        )
    if not _has_certificates(cert):
        return OptionError(
            "client_cert", f"the file {one_line(cert)} holds no certificate in PEM format, or one that is damaged."
        )
    if reason:  # such as a key that is too short for OpenSSL's level of security
        why = reason.replace("_", " ").lower()
        return OptionError("client_cert", f"the certificate in {one_line(cert)} cannot be used ({why}).")
    if key:
        return OptionError(
            "client_key", f"the file {one_line(key)} holds no private key in PEM format, or one that is damaged."
        )
    return OptionError(
        "client_cert", f"the file {one_line(cert)} holds no private key in PEM format; name its file with client_key."
    )


def _has_certificates(path: str) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except (OSError, ValueError):  # ssl.SSLError is a kind of OSError
        return False
    return True
