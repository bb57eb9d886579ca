"""What a plan says to Elysium: HTML comments, which no reader of the rendered document sees.

`<!-- plan: id=S1.2 owner=alice check="exists apps/base/wiki" -->` at the end of the line of an item or a heading, and
one block with the same words for the whole document, below its front matter::

    <!-- plan:
    kind=deploy-app
    base=3f2c9e1…
    relies=apps/base/kustomization.yaml@sha256:…
    -->

A word is KEY=VALUE or KEY alone; `words.split` reads them. Taking them out gives the document as people write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from elysium.errors import PlanError
from elysium.plans import words
from elysium.plans.document.markdown import beginning, code_lines, lines_of

__all__ = [
    "DOCUMENT_KEYS",
    "ITEM_KEYS",
    "PART_KEYS",
    "Annotation",
    "Head",
    "bare",
    "block",
    "head",
    "inline",
    "read",
    "tails",
    "unfinished",
    "values",
    "without",
]

Annotation = tuple[tuple[str, str], ...]
"""Keys with their values in the order of the text; a key may come again."""

_INLINE = re.compile(r"[ \t]?<!-- plan:(?P<words>(?:(?!<!--)[^\r\n])*?)-->")
_HEAD = re.compile(r"<!-- plan:[ \t]*\r?\n(?P<words>(?:(?!<!--|-->).*\n)*)-->[ \t]*(?:\r?\n|\Z)")
_CODE_SPAN = re.compile(r"`[^`]*`")
_MARK = "<!-- plan:"

ITEM_KEYS = frozenset({
    "id", "owner", "due", "needs", "check", "file", "impact", "manual", "attested", "decision", "decided", "deferred",
    "role", "contradiction",
})  # fmt: skip
PART_KEYS = frozenset({"phase", "section", "step", "owner", "due", "optional", "parallel", "applied"})
DOCUMENT_KEYS = frozenset({
    "kind", "name", "title", "base", "created", "relies", "component", "repaired", "contradiction",
})  # fmt: skip


def read(text: str, keys: frozenset[str], place: str) -> Annotation:
    """The words of an annotation. Raises PlanError, with `place` (FILE:LINE), when one is not known or is broken."""
    try:
        found = [word.partition("=") for word in words.split(text)]
    except ValueError as error:
        hint = 'close every quote: check="exists docs/README.md"; a quote inside is \\"'
        raise PlanError(f"an annotation cannot be read: {error}", subject=place, hint=hint) from error
    for key, _, _ in found:
        if key not in keys:
            raise PlanError(
                f"an annotation has no key {key!r}", subject=place, hint=f"known are {', '.join(sorted(keys))}"
            )
    return tuple((key, value) for key, _, value in found)


def inline(annotation: Iterable[tuple[str, str]]) -> str:
    """An annotation as it stands at the end of a line, without the blank before it."""
    return f"<!-- plan: {' '.join(map(_word, annotation))} -->"


def block(annotation: Iterable[tuple[str, str]], newline: str = "\n") -> str:
    """The annotation of a document, with the end of its last line."""
    lines = ["<!-- plan:", *map(_word, annotation), "-->", ""]
    return newline.join(lines)


def _word(pair: tuple[str, str]) -> str:
    key, value = pair[0], " ".join(pair[1].split("\n"))
    return f"{key}={words.join([value])}" if value else key


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The annotation of the document: where it stands in the text, its words, and the line of the first of them."""

    start: int
    end: int
    words: str
    line: int


def head(text: str) -> Head | None:
    """The annotation of the document, which stands right below the front matter."""
    start = beginning(text)
    found = _HEAD.match(text, start)
    if not found:
        return None
    return Head(start=start, end=found.end(), words=found["words"], line=len(lines_of(text[:start])) + 2)


def tails(text: str) -> dict[int, tuple[str, ...]]:
    """The words of the annotations at the ends of lines, by line (from 1). Code says nothing."""
    found = ((number, _at_end(line)) for number, line in _candidates(text))
    return {number: tuple(item["words"] for item in tail) for number, tail in found if tail}


def unfinished(text: str) -> tuple[int, ...]:
    """Lines with the beginning of an annotation that is none: it is not closed, or not at the end of the line."""
    return tuple(number for number, line in _candidates(text) if _MARK in _CODE_SPAN.sub("", bare(line)))


def bare(line: str) -> str:
    """A line, or words that end one, without the annotations at its end."""
    tail = _at_end(line) if _MARK in line else []
    return line[: tail[0].start()] + line[tail[-1].end() :] if tail else line


def _at_end(line: str) -> list[re.Match[str]]:
    """The annotations that end a line, one right after the other."""
    end = len(line.rstrip())
    found: list[re.Match[str]] = []
    for item in reversed(list(_INLINE.finditer(line)) if line.endswith("-->", 0, end) else []):
        if item.end() != end:
            break
        found.append(item)
        end = item.start()
    return found[::-1]


def without(text: str) -> str:
    """The document without any annotation: what people wrote, byte for byte."""
    lines = lines_of(text)
    for number, line in _candidates(text):
        lines[number - 1] = bare(line)
    found = head(text)
    whole = "".join(lines)
    return whole[: found.start] + whole[found.end :] if found else whole


def _candidates(text: str) -> Iterator[tuple[int, str]]:
    """Lines that may hold an annotation, with their numbers: those below the document's own and outside of code."""
    if _MARK not in text:
        return
    code = code_lines(text)
    found = head(text)
    first = found.line + found.words.count("\n") + 1 if found else 1
    for number, line in enumerate(lines_of(text), start=1):
        if _MARK in line and number >= first and number not in code:
            yield number, line


def values(annotation: Annotation, key: str) -> tuple[str, ...]:
    """Every value of a key."""
    return tuple(value for name, value in annotation if name == key)
