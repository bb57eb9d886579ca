"""Secrets with placeholders for their values: the server judges their form and never sees what they hold.

What the server asks of each type stays true, and what breaks it stays broken (k8s.io/kubernetes,
`pkg/apis/core/validation`, `ValidateSecret`): texts that are no Base64, credentials of registries that are no JSON,
empty keys, and the size. A value that changes changes its placeholder, so that an immutable Secret is refused as it
would be. The placeholders of one process are those of no other: from none can a value be guessed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from typing import Any

from elysium.model import RenderedObject
from elysium.rehearse.types import Phase, Unknown
from elysium.sealing import is_opaque

__all__ = ["placeholder", "with_placeholders"]

_SALT = secrets.token_bytes(32)
_DOCKER = {
    ("kubernetes.io/dockerconfigjson", ".dockerconfigjson"): b'{"auths":{}}',
    ("kubernetes.io/dockercfg", ".dockercfg"): b"{}",
}
_STEP = 16
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def with_placeholders(
    item: RenderedObject, body: dict[str, Any], phase: Phase
) -> tuple[dict[str, Any], tuple[Unknown, ...]]:
    """The Secret with its keys, type and metadata, and other values. Nothing becomes unknown by that."""
    changed = dict(body)
    kind = str(body.get("type") or "")
    for field, change in (("data", _encoded), ("stringData", _plain)):
        values = body.get(field)
        if isinstance(values, dict):
            changed[field] = {key: change(kind, key, value) for key, value in values.items()}
        elif values is not None:
            changed[field] = _emptied(values)
    metadata = body.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if isinstance(metadata, dict) and isinstance(annotations, dict) and _LAST_APPLIED in annotations:
        changed["metadata"] = metadata | {"annotations": annotations | {_LAST_APPLIED: "{}"}}
    return changed, ()


def placeholder(value: bytes) -> bytes:
    """Letters in place of a value: the same for the same value in this process, about as long, empty for nothing."""
    if not value:
        return b""
    length = -(-len(value) // _STEP) * _STEP
    digest = hmac.new(_SALT, value, hashlib.sha256).hexdigest().encode()
    return (b"placeholder-" + digest * (length // len(digest) + 1))[:length]


def _encoded(kind: str, key: str, value: Any) -> Any:
    """A value of `data`. One that is no Base64 is refused by the server, and so is what stands for it."""
    if not isinstance(value, str):
        return _emptied(value)
    try:
        decoded = base64.b64decode(value.replace("\n", "").replace("\r", ""), validate=True)
    except (ValueError, binascii.Error):
        if not is_opaque(value):
            return "no Base64!"
        decoded = value.encode()
    return base64.b64encode(_typed(kind, key, decoded)).decode()


def _plain(kind: str, key: str, value: Any) -> Any:
    return _typed(kind, key, value.encode()).decode() if isinstance(value, str) else _emptied(value)


def _typed(kind: str, key: str, value: bytes) -> bytes:
    """The placeholder as the type of the Secret asks for it; credentials that are no JSON stay none."""
    stand_in = placeholder(value)
    sound = _DOCKER.get((kind, key))
    if sound is None or not (is_opaque(value.decode(errors="replace")) or _is_object(value)):
        return stand_in
    return sound[:-1] + (b"," if len(sound) > 2 else b"") + b'"placeholder":"' + stand_in + b'"}'


def _is_object(value: bytes) -> bool:
    try:
        return isinstance(json.loads(value), dict)
    except (ValueError, RecursionError):
        return False


def _emptied(value: Any) -> Any:
    """A value of the wrong type keeps its type: the server refuses it, and says nothing of what it is."""
    return type(value)() if isinstance(value, (bool, int, float, list, dict, str)) else None
