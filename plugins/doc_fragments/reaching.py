# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The connection options that every system has."""

    DOCUMENTATION = r"""
options:
  validate_certs:
    description:
      - Whether the API must show a certificate that is trusted.
      - Set it to V(false) only if the network itself is trusted. For a self-signed certificate, O(ca_path) is better.
    type: bool
    default: true
  ca_path:
    description:
      - A file or folder with the CA certificates (PEM) to check the API's certificate with.
      - If it is not set, those of E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) are used, else those that the Python library requests brings.
        CAs that only the operating system trusts are not among them.
    type: path
  client_cert:
    description:
      - A file (PEM) with the certificate that shows the API who asks, for an API that demands one; its issuers' certificates and its key
        may be in the file, too.
      - The file is read on the machine that asks the API. That is the controller for a wait, the task's host for an info module, and the
        other host if the task is delegated.
      - The certificate is shown to the API and to its token endpoint, and to no proxy.
    type: path
    version_added: 1.1.0
  client_key:
    description:
      - A file (PEM) with the private key of O(client_cert), if it is in a file of its own. The key must have no password.
    type: path
    version_added: 1.1.0
  proxy:
    description:
      - The URL of an HTTP proxy, which may hold a user and a password; or of a SOCKS proxy, such as C(socks5h://proxy.example.com), for
        which the Python library PySocks is needed.
      - If it is not set, the environment variables E(HTTPS_PROXY), E(HTTP_PROXY), E(ALL_PROXY) and E(NO_PROXY) are used.
    type: str
  request_timeout:
    description:
      - Seconds that one request may take, from connecting to the last byte of the answer, redirects included. At most a day.
    type: float
    default: 30
requirements:
  - requests >= 2.28 (Python library, where the API is read from)
  - Python >= 3.9 (where the API is read from)
"""
