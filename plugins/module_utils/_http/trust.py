# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The trusted CA certificates, the setting that names them, the TLS contexts made from them, and messages on untrusted certificates."""

from __future__ import annotations

import os
import re
import socket
import ssl
import sys
import threading
import typing as t
from urllib.parse import urlsplit

from .._errors import OptionError, Untrusted
from .._text import named, one_line
from .client_certificate import ClientCertificate
from .library import requests, urllib3
from .url import STANDARD_PORTS

VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""The environment variables for a bundle of CA certificates, the same as those of requests."""
OF_REQUESTS = "the CA certificates of the Python library requests"

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")  # the file names by which OpenSSL finds certificates in a folder

# OpenSSL's codes for faults of certificates (include/openssl/x509_vfy.h, X509_V_ERR_…).
NOT_YET_VALID = 9
EXPIRED = 10
SELF_SIGNED = 18
ISSUER_UNKNOWN = (2, SELF_SIGNED, 19, 20, 21)
OTHER_NAME = (62, 64)
STRICT = range(80, 94)
"""The faults that only ``VERIFY_X509_STRICT`` detects, which is the default since Python 3.13."""


class Trust:
    """The CA certificates that verify the API's certificate.

    :param validate_certs: whether the API's certificate is verified at all.
    :param ca_path: a file or a folder with CA certificates; by default those of the environment, else those of requests.
    :param own: the client certificate, which is shown to an API that requests one.
    :raises OptionError: for a ``ca_path`` or a client certificate that cannot be used.
    """

    def __init__(self, validate_certs: bool, ca_path: str | None, own: ClientCertificate | None = None) -> None:
        self._validate = validate_certs
        self._own = own
        self.setting, self.path = _bundle(ca_path)
        """The option or the environment variable that names the CA certificates, and their path."""
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None
        self._proxy_context: ssl.SSLContext | None = None
        if ca_path or own:
            self._context = self._load(own)

    @property
    def context(self) -> ssl.SSLContext:
        """The settings of all TLS connections to the API. Made at the first use, because reading a bundle takes some 15 ms.

        :raises OptionError: for an invalid setting of this machine.
        """
        with self._lock:
            if self._context is None:
                self._context = self._load(self._own)
            return self._context

    @property
    def proxy_context(self) -> ssl.SSLContext:
        """The settings of TLS connections to a proxy. They never show the client certificate.

        :raises OptionError: for an invalid setting of this machine.
        """
        if self._own is None:
            return self.context
        with self._lock:
            if self._proxy_context is None:
                self._proxy_context = self._load()
            return self._proxy_context

    def explain(self, error: BaseException, origin: str, timeout: float) -> Untrusted:
        """The error for an origin's certificate that is not trusted: what is wrong with it, and what to do.

        :param error: OpenSSL's error, or that of urllib3 1.26 on the certificate's name.
        :param timeout: seconds for a connection that reads the names in the certificate, because no error has them; 0: no connection.
        """
        code = getattr(error, "verify_code", OTHER_NAME[0])
        why = one_line(getattr(error, "verify_message", None)) or "no reason was given"
        return Untrusted(f"The certificate of {origin} {self._fault(code, why, origin, timeout)}")

    def _fault(self, code: int, why: str, origin: str, timeout: float) -> str:
        if code in OTHER_NAME:
            return _name_fault(self._names(origin, timeout) if timeout > 0 else None)
        if code == EXPIRED:
            return "has expired; it must be renewed on that server."
        if code == NOT_YET_VALID:
            return "is not valid yet; compare the clock of that server with this machine's."
        if code in STRICT:
            rule = f"breaks a rule that Python {sys.version_info.major}.{sys.version_info.minor} checks ({why})"
            return f"{rule}; have it reissued, or name the server's own certificate with ca_path."
        if code not in ISSUER_UNKNOWN:
            return f"is not trusted ({why}); it must be replaced on that server."
        missing = "that certificate" if code == SELF_SIGNED else "the CA that issued it"
        if self.setting == OF_REQUESTS:
            return f"is not trusted ({why}); name {missing} with ca_path."
        mend = "name the right file." if self.setting == "ca_path" else "add it there, or name it with ca_path."
        return f"is not trusted ({why}): {missing} is not in {self.setting} ({one_line(self.path)}); {mend}"

    def _names(self, origin: str, timeout: float) -> list[str] | None:
        """The names in an origin's certificate, which is trusted except for its name; ``None`` if they cannot be read.

        Makes a connection, on which no request is sent.
        """
        parts = urlsplit(origin)
        context = self._load()
        context.check_hostname = False
        try:
            address = parts.hostname, parts.port or STANDARD_PORTS["https"]
            plain = socket.create_connection(address, timeout)
            with plain, context.wrap_socket(plain, server_hostname=parts.hostname) as tls:
                found: t.Any = tls.getpeercert() or {}
        except (OSError, ValueError):
            return None
        return [one_line(value) or "" for _kind, value in found.get("subjectAltName", ())]

    def _load(self, own: ClientCertificate | None = None) -> ssl.SSLContext:
        # urllib3 warns if certificates are not verified, and 1.26 also about certificates without a subjectAltName.
        urllib3.disable_warnings(urllib3.exceptions.SecurityWarning)
        keys = os.environ.get("SSLKEYLOGFILE")
        try:
            context = urllib3.util.ssl_.create_urllib3_context(
                cert_reqs=ssl.CERT_REQUIRED if self._validate else ssl.CERT_NONE
            )
        except ssl.SSLError as error:
            why = one_line(error.reason) or "no reason was given"
            raise OptionError(
                "The configuration of OpenSSL", f"no TLS connection can be made with it ({why})."
            ) from None
        except OSError as error:
            raise OptionError("SSLKEYLOGFILE", f"{one_line(keys)} cannot be written ({error.strerror}).") from None
        fault = _add(context, self.path) if self._validate else None
        if fault:
            raise OptionError(self.setting, fault)
        if own:
            own.add_to(context)
        return context


def _bundle(ca_path: str | None) -> tuple[str, str]:
    if ca_path:
        return "ca_path", os.path.expanduser(os.path.expandvars(ca_path))
    given = [(name, os.environ[name]) for name in VARIABLES if os.environ.get(name)]
    if given:
        return given[0]
    utils: t.Any = requests.utils
    return OF_REQUESTS, utils.extract_zipped_paths(utils.DEFAULT_CA_BUNDLE_PATH)


def _add(context: ssl.SSLContext, path: str) -> str | None:
    """Adds the CA certificates in a file or a folder to a context. Returns ``None``, or what is wrong, as the end of a sentence."""
    shown = one_line(path)
    try:
        if os.path.isdir(path):
            return _add_folder(context, path)
        context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        return f"the file {shown} holds no CA certificates in PEM format, or one that is damaged."
    except (FileNotFoundError, ValueError):  # the latter for a null character
        return f"there is no file or folder {shown}."
    except OSError as error:
        return f"{shown} cannot be read ({error.strerror})."
    return None if context.cert_store_stats()["x509"] else f"the file {shown} holds no CA certificates in PEM format."


def _add_folder(context: ssl.SSLContext, path: str) -> str | None:
    """As :func:`_add`, for a folder. OpenSSL reads the files when it needs them, and does not report files that it cannot read."""
    hashed = sorted(name for name in os.listdir(path) if _HASHED.fullmatch(name))
    fault = f"the folder {one_line(path)} holds no CA certificates by the names that OpenSSL looks for; run openssl rehash on it."
    for name in hashed:
        fault = _add(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), os.path.join(path, name)) or ""
        if not fault:
            context.load_verify_locations(capath=path)
            return None
    return fault


def _name_fault(names: t.Sequence[str] | None) -> str:
    if names is None:
        return "is for another name; use the one that it was issued for."
    if not names:
        return "has no subjectAltName, and no other name counts; it must be reissued with one."
    return f"is for another name ({named(names)}); use the one that it was issued for."
