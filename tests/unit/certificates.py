# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates of a CA for tests, right and wrong in any way."""

from __future__ import annotations

import dataclasses
import datetime
import ipaddress
import pathlib
import ssl
import typing as t

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclasses.dataclass(frozen=True)
class Certificate:
    """A certificate and its key, in one PEM file and as objects."""

    path: pathlib.Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def alone(self) -> str:
        """The path of a PEM file with the certificate and without the key."""
        path = self.path.with_suffix(".crt")
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return str(path)

    @property
    def server(self) -> ssl.SSLContext:
        """The settings of a server that shows it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context


class Maker(t.Protocol):
    """Makes certificates below a folder of the test."""

    def __call__(
        self,
        *names: str,
        issuer: Certificate | None = None,
        days: tuple[int, int] = (-1, 30),
        key_identifiers: bool = True,
    ) -> Certificate:
        """A certificate for a server.

        :param names: what is in its subjectAltName; with none it has no such field.
        :param issuer: the CA; ``None``: it is self-signed.
        :param days: when it begins and ends, from now.
        :param key_identifiers: whether it has those that ``VERIFY_X509_STRICT`` wants.
        """


def maker(folder: pathlib.Path) -> Maker:
    """Makes certificates in the folder."""

    def make(
        *names: str,
        issuer: Certificate | None = None,
        days: tuple[int, int] = (-1, 30),
        key_identifiers: bool = True,
    ) -> Certificate:
        builder = _builder("127.0.0.1", days)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), False)
        return _signed(folder, builder, "127.0.0.1", issuer, key_identifiers)

    return make


def authority(folder: pathlib.Path, name: str = "A CA for tests") -> Certificate:
    """A CA."""
    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    builder = _builder(name, (-1, 30)).add_extension(x509.BasicConstraints(True, None), True).add_extension(usage, True)
    return _signed(folder, builder, name, None, True)


def _builder(name: str, days: tuple[int, int]) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.timezone.utc)
    begin, end = (now + datetime.timedelta(days=one) for one in days)
    return (
        x509.CertificateBuilder()
        .subject_name(_subject(name))
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
    )


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general_name(name: str) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)


def _signed(
    folder: pathlib.Path, builder: x509.CertificateBuilder, name: str, issuer: Certificate | None, key_identifiers: bool
) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    issuers_key = issuer.key if issuer else key
    builder = builder.public_key(key.public_key())
    builder = builder.issuer_name(issuer.certificate.subject if issuer else _subject(name))
    if key_identifiers:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuers_key.public_key())
        builder = builder.add_extension(identifier, False)
    certificate = builder.sign(issuers_key, hashes.SHA256())
    path = folder / f"{certificate.serial_number:x}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return Certificate(path, certificate, key)
