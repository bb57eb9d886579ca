"""Sealed values and their scope, as far as they can be judged without a private key.

A value is Base64 of `length ‖ R ‖ G`: the length of R in two bytes, R the session key encrypted with RSA (as long as
the modulus), G the value encrypted with AES-GCM and a tag of 16 bytes. Scope is the label of the RSA encryption, so a
value only opens where name and namespace are those that it was sealed for (sealed-secrets, `pkg/crypto`, `Scope`).
"""

from __future__ import annotations

import base64
import binascii
from enum import StrEnum
from typing import Any

__all__ = ["ANNOTATIONS", "GROUP", "Scope", "fault_of_value", "key_bytes", "scope_of"]

GROUP = "bitnami.com"

ANNOTATIONS = {
    "sealedsecrets.bitnami.com/cluster-wide": "cluster-wide",
    "sealedsecrets.bitnami.com/namespace-wide": "namespace-wide",
}
_TAG = 16
_SIZES = (128, 256, 384, 512, 768, 1024)


class Scope(StrEnum):
    """Where a sealed value may be opened."""

    STRICT = "strict"
    NAMESPACE = "namespace-wide"
    CLUSTER = "cluster-wide"

    @property
    def width(self) -> int:
        """0 for the narrowest."""
        return list(Scope).index(self)


def scope_of(annotations: Any) -> Scope:
    """The scope that annotations give: cluster-wide before namespace-wide, and only the text `true` counts."""
    if isinstance(annotations, dict):
        for name, scope in ANNOTATIONS.items():
            if annotations.get(name) == "true":
                return Scope(scope)
    return Scope.STRICT


def key_bytes(value: str) -> int:
    """How long the RSA key is that a value was sealed with, in bytes; 0 when the value cannot be read."""
    data = _decoded(value)
    return int.from_bytes(data[:2], "big") if data and len(data) > 2 else 0


def fault_of_value(value: str) -> str:
    """Why nothing can ever open this value; empty when it is well formed."""
    data = _decoded(value)
    if data is None:
        return "is not Base64"
    size = int.from_bytes(data[:2], "big") if len(data) > 2 else 0
    if size not in _SIZES:
        return "does not begin as a sealed value does"
    if len(data) < 2 + size + _TAG:
        return f"is cut off: {len(data)} bytes, where at least {2 + size + _TAG} are needed"
    return ""


def _decoded(value: str) -> bytes | None:
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
