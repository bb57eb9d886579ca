"""What is wrong with the words of a check: every function gives a sentence, or an empty text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from elysium.plans.checks import conditions, searching
from elysium.sources.matching import matches_recursively

__all__ = [
    "amount",
    "first_of",
    "host",
    "namespaced",
    "object_pattern",
    "path",
    "split_asked",
    "wrong_asked",
    "wrong_path",
    "wrong_pattern",
]

_MOST_CHOICES = 2
_MOST_ALTERNATIVES = 20
_OBJECT = re.compile(r"[A-Za-z*?\[][\w.*?\[\]-]*/(?:[\w.*?\[\]-]*/)?[\w.:*?\[\]-]+")
_NAMESPACED = re.compile(r"[a-z0-9*?\[\]-]+/[\w.:*?\[\]-]+")
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?|\[[0-9A-Fa-f:.]+\]")


def amount(words: tuple[str, ...], least: int, most: int | None = None) -> str:
    """Too few words, too many, or an empty one."""
    if len(words) < least:
        return "something is missing" if words else "it says nothing to look at"
    if most is not None and len(words) > most:
        return f"{words[most]!r} is one too many"
    return "a word is empty" if "" in words else ""


def first_of(problems: Iterable[str]) -> str:
    """The first that is wrong."""
    return next(filter(None, problems), "")


def path(text: str) -> str:
    """A path or pattern as the repository's files are named: without `./` and without a `/` at the end."""
    return text.removeprefix("./").rstrip("/") or "."


def wrong_path(text: str) -> str:
    """A path that leads out of the repository, or a pattern that is none."""
    if text.startswith(("/", "~")) or "\\" in text or "\0" in text or ".." in text.split("/"):
        return f"{text!r} leads out of the repository: write a path below its root"
    if text.count("{") > _MOST_CHOICES or text.count(",") > _MOST_ALTERNATIVES:
        return f"{text[:60]!r} stands for too many paths"
    return wrong_pattern(path(text))


def wrong_pattern(text: str) -> str:
    """A pattern that cannot be read."""
    try:
        matches_recursively(text, "")
    except ValueError as error:
        return str(error)
    return ""


def object_pattern(text: str) -> str:
    """What is no `Kind/namespace/name`."""
    if _OBJECT.fullmatch(text) and not wrong_path(text):
        return ""
    return f"{text!r} is no Kind/namespace/name (Kind//name for what has no namespace)"


def namespaced(text: str) -> str:
    """What is no `namespace/name`."""
    return "" if _NAMESPACED.fullmatch(text) and not wrong_path(text) else f"{text!r} is no namespace/name"


def host(text: str) -> str:
    """What is no name or address of a host."""
    return "" if len(text) <= 255 and _HOST.fullmatch(text) else f"{text!r} is no name of a host"


def split_asked(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Conditions, and the texts that stand after `contains`."""
    asked: list[str] = []
    texts: list[str] = []
    remaining = iter(words)
    for word in remaining:
        if word == "contains":
            texts.append(next(remaining, ""))
        else:
            asked.append(word)
    return tuple(asked), tuple(texts)


def wrong_asked(words: tuple[str, ...], condition: Callable[[str], str] = conditions.problem) -> str:
    """What is wrong with conditions and with what has to be contained."""
    asked, texts = split_asked(words)
    return first_of([*map(searching.problem, texts), *map(condition, asked)])
