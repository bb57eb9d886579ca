"""Throw-away keys and certificates for an API server on loopback."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from elysium.kit import files

__all__ = ["Certificates", "make"]

_LIFE = datetime.timedelta(days=7)


class Certificates(msgspec.Struct, frozen=True, kw_only=True):
    """Files, readable by their owner only: the server's certificate, which is its own authority, and the keys."""

    certificate: Path
    key: Path
    signer: Path
    verifier: Path


def make(directory: Path) -> Certificates:
    """Write a fresh set: a certificate for 127.0.0.1, and a pair of keys for the tokens of service accounts."""
    key, signer = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    contents = {
        "server.crt": _certificate(key).public_bytes(Encoding.PEM),
        "server.key": _private(key),
        "accounts.key": _private(signer),
        "accounts.pub": signer.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    }
    for name, content in contents.items():
        files.write_atomically(directory / name, content)
    certificate, key_file, signer_file, verifier = (directory / name for name in contents)
    return Certificates(certificate=certificate, key=key_file, signer=signer_file, verifier=verifier)


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rehearsal")])
    now = datetime.datetime.now(datetime.UTC)
    addresses = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
