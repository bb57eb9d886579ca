"""Lines of the document: an item with what Elysium reads behind it, and checks in the words of their verbs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from elysium.kit import digests
from elysium.plans.document.annotating import inline
from elysium.plans.words import join

__all__ = ["Check", "Entry", "at", "check", "code", "decided", "heading", "label", "listing", "uncommented"]

_LONGEST_ID = 64
_COMMENT = ("<!--", "-->")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9._-]+")

Check = str
"""One check as it is written: a verb with its arguments."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One item of the document. `inner` are items below it.

    It is told by `checks`, by an attestation (`manual`), by a decision (`decision`, or `decided` where it was made), or
    it waits for what `deferred` says.
    """

    id: str
    text: str
    checks: tuple[Check, ...] = ()
    manual: str = ""
    decision: bool = False
    decided: str = ""
    deferred: str = ""
    files: tuple[str, ...] = ()
    impact: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    inner: tuple[Entry, ...] = ()

    def annotation(self, owner: str, due: str) -> str:
        """The comment behind the line."""
        pairs = [("id", _identifier(self.id)), ("owner", owner), ("due", due)]
        pairs += [("needs", ",".join(self.needs)), ("manual", self.manual), ("deferred", self.deferred)]
        pairs = [(key, value) for key, value in pairs if value]
        if self.decision or self.decided:
            pairs += [("decision", ""), *([("decided", self.decided)] if self.decided else [])]
        pairs += [("check", text) for text in self.checks]
        pairs += [("file", text) for text in self.files]
        pairs += [("impact", text) for text in self.impact]
        return inline((key, uncommented(value)) for key, value in pairs)


def _identifier(text: str) -> str:
    """An id as a plan takes it: of a long one the beginning, and a digest that tells it from others like it."""
    found = _NOT_IN_ID.sub("-", text)
    return found if len(found) <= _LONGEST_ID else f"{found[: _LONGEST_ID - 9]}-{digests.of_bytes(found.encode())[:8]}"


def listing(entries: Iterable[Entry], owner: str, due: str = "", *, numbered: bool = False, depth: int = 0) -> str:
    """Items as Markdown, each on one line."""
    found: list[str] = []
    for number, entry in enumerate(entries, 1):
        marker = f"{number}." if numbered else "-"
        text = uncommented(" ".join(entry.text.split()))
        found.append(f"{'   ' * depth}{marker} {text} {entry.annotation(owner, due)}\n")
        if entry.inner:
            found.append(listing(entry.inner, owner, due, depth=depth + 1))
    return "".join(found)


def uncommented(text: str) -> str:
    """A text without the marks of HTML comments: what a person says is never read as an annotation."""
    while any(mark in text for mark in _COMMENT):  # taking one out may make another
        for mark in _COMMENT:
            text = text.replace(mark, "")
    return text


def heading(level: int, title: str, pairs: Sequence[tuple[str, str]] = ()) -> str:
    """A heading with what Elysium reads behind it, and the blank line below."""
    behind = f" {inline(pairs)}" if pairs else ""
    return f"{'#' * level} {title}{behind}\n\n"


def label(text: str) -> str:
    """A paragraph that announces a list."""
    return f"{text}:\n\n"


def check(*parts: str) -> Check:
    """A check of a verb and its arguments."""
    return join(parts)


def at(*path: str) -> str:
    """A path in an object as conditions write it: what has a dot or a slash stands in brackets."""
    found = ""
    for part in path:
        plain = part.replace("-", "").replace("_", "").isalnum() and not part.startswith("-")
        found += (f".{part}" if found else part) if plain else f"[{part}]"
    return found


def code(text: str) -> str:
    """A text as it is typed."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def decided(choice: str, reason: str, *, by: str = "", date: str = "") -> str:
    """A decision in one line; its parts are separated by semicolons, so none holds one."""
    parts = [choice, f"by {by}" if by else "", date, f"because {reason}" if reason else ""]
    return "; ".join(" ".join(part.replace(";", ",").split()) for part in parts if part)
