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
from collections.abc import Iterable

from elysium.errors import PlanError
from elysium.plans import words

__all__ = [
    "BLOCK",
    "DOCUMENT_KEYS",
    "INLINE",
    "ITEM_KEYS",
    "PART_KEYS",
    "Annotation",
    "block",
    "inline",
    "read",
    "values",
    "without",
]

Annotation = tuple[tuple[str, str], ...]
"""Keys with their values in the order of the text; a key may come again."""

INLINE = re.compile(r"[ \t]?<!-- plan:(?P<words>(?:(?!<!--)[^\n])*?)-->")
"""One annotation inside of a line, with the blank before it."""

BLOCK = re.compile(r"^<!-- plan:[ \t]*\r?\n(?P<words>(?:(?!<!--|-->).*\r?\n)*)^-->[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
"""The annotation of a document (or of a component) on lines of its own."""

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
    return f"<!-- plan: {words.join(map(_word, annotation))} -->"


def block(annotation: Iterable[tuple[str, str]], newline: str = "\n") -> str:
    """The annotation of a document, with the end of its last line."""
    lines = ["<!-- plan:", *(words.join([_word(pair)]) for pair in annotation), "-->", ""]
    return newline.join(lines)


def _word(pair: tuple[str, str]) -> str:
    key, value = pair
    return f"{key}={value}" if value else key


def without(text: str) -> str:
    """The document without any annotation: what people wrote."""
    return INLINE.sub("", BLOCK.sub("", text))


def values(annotation: Annotation, key: str) -> tuple[str, ...]:
    """Every value of a key."""
    return tuple(value for name, value in annotation if name == key)
