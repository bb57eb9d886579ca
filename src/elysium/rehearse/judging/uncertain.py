"""Whether a value that only the cluster holds takes part in a refusal."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

import msgspec

from elysium.cluster.protocol import Entry
from elysium.rehearse.judging.causes import field_of, is_immutability
from elysium.sealing import TOKEN, is_opaque

__all__ = ["takes_part"]

_SEGMENT = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")
_KEYED = re.compile(r'(\w+)="([^"]*)"')
_NO_FIELD = {"", "<nil>", "[]"}
_CHANGEABLE = {"template", "replicas", "updateStrategy", "minReadySeconds", "revisionHistoryLimit", "ordinals"}
"""What may change of a StatefulSet's spec, of which the server only says that the rest may not."""


def takes_part(entry: Entry, body: Any, before: Any = None) -> bool:
    """Whether the refused object holds an opaque token in a field that the server names, or anywhere if it names none.

    `before` is the object as it was rendered for the base. Where it differs from the head in more than tokens, what
    must not change does change, whatever the tokens stand for.
    """
    body, before = _readable(body), _readable(before)
    places = [item.field for item in entry.causes if item.field not in _NO_FIELD] or [field_of(entry)]
    found = [path for path in places if _holds(_part(entry, body, path))]
    if before is not None and is_immutability(entry):
        found = [path for path in found if _masked(_part(entry, body, path)) == _masked(_part(entry, before, path))]
    return bool(found)


def _part(entry: Entry, body: Any, path: str) -> Any:
    value = _below(body, path)
    if entry.object.kind == "StatefulSet" and path == "spec" and isinstance(value, dict):
        return {key: inner for key, inner in value.items() if key not in _CHANGEABLE}
    return value


def _readable(body: Any) -> Any:
    """A Secret with its data decoded, so that tokens show; anything else as it is."""
    if not isinstance(body, dict) or body.get("kind") != "Secret" or not isinstance(body.get("data"), dict):
        return body
    return {**body, "data": {key: _decoded(value) for key, value in body["data"].items()}}


def _decoded(value: Any) -> Any:
    try:
        return base64.b64decode(value, validate=True).decode() if isinstance(value, str) else value
    except (binascii.Error, ValueError):
        return value


def _holds(value: Any) -> bool:
    return is_opaque(_text(value))


def _masked(value: Any) -> str:
    return TOKEN.sub("opaque", _text(value))


def _text(value: Any) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def _below(value: Any, path: str) -> Any:
    """The value at a path such as `spec.containers[0].image` or `spec.containers[name="app"].image`, or as far as it
    goes: the server also names fields that it filled in itself.
    """
    for index, name in _SEGMENT.findall(path.removeprefix(".")):
        inner = _step(value, name or index)
        if inner is None:
            return value
        value = inner
    return value


def _step(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return value.get(key)
    if not isinstance(value, list):
        return None
    if key.isdigit():
        return value[int(key)] if int(key) < len(value) else None
    wanted = dict(_KEYED.findall(key))
    return next((item for item in value if isinstance(item, dict) and wanted and _fits(item, wanted)), None)


def _fits(item: dict[str, Any], wanted: dict[str, str]) -> bool:
    return all(str(item.get(name)) == text for name, text in wanted.items())
