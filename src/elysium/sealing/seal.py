"""Seal a value for the holder of a certificate's key, and open it again with that key.

The form is the one of sealed-secrets (`pkg/crypto`): a fresh AES key of 32 bytes, encrypted with RSA-OAEP (SHA-256 for
the hash and for MGF1, the scope as label), then the value under AES-256-GCM. The nonce is zero because each key is used
once. Each sealing of the same value differs.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from elysium.errors import SealingError
from elysium.sealing.sealed import Scope

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.padding import OAEP
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

__all__ = ["first_certificate", "label_of", "public_key_of", "seal_value", "unseal_value"]

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.S)
_PRIVATE_KEY = re.compile(r"-----BEGIN (RSA )?PRIVATE KEY-----.*?-----END (RSA )?PRIVATE KEY-----", re.S)
_NONCE = bytes(12)
_SESSION = 32
_GET_ONE = "give the controller's certificate, as `kubeseal --fetch-cert` prints it"


def label_of(scope: Scope, namespace: str, name: str) -> bytes:
    """What binds a sealed value to its place. Strict: `namespace/name`, with the slash."""
    if scope is Scope.CLUSTER:
        return b""
    return namespace.encode() if scope is Scope.NAMESPACE else f"{namespace}/{name}".encode()


def seal_value(certificate_pem: str, value: bytes, label: bytes) -> str:
    """A value that only the holder of the certificate's key can open, and only with the same label.

    Raises SealingError when the certificate cannot be used.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see `public_key_of`

    session = os.urandom(_SESSION)
    wrapped = public_key_of(certificate_pem).encrypt(session, _padding(label))
    data = len(wrapped).to_bytes(2, "big") + wrapped + AESGCM(session).encrypt(_NONCE, value, None)
    return base64.b64encode(data).decode()


def unseal_value(private_keys_pem: str, text: str, label: bytes) -> bytes | None:
    """What was sealed, with the first of the private keys that opens it; None when none does."""
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    size = int.from_bytes(data[:2], "big")
    opened = (_opened(key, data[2 : 2 + size], data[2 + size :], label) for key in _private_keys(private_keys_pem))
    return next((value for value in opened if value is not None), None)


def first_certificate(text: str) -> str:
    """The first certificate of a text, the one that kubeseal takes, by itself. Raises SealingError for none."""
    found = _CERTIFICATE.search(text)
    if found is None:
        raise SealingError("there is no certificate in this PEM text", hint=_GET_ONE)
    return f"{_stripped(found.group())}\n"


def public_key_of(certificate_pem: str) -> RSAPublicKey:
    """The key of the first certificate of a PEM text.

    Raises SealingError when there is none, when it has expired, or when its key is not RSA.
    """
    from cryptography import x509  # noqa: PLC0415 - a tenth of a second that most runs can save
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415

    try:
        parsed = x509.load_pem_x509_certificate(first_certificate(certificate_pem).encode())
        key = parsed.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SealingError("the certificate cannot be read", hint=_GET_ONE) from error
    if datetime.now(UTC) > parsed.not_valid_after_utc:
        day = parsed.not_valid_after_utc
        message = f"failed to encrypt using an expired certificate on {day:%B} {day.day}, {day.year}"
        raise SealingError(message, hint="fetch the controller's current certificate: `kubeseal --fetch-cert`")
    if not isinstance(key, RSAPublicKey):
        raise SealingError("the certificate's key is not RSA, which is what sealed-secrets uses", hint=_GET_ONE)
    return key


def _opened(key: RSAPrivateKey, wrapped: bytes, sealed: bytes, label: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        return AESGCM(key.decrypt(wrapped, _padding(label))).decrypt(_NONCE, sealed, None)
    except (ValueError, InvalidTag):
        return None


def _private_keys(text: str) -> tuple[RSAPrivateKey, ...]:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    blocks = (_stripped(found.group()).encode() for found in _PRIVATE_KEY.finditer(text))
    try:
        keys = [load_pem_private_key(block, None) for block in blocks]
    except (ValueError, TypeError) as error:
        raise SealingError("a private key cannot be read", hint="give PEM text with RSA keys") from error
    return tuple(key for key in keys if isinstance(key, RSAPrivateKey))


def _padding(label: bytes) -> OAEP:
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    return OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=label)


def _stripped(block: str) -> str:
    return "\n".join(line.strip() for line in block.splitlines())
