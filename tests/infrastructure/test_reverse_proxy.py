# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait for jobs of an API that stands behind nginx."""

from __future__ import annotations

import sys
import time
import typing as t
from pathlib import Path

import pytest

from simulator.client import Simulator
from tests.e2e.conftest import DEFAULTS
from tests.e2e.playing import HERE, Played, Player
from tests.infrastructure import services
from tests.infrastructure.services import Service

Start = t.Callable[..., Service]


@pytest.fixture
def nginx(tmp_path: Path, serve: t.Callable[[Service], Service]) -> Start:
    """Starts an nginx with this inside its ``server`` block."""

    def start(name: str, inside: str) -> Service:
        folder = tmp_path / name
        folder.mkdir()
        return serve(services.nginx(folder, inside))

    return start


def passes_to(url: str, ca: str | None) -> str:
    checked = f"proxy_ssl_verify on; proxy_ssl_trusted_certificate {ca}; proxy_ssl_name localhost;" if ca else ""
    return f"proxy_pass {url}; {checked} proxy_http_version 1.1;"


@pytest.fixture
def front(nginx: Start, certificates: Path, simulator: Simulator) -> t.Callable[..., Service]:
    """A TLS server before the simulator, or before another server; ``more`` says what else it does."""

    def start(more: str = "", *, url: str | None = None) -> Service:
        tls = f"ssl_certificate {certificates}/server.pem; ssl_certificate_key {certificates}/server.pem;"
        behind = passes_to(url, None) if url else passes_to(simulator.url, simulator.ca)
        return nginx("front", f"listen 127.0.0.1:{{port}} ssl; {tls} {more} location / {{ {behind} }}")

    return start


def export(simulator: Simulator, seconds: float) -> None:
    stages = [{"state": "running", "for": seconds, "progress": 50}, {"state": "complete", "progress": 100}]
    simulator.add(jobs=[{"system": "xclarity", "id": "12", "stages": stages}])


def wait(
    player: Player, server: Service, certificates: Path, *, client_cert: str | None = None, **options: t.Any
) -> Played:
    there = {"api_url": f"https://localhost:{server.port}", "ca_path": str(certificates / "ca.pem")}
    job = {"firmware_repo": {"task_id": "12", **there, "client_cert": client_cert}}
    task = {
        "name": "wait",
        "endstate.jobs.wait_for_job": {**job, "interval": 1, "max_interval": 1, "progress": "polls", **options},
    }
    return player.play([task], module_defaults=DEFAULTS)


def succeeded(played: Played) -> bool:
    return (played.last.outcome, played.last.result["job"]["state"]) == ("ok", "succeeded")


def test_a_wait_reaches_an_api_behind_a_server_with_tls(player, simulator, front, certificates) -> None:
    export(simulator, 2)
    played = wait(player, front(), certificates)
    assert succeeded(played)
    assert not played.last.result.get("warnings")


@pytest.fixture
def demanding(front: t.Callable[..., Service], certificates: Path) -> Service:
    """A server that lets nobody in without a certificate."""
    return front(f"ssl_verify_client on; ssl_client_certificate {certificates}/ca.pem;")


def test_a_wait_shows_its_certificate_to_a_server_that_demands_one(player, simulator, demanding, certificates) -> None:
    export(simulator, 2)
    assert succeeded(wait(player, demanding, certificates, client_cert=f"{certificates}/client.pem"))


def test_a_server_that_demands_a_certificate_refuses_at_once(player, simulator, demanding, certificates) -> None:
    """nginx lets the handshake end, and answers with HTTP 400."""
    export(simulator, 2)
    played = wait(player, demanding, certificates)
    error = played.last.result["job"]["error"]
    assert (played.last.outcome, error["status"], played.last.result["polls"]) == ("failed", 400, 1)
    assert error["message"].endswith(
        " answered HTTP 400: No required SSL certificate was sent. "
        "Set client_cert and client_key to a client certificate that it accepts."
    )
    assert simulator.requests() == []


def test_a_delegate_shows_a_client_certificate_of_its_own(player, simulator, demanding, certificates) -> None:
    export(simulator, 0)
    there = {"api_url": f"https://localhost:{demanding.port}", "ca_path": f"{certificates}/ca.pem"}
    job = {"task_id": "12", **there, "client_cert": "$CERTIFICATES/client.pem"}
    task = {
        "endstate.jobs.wait_for_job": {"firmware_repo": job, "interval": 1},
        "delegate_to": "elsewhere",
        "environment": {"CERTIFICATES": str(certificates)},
        "vars": {"ansible_connection": "elsewhere", "ansible_python_interpreter": sys.executable},
    }
    environment = {"ANSIBLE_CONNECTION_PLUGINS": f"{HERE}/connection_plugins"}
    assert succeeded(player.play([task], environment=environment, module_defaults=DEFAULTS))


def test_a_gateway_whose_api_restarts_is_tried_again(player, simulator, nginx, front, certificates, once_asked) -> None:
    export(simulator, 6)
    api = nginx("api", f"listen 127.0.0.1:{{port}}; location / {{ {passes_to(simulator.url, simulator.ca)} }}")
    once_asked(lambda: api.restart(2))
    played = wait(player, front(url=f"http://127.0.0.1:{api.port}"), certificates)
    assert succeeded(played)
    assert "HTTP 502" in played.output


@pytest.mark.parametrize("status", [503, 200])
def test_a_maintenance_page_after_a_good_answer_is_no_end(
    player, simulator, front, certificates, once_asked, status
) -> None:
    export(simulator, 6)
    page = (
        f"error_page 503 ={status} @page; if (-f {{folder}}/maintenance) {{ return 503; }}"
        " location @page { default_type text/html; return %d '<html><body>Down for maintenance</body></html>'; }"
        % status
    )
    server = front(page)

    def maintain() -> None:
        (server.folder / "maintenance").touch()
        time.sleep(2)
        (server.folder / "maintenance").unlink()

    once_asked(maintain)
    played = wait(player, server, certificates)
    assert succeeded(played)
    assert "Trying again" in played.output


def test_a_compressed_answer_is_read(player, simulator, front, certificates) -> None:
    export(simulator, 1)
    played = wait(
        player, front("gzip on; gzip_types application/json; gzip_min_length 1; gzip_proxied any;"), certificates
    )
    assert succeeded(played)


def test_a_connection_that_the_server_ends_is_no_fault(player, simulator, front, certificates) -> None:
    export(simulator, 3)
    played = wait(player, front("keepalive_requests 1;"), certificates)
    assert succeeded(played)
    assert not played.last.result.get("warnings")


def test_a_server_that_ends_idle_connections_is_no_fault(player, simulator, front, certificates) -> None:
    export(simulator, 5)
    played = wait(player, front("keepalive_timeout 1s;"), certificates, interval=2, max_interval=2)
    assert succeeded(played)
    assert not played.last.result.get("warnings")
