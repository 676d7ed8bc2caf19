# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials that are given and stay."""

from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._http.auth import basic_auth, token_auth
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.tests.unit.asking_connection import AskingConnection
from ansible_collections.endstate.jobs.tests.unit.loopback import reply

BASIC = "w6Q6w7Y6IOaXpeacrA=="
AUTHS = {"a token": (token_auth("Api-Token", "api_token", "s3cret"), "Api-Token s3cret", ["s3cret"])}
AUTHS["Basic, in UTF-8"] = (basic_auth("ä", "ö: 日本"), f"Basic {BASIC}", ["ö: 日本", BASIC])


@pytest.fixture
def sent(server):
    """The ``Authorization`` of one request with this credential."""

    def sent(auth):
        server.on("GET /job", reply({"good": True}))
        client = AskingConnection(Transport(), server.url, auth, lambda _status, _content: None, {}, Secrets())
        assert client.get("job") == {"good": True}
        client.close()
        return server.requests[0].headers["Authorization"]

    return sent


@pytest.mark.parametrize(("auth", "header", "secrets"), AUTHS.values(), ids=AUTHS)
def test_a_credential_is_sent_in_a_header_and_its_parts_are_secret(sent, auth, header, secrets) -> None:
    assert sent(auth) == header
    assert sorted(auth.secrets) == sorted(secrets)


@pytest.mark.parametrize(("auth", "header", "_secrets"), AUTHS.values(), ids=AUTHS)
def test_a_netrc_entry_replaces_no_credential(sent, monkeypatch, tmp_path, auth, header, _secrets) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login stranger password geheim\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    assert sent(auth) == header


@pytest.mark.parametrize(
    "token", ["two words", "line\nfeed", "carriage\rreturn", "nul\0", "größe", "\x1b[2J", " leading", "é"]
)
def test_a_token_that_no_header_can_hold_is_refused(token) -> None:
    with pytest.raises(OptionError) as refused:
        token_auth("Bearer", "access_token", token)
    expected = "expected a token of printable ASCII characters, without blanks and line feeds."
    assert str(refused.value) == f"access_token: {expected}"
