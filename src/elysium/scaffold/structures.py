"""What a merge of YAML must say: the three-way merge of the values, without any lines.

Lines that touch each other may still be independent: two keys of a mapping, two items of a list. A text merged by
lines is right when its values are those that both changes together make.
"""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.scaffold.editing.data import data
from elysium.scaffold.editing.errors import EditError
from elysium.scaffold.editing.nodes import Mapping, Node, Scalar, Sequence, parsed
from elysium.scaffold.editing.places import walk

__all__ = ["Problem", "agree", "broken_by_merging"]

_LARGEST = 200_000
_MISSING = object()
_NAMES = ("apiVersion", "kind", "namespace", "name", "path", "mountPath", "subPath", "valuesKey")


class _Disagreement(Exception):
    """Both sides say something else about the same value."""


class _Keyed(dict[Any, Any]):
    """A list whose items are told apart by what they name; their order is not compared."""


def agree(base: str, ours: str, theirs: str, merged: str) -> bool:
    """Whether all texts are YAML, and `merged` says what the changes of both sides make together."""
    texts = (base, ours, theirs, merged)
    if max(map(len, texts)) > _LARGEST:
        return False
    roots = [_structured(text) for text in texts]
    if any(root is None or _twice(root, lists=False) for root in roots):
        return False
    before, here, proposed, result = ([data(root) for root in found or []] for found in roots)
    try:
        expected = _merged_documents(before, here, proposed)
    except (_Disagreement, RecursionError):
        return False
    return _equal(expected, result)


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a merged text cannot be right, and the name of what is in it twice."""

    text: str
    name: str = ""


def broken_by_merging(texts: tuple[str, ...], merged: str) -> Problem | None:
    """What is wrong with a merged text of three that were right; None when nothing is, or when they are not YAML."""
    if max(map(len, (*texts, merged))) > _LARGEST:
        return None
    found = [_structured(text) for text in texts]
    if any(roots is None or _twice(roots) for roots in found):
        return None
    roots = _structured(merged)
    if roots is None:
        return Problem(text="both changes together are not valid YAML")
    twice = _twice(roots)
    return Problem(text=f"both changes together have `{twice}` twice in one place", name=twice) if twice else None


def _structured(text: str) -> list[Node | None] | None:
    """The documents of a text, when they are mappings or lists: anything else is not YAML that we know how to merge."""
    try:
        roots = parsed(text)
    except EditError:
        return None
    return roots if roots and all(isinstance(root, (Mapping, Sequence)) for root in roots) else None


def _twice(roots: list[Node | None], *, lists: bool = True) -> str:
    """A key that stands twice in one mapping, or (with `lists`) a text that stands twice in one list."""
    for root in roots:
        for node, _ in walk(root):
            nodes = [key for key, _ in node.pairs] if isinstance(node, Mapping) else []
            if lists and isinstance(node, Sequence):
                nodes = node.items
            names = [item.value for item in nodes if isinstance(item, Scalar)]
            if len(set(names)) < len(names):
                return next(name for name in names if names.count(name) > 1)
    return ""


def _merged_documents(base: list[Any], ours: list[Any], theirs: list[Any]) -> Any:
    """Documents by their number, or by what they name where a side added or removed some."""
    if len(base) == len(ours) == len(theirs):
        return [_merged(*documents) for documents in zip(base, ours, theirs, strict=True)]
    return _merged(base, ours, theirs)


def _merged(base: Any, ours: Any, theirs: Any) -> Any:
    if theirs in (ours, base):
        return ours
    if ours == base:
        return theirs
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return _merged_keys(base if isinstance(base, dict) else {}, ours, theirs)
    if isinstance(ours, list) and isinstance(theirs, list):
        keyed = [_keyed(items) for items in (base if isinstance(base, list) else [], ours, theirs)]
        return _Keyed(_merged_keys(*keyed))
    raise _Disagreement


def _merged_keys(base: dict[Any, Any], ours: dict[Any, Any], theirs: dict[Any, Any]) -> dict[Any, Any]:
    merged = {
        key: _merged(base.get(key, _MISSING), ours.get(key, _MISSING), theirs.get(key, _MISSING))
        for key in {**base, **ours, **theirs}
    }
    return {key: value for key, value in merged.items() if value is not _MISSING}


def _keyed(items: list[Any]) -> dict[Any, Any]:
    found = {_name(item): item for item in items}
    if len(found) < len(items):
        raise _Disagreement
    return found


def _name(item: Any) -> Any:
    """What tells an item from others: the parts of it that name something, or all of it."""
    if isinstance(item, dict):
        metadata = item.get("metadata")
        nested = metadata if isinstance(metadata, dict) else {}
        names = tuple((part, repr(nested.get(part, item.get(part)))) for part in _NAMES)
        if item.get("name") or item.get("path") or nested.get("name"):
            return names
    return repr(item)


def _equal(expected: Any, actual: Any) -> bool:
    if isinstance(expected, _Keyed):
        if not isinstance(actual, list):
            return False
        try:
            actual = _keyed(actual)
        except _Disagreement:
            return False
    if isinstance(expected, dict) and isinstance(actual, dict):
        return set(expected) == set(actual) and all(_equal(value, actual[key]) for key, value in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(_equal, expected, actual))
    return bool(expected == actual)
