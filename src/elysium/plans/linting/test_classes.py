"""What a section of tests says about one class of tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from elysium.plans.kinds import SectionPart
from elysium.plans.types import Item, ItemList, Part
from elysium.plans.words import plain

__all__ = ["ClassOfTests", "read_class"]

_NONE = re.compile(r"\b(?:n/a|not applicable|does not apply|none)\b(?P<why>.{0,400})", re.IGNORECASE | re.DOTALL)
_LABEL = re.compile(r"(?:\*\*|__)?([A-Za-z][^:*_\n]{0,60})")


class ClassOfTests(msgspec.Struct, frozen=True, kw_only=True):
    """Where the class is (0 for nowhere), and whether an item has a check or the text explains an n/a."""

    line: int = 0
    checked: bool = False
    explained: bool = False


def read_class(section: Part, wanted: SectionPart) -> ClassOfTests:
    """What the section has of a class: items with its label, lists and sub-headings of its name."""
    items = tuple(_items(section, wanted))
    lines = [*(item.line for item in items), *(part.line for part in _headings(section, wanted))]
    return ClassOfTests(
        line=min(lines, default=0),
        checked=any(item.checks for item in _flat(items)),
        explained=any(map(_explains, (item.title for item in items))),
    )


def _items(part: Part, wanted: SectionPart) -> Iterator[Item]:
    for block in part.content:
        if isinstance(block, ItemList):
            whole = _is_named(block.label, wanted)
            yield from (item for item in block.items if whole or _is_named(_label(item.text), wanted))
    for inner in part.parts:
        if _is_named(inner.title, wanted):
            yield from _all(inner)
        else:
            yield from _items(inner, wanted)


def _all(part: Part) -> Iterator[Item]:
    yield from part.items
    for inner in part.parts:
        yield from _all(inner)


def _headings(part: Part, wanted: SectionPart) -> Iterator[Part]:
    for inner in part.parts:
        if _is_named(inner.title, wanted):
            yield inner
        yield from _headings(inner, wanted)


def _label(text: str) -> str:
    found = _LABEL.match(text)
    return found[1] if found else ""


def _is_named(label: str, wanted: SectionPart) -> bool:
    lower = plain(label).lower().rstrip(":").strip()
    return any(lower == word or lower.startswith((f"{word} ", f"{word}:")) for word in wanted.words)


def _flat(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _flat(item.items)


def _explains(text: str) -> bool:
    found = _NONE.search(text)
    return found is not None and len(re.findall(r"\w{2,}", found["why"])) >= 2
