# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a machine trusts, whose setting that is, and what is wrong with a certificate."""

from __future__ import annotations

import os
import pathlib
import socket
import ssl
import subprocess
import sys
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import Misconfigured, OptionError, Untrusted
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport
from ansible_collections.endstate.jobs.plugins.module_utils._http.trust import Trust
from ansible_collections.endstate.jobs.tests.unit.certificates import authority

VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def nothing_there(folder: pathlib.Path) -> str:
    return f"there is no file or folder {folder}."


def empty_folder(folder: pathlib.Path) -> str:
    folder.mkdir()
    return (
        f"the folder {folder} holds no CA certificates by the names that OpenSSL looks for; run openssl rehash on it."
    )


def folder_without_hashes(folder: pathlib.Path) -> str:
    said = empty_folder(folder)
    authority(folder)
    return said


def folder_of_junk(folder: pathlib.Path) -> str:
    folder.mkdir()
    (folder / "5ed36f99.0").write_text("no certificate")
    return f"the file {folder}/5ed36f99.0 holds no CA certificates in PEM format, or one that is damaged."


def no_pem(folder: pathlib.Path) -> str:
    folder.write_text("no certificate")
    return f"the file {folder} holds no CA certificates in PEM format, or one that is damaged."


def empty_file(folder: pathlib.Path) -> str:
    folder.write_text("")
    return f"the file {folder} holds no CA certificates in PEM format, or one that is damaged."


def half_a_certificate(path: pathlib.Path) -> str:
    home = path.with_name("home")
    home.mkdir()
    text = pathlib.Path(authority(home).alone).read_text()
    path.write_text(text + text[:-60])
    return f"the file {path} holds no CA certificates in PEM format, or one that is damaged."


def loop(path: pathlib.Path) -> str:
    path.symlink_to(path)
    return f"{path} cannot be read (Too many levels of symbolic links)."


BAD = [
    nothing_there,
    empty_folder,
    folder_without_hashes,
    folder_of_junk,
    no_pem,
    empty_file,
    half_a_certificate,
    loop,
]


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("make", BAD)
def test_a_useless_bundle_of_the_environment_is_named(error_of, monkeypatch, tmp_path, variable, make) -> None:
    said = make(tmp_path / "bundle")
    monkeypatch.setenv(variable, str(tmp_path / "bundle"))
    error = error_of("https://127.0.0.1:1/")
    assert (type(error), str(error)) == (Misconfigured, f"{variable}: {said}")


@pytest.mark.parametrize("make", BAD)
def test_a_ca_path_that_cannot_be_used_is_refused_before_anything_is_asked(tmp_path, make) -> None:
    said = make(tmp_path / "bundle")
    with pytest.raises(OptionError) as caught:
        Transport(ca_path=str(tmp_path / "bundle"))
    assert str(caught.value) == f"ca_path: {said}"


@pytest.fixture(params=["file", "folder"])
def unreadable(request, tmp_path) -> t.Iterator[str]:
    """A file or a folder that may not be read. Root may read everything, so that it is somebody else meanwhile."""
    path = tmp_path / "bundle"
    path.mkdir() if request.param == "folder" else path.write_text("")
    path.chmod(0)
    user = os.geteuid()
    os.seteuid(user or 65534)
    yield str(path)
    os.seteuid(user)


@pytest.mark.parametrize("variable", VARIABLES)
def test_an_unreadable_bundle_of_the_environment_is_named(error_of, monkeypatch, unreadable, variable) -> None:
    monkeypatch.setenv(variable, unreadable)
    error = error_of("https://127.0.0.1:1/")
    said = f"{variable}: {unreadable} cannot be read (Permission denied)."
    assert (type(error), str(error)) == (Misconfigured, said)


def test_an_unreadable_ca_path_is_named(unreadable) -> None:
    with pytest.raises(OptionError) as caught:
        Transport(ca_path=unreadable)
    assert str(caught.value) == f"ca_path: {unreadable} cannot be read (Permission denied)."


def test_a_key_log_that_cannot_be_written_is_named(error_of, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", f"{tmp_path}/none/keys")
    error = error_of("https://127.0.0.1:1/")
    said = f"SSLKEYLOGFILE: {tmp_path}/none/keys cannot be written (No such file or directory)."
    assert (type(error), str(error)) == (Misconfigured, said)


@pytest.mark.parametrize("make", BAD)
def test_a_bundle_that_is_not_needed_may_be_bad(server, get, monkeypatch, tmp_path, make) -> None:
    make(tmp_path / "bundle")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "bundle"))
    assert get(f"{server.url}/").status == 404
    assert Trust(False, None).context.verify_mode == ssl.CERT_NONE


