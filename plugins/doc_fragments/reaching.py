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
      - Whether the API must show a trusted certificate.
      - Set it to V(false) only if you trust the whole network. For a self-signed certificate, use O(ca_path) instead.
    type: bool
    default: true
  ca_path:
    description:
      - A file or folder with the CA certificates (PEM) that verify the API's certificate.
      - If it is not set, the CA certificates of E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) are used, else those of the Python library
        requests, which lack CAs that only the operating system trusts.
    type: path
  client_cert:
    description:
      - A file (PEM) with the client certificate, for an API that requires one. The file may also contain the certificates of its issuers
        and its key.
      - The file is read on the machine that sends the requests. That is the controller for a wait, the task's host for an info module, and
        the other host if the task is delegated.
      - The certificate is shown to the API and to its token endpoint, but never to a proxy.
    type: path
    version_added: 1.1.0
  client_key:
    description:
      - A file (PEM) with the private key of O(client_cert), if the key is in a separate file. The key must not have a password.
    type: path
    version_added: 1.1.0
  proxy:
    description:
      - The URL of an HTTP proxy, or of a SOCKS proxy such as C(socks5h://proxy.example.com). It may contain a user and a password. A SOCKS
        proxy needs the Python library PySocks.
      - If it is not set, the environment variables E(HTTPS_PROXY), E(HTTP_PROXY), E(ALL_PROXY) and E(NO_PROXY) are used.
    type: str
  request_timeout:
    description:
      - Seconds that one request may take, from connecting to the last byte of the answer, redirects included. The maximum is one day.
    type: float
    default: 30
requirements:
  - requests >= 2.28 (Python library, on the machine that sends the requests)
  - Python >= 3.9 (on the machine that sends the requests)
"""
