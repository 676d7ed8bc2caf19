# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""APIs that demand a certificate: who is shown it, and what is wrong with one that cannot be used."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import ssl
import typing as t

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ansible_collections.endstate.jobs.plugins.module_utils._errors import (
    OptionError,
    Unauthorized,
    Unreachable,
)
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport
from ansible_collections.endstate.jobs.tests.unit.certificates import Certificate, Maker, authority
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback

VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@pytest.fixture(params=VERSIONS, ids=lambda version: version.name)
def demanding(request, listen, ca: Certificate, certificate: Maker) -> Loopback:
    """A server that lets nobody in without a certificate of the CA."""
    return listen(demanding_one(certificate("127.0.0.1", issuer=ca), ca, request.param))


def demanding_one(
    server: Certificate, ca: Certificate, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> ssl.SSLContext:
    context = server.server
    context.minimum_version = context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ca.alone)
    return context


def key_file(own: Certificate, password: bytes | None = None) -> str:
    """A file with the key alone."""
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    path = own.path.with_suffix(".key")
    path.write_bytes(own.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption))
    return str(path)


def test_a_certificate_and_its_key_in_one_file_let_us_in(demanding, ca, certificate, get) -> None:
    assert get(f"{demanding.url}/", ca_path=ca.alone, client_cert=str(certificate(issuer=ca).path)).status == 200


def test_a_key_in_a_file_of_its_own_lets_us_in(demanding, ca, certificate, get, monkeypatch) -> None:
    own = certificate(issuer=ca)
    monkeypatch.setenv("KEYS", str(own.path.parent))
    files = {"client_cert": own.alone, "client_key": f"$KEYS/{pathlib.Path(key_file(own)).name}"}
    assert get(f"{demanding.url}/", ca_path=ca.alone, **files).status == 200


def test_a_server_is_checked_no_less_if_it_is_shown_a_certificate(
    demanding, certificate, ca, error_of, tmp_path
) -> None:
    other, own = authority(tmp_path, "Another CA"), certificate(issuer=ca)
    error = error_of(f"{demanding.url}/", ca_path=other.alone, client_cert=str(own.path))
    assert (error.kind, demanding.requests) == ("certificate", [])


def test_an_api_that_demands_a_certificate_is_not_asked_again_without_one(demanding, ca, error_of) -> None:
    error = error_of(f"{demanding.url}/", ca_path=ca.alone)
    if isinstance(error, Unauthorized):  # TLS 1.3 says what is wrong
        said = f"{demanding.url} asks for a client certificate; set client_cert, and client_key if the key is apart."
        assert str(error) == said
    else:
        assert isinstance(error, Unreachable)
        assert str(error).endswith("; if it asks for a client certificate, set client_cert.")
    assert demanding.requests == []


@pytest.mark.parametrize(
    ("issuer", "days", "why"), [("Another CA", (-1, 30), "unknown ca"), (None, (-9, -2), "certificate expired")]
)
def test_a_certificate_that_is_refused_is_not_shown_again(
    demanding, ca, certificate, error_of, tmp_path, issuer, days, why
) -> None:
    own = certificate(issuer=authority(tmp_path, issuer) if issuer else ca, days=days)
    error = error_of(f"{demanding.url}/", ca_path=ca.alone, client_cert=str(own.path))
    said = f"{demanding.url} does not accept the client certificate ({why}); check client_cert."
    assert (type(error), str(error)) == (Unauthorized, said)


def test_no_proxy_is_shown_the_certificate(listen, ca, certificate, get, error_of) -> None:
    """One that demands a certificate lets nobody through, though there is one for the API."""
    own = str(certificate(issuer=ca).path)
    proxy = listen(demanding_one(certificate("127.0.0.1", issuer=ca), ca))
    error = error_of("https://api.example.com/", proxy=proxy.url, ca_path=ca.alone, client_cert=own)
    assert str(error).startswith("The proxy for https://api.example.com cannot be used (")
    assert "certificate required" in str(error)
    assert proxy.requests == []
    assert get(f"{proxy.url}/", ca_path=ca.alone, client_cert=own).status == 200