def test_certificates_in_a_folder_are_trusted(listen, ca, certificate, get, tmp_path) -> None:
    folder = tmp_path / "certificates"
    folder.mkdir()
    # The name by which OpenSSL finds it.
    subject = subprocess.run(
        ["openssl", "x509", "-subject_hash", "-noout", "-in", ca.alone], capture_output=True, text=True, check=True
    )
    (folder / f"{subject.stdout.strip()}.0").write_bytes(pathlib.Path(ca.alone).read_bytes())
    (folder / "00000000.0").write_text("one that is damaged hides no other")
    server = listen(certificate("127.0.0.1", issuer=ca).server)
    assert get(f"{server.url}/", ca_path=str(folder)).status == 200


def test_the_certificates_are_read_once(listen, ca, certificate, tmp_path) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes(pathlib.Path(ca.alone).read_bytes())
    server = listen(certificate("127.0.0.1", issuer=ca).server)
    transport = Transport(ca_path=str(path))
    path.unlink()
    assert transport.send("GET", f"{server.url}/", auth=lambda request: request).status == 200
    transport.close()


ANOTHER = "unable to get local issuer certificate"
SELF_SIGNED = "self-signed certificate"


@pytest.mark.parametrize("setting", ["", "ca_path", *VARIABLES])
@pytest.mark.parametrize(
    ("is_issued", "why", "what"), [(True, ANOTHER, "the CA that issued it"), (False, SELF_SIGNED, "that certificate")]
)
def test_a_certificate_of_an_unknown_issuer_is_refused(
    listen, ca, certificate, error_of, monkeypatch, tmp_path, setting, is_issued, why, what
) -> None:
    other = authority(tmp_path).alone
    if setting in VARIABLES:
        monkeypatch.setenv(setting, other)
    server = listen(certificate("127.0.0.1", issuer=ca if is_issued else None).server)
    error = error_of(f"{server.url}/", ca_path=other if setting == "ca_path" else None)
    mend = {
        "": f"; name {what} with ca_path.",
        "ca_path": f": {what} is not in ca_path ({other}); name the right file.",
    }.get(setting, f": {what} is not in {setting} ({other}); add it there, or name it with ca_path.")
    assert (type(error), server.requests) == (Untrusted, [])
    assert str(error) == f"The certificate of {server.url} is not trusted ({why}){mend}"


OTHERWISE_WRONG = {
    "expired": ({"days": (-30, -1)}, "has expired; it must be renewed on that server."),
    "not valid yet": (
        {"days": (1, 30)},
        "is not valid yet; compare the clock of that server with this machine's.",
    ),
    "for other names": (
        {"names": ("fw.example.com", "10.0.0.1")},
        "is for another name (fw.example.com; 10.0.0.1); use the one that it was issued for.",
    ),
}


@pytest.mark.parametrize(("how", "said"), OTHERWISE_WRONG.values(), ids=OTHERWISE_WRONG)
def test_each_fault_of_a_certificate_has_its_own_remedy(listen, ca, certificate, error_of, how, said) -> None:
    how = {"names": ("127.0.0.1",), **how}
    server = listen(certificate(*how.pop("names"), issuer=ca, **how).server)
    error = error_of(f"{server.url}/", ca_path=ca.alone)
    assert (type(error), str(error)) == (Untrusted, f"The certificate of {server.url} {said}")
    assert server.requests == []


def test_a_certificate_without_a_name_is_refused(listen, ca, certificate, error_of) -> None:
    server = listen(certificate(issuer=ca).server)
    url = server.url.replace("127.0.0.1", "localhost")  # urllib3 1.26 takes the common name for the address
    said = f"The certificate of {url} has no subjectAltName, and no other name counts; it must be reissued with one."
    assert str(error_of(f"{url}/", ca_path=ca.alone)) == said


def test_a_certificate_for_another_name_is_refused_behind_a_proxy(ca) -> None:
    """Where no second connection can be made to look at it."""
    error = ssl.SSLCertVerificationError()
    error.verify_code = 62
    said = "The certificate of https://api is for another name; use the one that it was issued for."
    assert str(Trust(True, ca.alone).explain(error, "https://api", 0.0)) == said


STRICT = ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN if sys.version_info >= (3, 10) else 0


def strict(ca_path: str, url: str) -> str:
    """What comes of one handshake with Python 3.13's defaults, which other versions can be told to have."""
    trust = Trust(True, ca_path)
    trust.context.verify_flags |= STRICT
    host, _colon, port = url.removeprefix("https://").partition(":")
    try:
        with (
            socket.create_connection((host, int(port))) as plain,
            trust.context.wrap_socket(plain, server_hostname=host),
        ):
            return "trusted"
    except ssl.SSLCertVerificationError as error:
        return str(trust.explain(error, url, 0.0))


def test_a_certificate_that_only_newer_pythons_refuse_is_explained(listen, ca, certificate) -> None:
    shown = certificate("127.0.0.1", issuer=ca, key_identifiers=False)
    server = listen(shown.server)
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    assert strict(ca.alone, server.url) == (
        f"The certificate of {server.url} breaks a rule that {python} checks (Missing Authority Key Identifier); have it "
        "reissued, or name the server's own certificate with ca_path."
    )
    assert strict(shown.alone, server.url) == "trusted"
