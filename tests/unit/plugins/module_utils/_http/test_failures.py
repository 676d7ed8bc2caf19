# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose fault an error is: this machine's or the network's."""

from __future__ import annotations

import contextlib
import os
import resource
import socket

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import Misconfigured, Unreachable


@pytest.mark.parametrize("host", ["127.0.0.1"])  # without a descriptor some systems call every name unknown
def test_a_lack_of_file_descriptors_is_told(error_of, host) -> None:
    """Other tasks of this machine give theirs back: a later try can help."""
    error_of("http://127.0.0.1:1/")  # all that is imported late has been
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(map(int, os.listdir("/proc/self/fd"))) + 8
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest, limits[1]))
    held = []
    try:
        with contextlib.suppress(OSError):
            while True:
                held.append(os.open(os.devnull, os.O_RDONLY))
        error = error_of(f"http://{host}:1/")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for one in held:
            os.close(one)
    said = f"This machine has no file descriptors left to reach http://{host}:1 (Too many open files); "
    assert (type(error), str(error)) == (Unreachable, f"{said}raise its limit (ulimit -n), or run fewer tasks at once.")


@pytest.mark.parametrize("number", [1, 13])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_that_this_machine_forbids_is_told(error_of, monkeypatch, number, scheme) -> None:
    """As a firewall of its own or SELinux does."""

    def refuse(_self, _address):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket.socket, "connect", refuse)
    error = error_of(f"{scheme}://127.0.0.1/")
    said = f"This machine forbids the connection to {scheme}://127.0.0.1 ({os.strerror(number)}); "
    assert (type(error), str(error)) == (
        Misconfigured,
        f"{said}look at its firewall, and at rules such as those of SELinux.",
    )


@pytest.mark.parametrize("number", [101, 111, 113])  # ENETUNREACH, ECONNREFUSED, EHOSTUNREACH
def test_an_address_that_no_network_leads_to_is_told(error_of, monkeypatch, number) -> None:
    def refuse(_self, _address):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket.socket, "connect", refuse)
    error = error_of("http://127.0.0.1/")
    said = f"http://127.0.0.1 cannot be reached ({os.strerror(number)})."
    assert (type(error), str(error)) == (Unreachable, said)


def test_a_host_that_requests_itself_refuses_is_an_error_of_the_option(error_of) -> None:
    """Nothing that an option may hold: a name that the idna package does not encode."""
    error = error_of("https://\N{SNOWMAN}\N{ZERO WIDTH JOINER}.example.com/")
    assert isinstance(error, Misconfigured)
    assert str(error).endswith("; check that address, and the proxy to it.")
