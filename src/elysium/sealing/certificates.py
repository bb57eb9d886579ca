"""Certificates in PEM: how long they are valid, and how strong their key is."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

__all__ = ["CERTIFICATE_PATH", "Certificate", "certificates_in", "has_certificate"]

CERTIFICATE_PATH = "etc/certs/pub-sealed-secrets.pem"
"""Where a repository keeps the certificate of its sealed-secrets controller."""

_BLOCK = re.compile(r"-----BEGIN (?:TRUSTED )?CERTIFICATE-----.*?-----END (?:TRUSTED )?CERTIFICATE-----", re.S)


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What one certificate says. `bits` is 0 for keys that are not RSA; `subject` may be empty."""

    subject: str
    not_before: datetime
    not_after: datetime
    key: str
    bits: int = 0


def has_certificate(text: str) -> bool:
    """Whether a text has a certificate at all; cheap."""
    return "-----BEGIN CERTIFICATE-----" in text


def certificates_in(text: str) -> tuple[Certificate, ...] | None:
    """The certificates of a PEM text in order; None when one of them cannot be read."""
    from cryptography import x509  # noqa: PLC0415 - a tenth of a second that most runs can save
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415

    found = []
    for block in _BLOCK.findall(text):
        lines = "\n".join(line.strip() for line in block.splitlines())
        try:
            parsed = x509.load_pem_x509_certificate(lines.encode())
            key = parsed.public_key()
            subject = parsed.subject.rfc4514_string()
        except ValueError:
            return None
        rsa = isinstance(key, RSAPublicKey)
        found.append(
            Certificate(
                subject=subject,
                not_before=parsed.not_valid_before_utc,
                not_after=parsed.not_valid_after_utc,
                key="RSA" if rsa else type(key).__name__.lstrip("_").removesuffix("PublicKey"),
                bits=key.key_size if isinstance(key, RSAPublicKey) else 0,
            )
        )
    return tuple(found)