@dataclasses.dataclass(frozen=True)
class Files:
    """What is wrong with two files. ``cert``, ``key`` and ``said`` are given the folder."""

    cert: t.Callable[[Certificate], str]
    said: str
    key: t.Callable[[Certificate], str | None] = lambda _own: None


def written(name: str, text: str | bytes) -> t.Callable[[Certificate], str]:
    def write(own: Certificate) -> str:
        path = own.path.with_name(name)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def in_one_file(own: Certificate) -> str:
    return str(own.path)


def alone(own: Certificate) -> str:
    return own.alone


def with_password(own: Certificate) -> str:
    path = own.path.with_name("both")
    path.write_text(pathlib.Path(own.alone).read_text() + pathlib.Path(key_file(own, b"pass")).read_text())
    return str(path)


def der(own: Certificate) -> str:
    return written("der", own.certificate.public_bytes(serialization.Encoding.DER))(own)


def half(own: Certificate) -> str:
    return written("half", pathlib.Path(own.alone).read_text()[:-60])(own)


def of_another_type(own: Certificate) -> str:
    key = rsa.generate_private_key(65537, 2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return written("rsa", key.private_bytes(*form))(own)


def of_another(own: Certificate) -> str:
    return key_file(authority(own.path.parent, "Another"))


NO_CERTIFICATE = "client_cert: the file {cert} holds no certificate in PEM format, or one that is damaged."
NO_KEY = "client_key: the file {key} holds no private key in PEM format, or one that is damaged."
OTHER_KEY = (
    "client_key: the key in {key} does not belong to the certificate in {cert}; name the key that it was issued for."
)
PASSWORD = "has a password, which cannot be given; name a file with a key without one (openssl pkey writes it)."
BAD = {
    "no file": Files(lambda own: f"{own.path.parent}/none", "client_cert: there is no file {cert}."),
    "a null character": Files(lambda _own: "a\0b", "client_cert: there is no file a b."),
    "a folder": Files(lambda own: str(own.path.parent), "client_cert: {cert} cannot be read (Is a directory)."),
    "an empty file": Files(written("empty", ""), NO_CERTIFICATE),
    "other text": Files(written("text", "no certificate"), NO_CERTIFICATE),
    "half a certificate": Files(half, NO_CERTIFICATE),
    "a certificate in DER": Files(der, NO_CERTIFICATE, key_file),
    "a key for a certificate": Files(key_file, NO_CERTIFICATE),
    "no key at all": Files(
        alone, "client_cert: the file {cert} holds no private key in PEM format; name its file with client_key."
    ),
    "a key with a password beside its certificate": Files(with_password, "client_cert: the key in {cert} " + PASSWORD),
    "no file for the key": Files(alone, "client_key: there is no file {key}.", lambda own: f"{own.path.parent}/none"),
    "an empty file for the key": Files(alone, NO_KEY, written("empty", "")),
    "a certificate for a key": Files(alone, NO_KEY, alone),
    "the key of another certificate": Files(alone, OTHER_KEY, of_another),
    "a key of another type": Files(alone, OTHER_KEY, of_another_type),
    "a key with a password": Files(
        alone, "client_key: the key in {key} " + PASSWORD, lambda own: key_file(own, b"pass")
    ),
}


@pytest.mark.parametrize("files", BAD.values(), ids=BAD)
def test_a_certificate_that_cannot_be_used_is_refused_before_anything_is_asked(certificate, files) -> None:
    own = certificate()
    cert, key = files.cert(own), files.key(own)
    with pytest.raises(OptionError) as caught:
        Transport(client_cert=cert, client_key=key)
    assert str(caught.value) == files.said.format(cert=cert, key=key)


def test_a_file_that_this_user_may_not_read_is_named(tmp_path) -> None:
    path = tmp_path / "own.pem"
    path.write_text("")
    path.chmod(0)
    user = os.geteuid()
    os.seteuid(user or 65534)  # root may read everything
    try:
        with pytest.raises(OptionError) as caught:
            Transport(client_cert=str(path))
    finally:
        os.seteuid(user)
    assert str(caught.value) == f"client_cert: {path} cannot be read (Permission denied)."
