"""Lists of the same things that differ: a name is in one of them and not in the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import msgspec

from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between
from elysium.plans.contradictions.vocabulary import code_spans, topics

__all__ = ["detect"]

_LABEL = re.compile(r"^\W*(?P<label>[^:(]{2,60}?)(?:\*\*)?\s*(?::|\()")
_NAME = re.compile(r"[A-Z][\w.+-]*(?: [A-Z][\w.+-]*){0,2}")
_INSIDE = re.compile(r"\(([^()]{3,200})\)")
_WORKED = re.compile(r"\b(?:creat|appl|add|implement|deploy)(?:e[ds]?|ied)\b", re.IGNORECASE)
_LEAST = 3
_ALIKE = 0.6
_MOST = 200


class _List(msgspec.Struct, frozen=True, kw_only=True):
    line: Line
    names: frozenset[str]
    about: frozenset[str]
    code: bool


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Lists that are about the same and mostly alike. What is made may hold more than what was decided, never less."""
    found = [one for line in reading.prose if (one := _list(line)) is not None][:_MOST]
    seen: set[frozenset[frozenset[str]]] = set()
    for one, other in combinations(found, 2):
        if one.code is not other.code or frozenset({one.names, other.names}) in seen or not _alike(one, other):
            continue
        missing = _missing(one, other)
        if missing:
            seen.add(frozenset({one.names, other.names}))
            message = f"{', '.join(sorted(missing))}: in one list and not in the other"
            yield between("lists", message, one.line, other.line)


def _list(line: Line) -> _List | None:
    if line.heading or line.depth < 0:
        return None
    spans = frozenset(span for span in code_spans(line.text) if re.fullmatch(r"[\w-]+", span))
    if len(spans) >= _LEAST:
        return _List(line=line, names=spans, about=frozenset(topics(re.sub(r"`[^`]*`", " ", line.text))), code=True)
    label = _LABEL.match(line.text)
    if not label:
        return None
    inside = _INSIDE.search(line.text)
    names = frozenset(_names(inside[1] if inside else line.text[label.end() :]))
    about = frozenset(topics(label["label"]))
    return _List(line=line, names=names, about=about, code=False) if len(names) >= _LEAST else None


def _names(text: str) -> Iterator[str]:
    """Proper names between commas; nothing where a piece is anything else."""
    pieces = [piece.strip(" .`*") for piece in text.split(",")]
    if all(_NAME.fullmatch(piece) for piece in pieces):
        yield from pieces


def _alike(one: _List, other: _List) -> bool:
    common = one.names & other.names
    same = bool(one.about and other.about) and (one.about <= other.about or other.about <= one.about)
    return same and len(common) >= _LEAST and len(common) >= _ALIKE * len(one.names | other.names)


def _missing(one: _List, other: _List) -> frozenset[str]:
    """What is decided and not made; where neither or both say that it is made, what is in one of them."""
    made = [bool(_WORKED.search(each.line.text)) for each in (one, other)]
    if not one.code:
        return one.names ^ other.names
    if made == [True, False]:
        return other.names - one.names
    if made == [False, True]:
        return one.names - other.names
    return frozenset()
