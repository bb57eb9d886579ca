"""Opaque tokens: what stands for a secret value that is not known offline (docs/engine-protocol.md)."""

from __future__ import annotations

import hashlib
import re

__all__ = ["TOKEN", "is_opaque", "opaque_token"]

TOKEN = re.compile(r"opaque-[0-9a-f]{12}")
"""A token inside any text."""


def opaque_token(namespace: str, name: str, key: str) -> str:
    """The token for one key of a Secret. It depends on the reference alone, so the same input renders to the same
    bytes.
    """
    reference = f"Secret/{namespace}/{name}/{key}"
    return f"opaque-{hashlib.sha256(reference.encode()).hexdigest()[:12]}"


def is_opaque(text: str) -> bool:
    """Whether a token takes part in this text."""
    return TOKEN.search(text) is not None
