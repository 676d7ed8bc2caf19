# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate that shows an API who asks, and what is wrong with one that cannot be used."""

from __future__ import annotations

import dataclasses
import os
import ssl

from .._errors import OptionError
from .._text import one_line

OTHER_KEY = ("KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED")
"""OpenSSL's reasons if a key belongs to another certificate; the last one if it is of another type."""


class _HasPassword(Exception):
    """A key has a password. Without a callback of ours OpenSSL would ask for it on the terminal."""


def _refuse_password() -> str:
    raise _HasPassword


@dataclasses.dataclass(frozen=True)
class ClientCertificate:
    """A certificate and its private key, in files of this machine.

    :param cert: a PEM file with the certificate and perhaps those of its issuers, and with the key unless ``key`` names another file.
    :param key: a PEM file with the key.
    """

    cert: str
    key: str | None = None

    def add_to(self, context: ssl.SSLContext) -> None:
        """Have the connections of a context show the certificate to the servers that ask for one.

        :raises OptionError: if it cannot be used.
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
    """Check that a file can be read.

    :raises OptionError: if it cannot.
    """
    try:
        with open(path, "rb"):
            return
    except (FileNotFoundError, ValueError):  # the latter for a null character
        raise OptionError(option, f"there is no file {one_line(path)}.") from None
    except OSError as error:
        raise OptionError(option, f"{one_line(path)} cannot be read ({error.strerror}).") from None


def _unusable(reason: str | None, cert: str, key: str | None) -> OptionError:
    """:param reason: OpenSSL's; ``None`` for a file in which it does not find what it looks for."""
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
