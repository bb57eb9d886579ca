"""Encrypt as `age` and SOPS do, for tests: one recipient, values of a mapping."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import textwrap
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["AgeKey", "Sealer"]

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


class AgeKey:
    """An age identity."""

    def __init__(self) -> None:
        private = X25519PrivateKey.generate()
        self.public = private.public_key().public_bytes_raw()
        self.text = _bech32("age-secret-key-", private.private_bytes_raw()).upper()

    def encrypt(self, plain: bytes) -> str:
        """An armored file that this identity opens."""
        file_key, ephemeral = os.urandom(16), X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.public))
        wrapping = _derived(shared, share + self.public, b"age-encryption.org/v1/X25519")
        body = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
        header = b"age-encryption.org/v1\n-> X25519 " + _plain64(share) + b"\n" + _plain64(body) + b"\n---"
        mac = hmac.new(_derived(file_key, b"", b"header"), header, hashlib.sha256).digest()
        nonce = os.urandom(16)
        sealed = ChaCha20Poly1305(_derived(file_key, nonce, b"payload")).encrypt(bytes(11) + b"\1", plain, None)
        text = base64.b64encode(header + b" " + _plain64(mac) + b"\n" + nonce + sealed).decode()
        lines = textwrap.wrap(text, 64)
        return "\n".join(["-----BEGIN AGE ENCRYPTED FILE-----", *lines, "-----END AGE ENCRYPTED FILE-----"])


class Sealer:
    """Encrypts values of SOPS documents for one identity."""

    def __init__(self, key: AgeKey) -> None:
        self._data_key = os.urandom(32)
        self._wrapped = key.encrypt(self._data_key)

    def value(self, plain: str, *path: str) -> str:
        """One encrypted value, at its place in the document."""
        nonce = os.urandom(32)
        place = "".join(f"{part}:" for part in path).encode()
        sealed = AESGCM(self._data_key).encrypt(nonce, plain.encode(), place)
        parts = {"data": sealed[:-16], "iv": nonce, "tag": sealed[-16:]}
        inside = ",".join(f"{name}:{base64.b64encode(part).decode()}" for name, part in parts.items())
        return f"ENC[AES256_GCM,{inside},type:str]"

    def metadata(self, encrypted_regex: str = "") -> str:
        """The `sops` part of a YAML document."""
        indented = textwrap.indent(self._wrapped, " " * 12)
        rule = f"    encrypted_regex: {encrypted_regex}\n" if encrypted_regex else ""
        return (
            f"sops:\n    age:\n        - recipient: age1test\n          enc: |\n{indented}\n"
            f'    lastmodified: "2026-01-01T00:00:00Z"\n    mac: {self.value("mac")}\n{rule}    version: 3.9.0\n'
        )

    def object(self, head: str, field: str, values: Mapping[str, str]) -> str:
        """A YAML object with one encrypted mapping."""
        lines = "".join(f"    {key}: {self.value(text, field, key)}\n" for key, text in values.items())
        return f"{head}{field}:\n{lines}{self.metadata(f'^({field})$')}"


def _derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt or None, info=info).derive(secret)


def _plain64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _bech32(prefix: str, data: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[start : start + 5], 2) for start in range(0, len(bits), 5)]
    expanded = [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]
    checked = _polymod([*expanded, *values, *[0] * 6]) ^ 1
    values += [(checked >> 5 * (5 - place)) & 31 for place in range(6)]
    return prefix + "1" + "".join(_LETTERS[value] for value in values)


def _polymod(values: list[int]) -> int:
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            state ^= generator if top >> place & 1 else 0
    return state
