# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which certificates are accepted, and handshakes that come to nothing."""

from __future__ import annotations

import socket
import threading

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import TimedOut, Unreachable
from ansible_collections.endstate.jobs.tests.unit.certificates import authority


@pytest.mark.parametrize("setting", ["ca_path", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_ca_path_names_whom_to_trust(listen, ca, certificate, get, monkeypatch, setting) -> None:
    if setting != "ca_path":
        monkeypatch.setenv(setting, ca.alone)
    server = listen(certificate("127.0.0.1", issuer=ca).server)
    assert get(f"{server.url}/", ca_path=ca.alone if setting == "ca_path" else None).status == 200


@pytest.mark.parametrize("name", ["127.0.0.1", "other.example.com"])
@pytest.mark.parametrize("bundle", [None, "{ca}", "/nonexistent"])
def test_no_certificate_is_looked_at_without_validate_certs(
    listen, ca, certificate, get, monkeypatch, name, bundle
) -> None:
    if bundle:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle.format(ca=ca.alone))
    server = listen(certificate(name, issuer=ca).server)
    assert get(f"{server.url}/", validate_certs=False).status == 200


@pytest.mark.parametrize("bundle", ["/nonexistent", "{other}"])
def test_what_the_environment_trusts_gives_way_to_ca_path(
    listen, ca, certificate, get, monkeypatch, tmp_path, bundle
) -> None:
    other = authority(tmp_path, "Another CA").alone
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle.format(other=other))
    monkeypatch.setenv("CURL_CA_BUNDLE", bundle.format(other=other))
    server = listen(certificate("127.0.0.1", issuer=ca).server)
    assert get(f"{server.url}/", ca_path=ca.alone).status == 200


def test_ca_path_alone_is_trusted(listen, ca, certificate, error_of, monkeypatch, tmp_path) -> None:
    """And nothing beside it."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca.alone)
    server = listen(certificate("127.0.0.1", issuer=ca).server)
    error = error_of(f"{server.url}/", ca_path=authority(tmp_path, "Another CA").alone)
    assert (error.kind, server.requests) == ("certificate", [])


def test_a_server_without_tls_is_told(server, error_of) -> None:
    url = server.url.replace("http:", "https:")
    said = f"{url} does not speak TLS; check whether its address must begin with http, not https."
    error = error_of(f"{url}/")
    assert (type(error), str(error)) == (Unreachable, said)


def test_a_broken_handshake_is_a_transient_error(error_of) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up():
            connection, _address = listener.accept()
            connection.recv(1)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(65536)
            connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        error = error_of(f"{url}/")
    assert isinstance(error, Unreachable)
    assert str(error).startswith(f"{url} ")


def test_a_handshake_that_never_ends_is_a_timeout(error_of) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        error = error_of(f"{url}/", request_timeout=0.2)
    said = f"{url} did not answer completely within 0.2 s (request_timeout)."
    assert (type(error), str(error)) == (TimedOut, said)
