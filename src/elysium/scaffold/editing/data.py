"""What YAML says, apart from how it is written: for comparing, and for finding a document."""

from __future__ import annotations

import re
from typing import Any

from elysium.scaffold.editing.errors import EditError
from elysium.scaffold.editing.nodes import Alias, Mapping, Node, Scalar, Sequence, parsed

__all__ = ["Data", "data", "load_documents", "plain", "same_item", "select"]

Data = Any
"""Mappings as dicts, lists as lists; a scalar as (value, whether it is plain, tag), an alias as ("*", name)."""

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})(?:[eE][-+]?[0-9]{1,2})?")
_CONSTANTS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    form: value for word, value in (("true", True), ("false", False)) for form in (word, word.title(), word.upper())
}
_NAMES = ("name", "path", "mountPath")
_PARTS = ("kind", "namespace", "valuesKey", "subPath", *_NAMES)


def data(node: Node | None) -> Data:
    """What a node says, so that equal means the same to every reader."""
    match node:
        case Mapping():
            return {_key(key): data(value) for key, value in node.pairs}
        case Sequence():
            return [data(item) for item in node.items]
        case Alias():
            return ("*", node.name)
        case Scalar():
            return (node.value, not node.style and node.tag is None, node.tag)
        case _:
            return None


def plain(node: Node | None, anchors: dict[str, Any] | None = None) -> Any:
    """The value of a node in Python's types (YAML 1.2's core schema); an alias is the value of its anchor."""
    known = {} if anchors is None else anchors
    value: Any = None
    match node:
        case Mapping():
            value = {_key(key): plain(item, known) for key, item in node.pairs}
        case Sequence():
            value = [plain(item, known) for item in node.items]
        case Alias():
            return known.get(node.name)
        case Scalar():
            value = _value(node)
    if node is not None and node.anchor:
        known[node.anchor] = value
    return value


def load_documents(text: str, *, file: str = "") -> list[Any]:
    """The documents of a YAML text in Python's types. Raises EditError for what is no YAML."""
    return [plain(root) for root in parsed(text, file=file)]


def select(text: str, *, kind: str, name: str = "", namespace: str = "", file: str = "") -> int:
    """The number of the one document with an object of that kind and name. Raises EditError for none or several."""
    found = [
        index
        for index, root in enumerate(parsed(text, file=file))
        if (identity := object_identity(root)) is not None
        and identity[0] == kind
        and name in ("", identity[2])
        and namespace in ("", identity[1])
    ]
    if len(found) != 1:
        wanted = f"{kind} {name}".strip()
        raise EditError(f"{'no' if not found else 'more than one'} {wanted} in this file", file=file)
    return found[0]


def object_identity(root: Node | None) -> tuple[str, str, str] | None:
    """Kind, namespace and name of the object in a document."""
    body = plain(root)
    metadata = body.get("metadata") if isinstance(body, dict) else None
    if not isinstance(metadata, dict):
        return None
    kind, namespace, name = body.get("kind"), metadata.get("namespace", ""), metadata.get("name")
    texts = isinstance(kind, str) and isinstance(namespace, str) and isinstance(name, str)
    return (str(kind), str(namespace), str(name)) if texts else None


def same_item(one: Any, other: Any) -> bool:
    """Whether two items of a list (in Python's types) stand for the same: equal, or mappings that name the same thing.

    An item whose other keys a person changed is still the item that was entered.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one == other or _same_names(one, other)
    if isinstance(one, (dict, list)) or isinstance(other, (dict, list)):
        return bool(one == other)
    return _path(one) == _path(other)


def _same_names(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if not any(name in one and one.get(name) == other.get(name) for name in _NAMES):
        return False
    if "target" in one and "target" in other and one["target"] != other["target"]:
        return False
    return all(one.get(part) == other.get(part) for part in _PARTS)


def _path(value: Any) -> str:
    """`./x` and `x/` are `x` to Kustomize."""
    text = str(value)
    while text.startswith("./") and len(text) > 2:
        text = text[2:]
    return text.rstrip("/") or text


def _key(node: Node) -> str:
    return node.value if isinstance(node, Scalar) else repr(data(node))


def _value(node: Scalar) -> Any:
    if node.style or node.tag is not None:
        return node.value
    if node.value in _CONSTANTS:
        return _CONSTANTS[node.value]
    if _INTEGER.fullmatch(node.value):
        return int(node.value)
    return float(node.value) if _FLOAT.fullmatch(node.value) else node.value
