# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket
import ssl
import threading

import pytest
import trustme

from ansible_collections.endstate.jobs.tests.unit.cases import DYNATRACE
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace


@pytest.fixture(scope="module")
def ca():
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_path(ca, tmp_path_factory):
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture
def listen(ca):
    """A server that shows a certificate for this name."""
    servers = []

    def listen(name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert(name).configure_cert(context)
        servers.append(Loopback(context))
        servers[-1].on(DYNATRACE.route, reply(dynatrace.JOB))
        return servers[-1]

    yield listen
    for server in servers:
        server.stop()


@pytest.mark.parametrize("environment", [{}, {"REQUESTS_CA_BUNDLE": "{ca}"}])
def test_a_certificate_of_a_ca_that_is_named(listen, ca_path, run_module, environment, monkeypatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value.format(ca=ca_path))
    server = listen("127.0.0.1")
    given = {} if environment else {"ca_path": ca_path}
    assert run_module(DYNATRACE.module, DYNATRACE.given(server.url, **given))["job"]["state"] == "succeeded"


def test_a_certificate_of_another_ca(listen, run_module) -> None:
    server = listen("127.0.0.1")
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url))
    assert result["msg"] in [
        f"The certificate of {server.url} is not trusted ({why}); name the CA that issued it with ca_path."
        for why in ("unable to get local issuer certificate", "self-signed certificate in certificate chain")
    ]
    assert (result["error"]["kind"], server.requests) == ("certificate", [])


def test_a_certificate_for_another_name(listen, ca_path, run_module) -> None:
    server = listen("other.example.com")
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url, ca_path=ca_path))
    assert result["msg"] == (
        f"The certificate of {server.url} is for another name; use the one that it was issued for."
    )
    assert (result["error"]["kind"], server.requests) == ("certificate", [])


@pytest.mark.parametrize("name", ["127.0.0.1", "other.example.com"])
@pytest.mark.parametrize("bundle", [None, "{ca}", "/nonexistent"])
def test_a_certificate_that_is_not_looked_at(listen, ca_path, run_module, name, bundle, monkeypatch) -> None:
    if bundle:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle.format(ca=ca_path))
    server = listen(name)
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url, validate_certs=False))
    assert (result["job"]["state"], "warnings" in result) == ("succeeded", False)


@pytest.mark.parametrize("bundle", ["/nonexistent", "{other}"])
def test_what_the_environment_trusts_gives_way_to_ca_path(
    listen, ca_path, run_module, bundle, monkeypatch, tmp_path
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle.format(other=other))
    monkeypatch.setenv("CURL_CA_BUNDLE", bundle.format(other=other))
    result = run_module(DYNATRACE.module, DYNATRACE.given(listen("127.0.0.1").url, ca_path=ca_path))
    assert result["job"]["state"] == "succeeded"


def test_a_ca_path_that_is_not_there(run_module) -> None:
    result = run_module(DYNATRACE.module, DYNATRACE.given("https://host", ca_path="/nonexistent/ca.pem"))
    assert result["msg"] == "ca_path: there is no file or folder /nonexistent/ca.pem."


def test_a_ca_path_without_certificates(listen, run_module, tmp_path) -> None:
    junk = tmp_path / "ca.pem"
    junk.write_text("no certificate")
    server = listen("127.0.0.1")
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url, ca_path=str(junk)))
    assert result["msg"] == f"No CA certificate can be read from ca_path to check {server.url} with."
    assert result["error"]["kind"] == "certificate"


def test_a_server_without_tls(server, run_module) -> None:
    url = server.url.replace("http:", "https:")
    result = run_module(DYNATRACE.module, DYNATRACE.given(url))
    assert result["error"]["kind"] == "unreachable"
    assert result["msg"] == f"{url} does not speak TLS; check whether its address must begin with http, not https."


def test_a_handshake_that_is_broken_off(run_module) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up():
            connection, _address = listener.accept()
            connection.recv(1)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(65536)
            connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        result = run_module(DYNATRACE.module, DYNATRACE.given(url))
    assert result["error"]["kind"] == "unreachable"
    assert result["msg"].startswith(f"{url} ")


def test_a_handshake_that_never_ends(run_module) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        result = run_module(DYNATRACE.module, DYNATRACE.given(url, request_timeout=0.2))
    assert result["msg"] == f"{url} gave no whole answer within 0.2 s (request_timeout)."
