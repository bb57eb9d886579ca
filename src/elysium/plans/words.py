"""Words on a line: split and joined as checks and annotations write them, and Markdown without its formatting."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["join", "plain", "shown", "slug", "split"]

_WORD = re.compile(r'(?:[^\s"\\]|\\.|"(?:[^"\\]|\\.)*")+', re.DOTALL)
_PIECE = re.compile(r'\\(.)|"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PLAIN = re.compile(r"[^\s\"\\]+")
_BARE = re.compile(r"[^\s\"\\<>]+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_STARS = re.compile(r"(\*{1,3})(?=[^\s*])([^*\n]{1,500}?)(?<=[^\s*])\1")
_UNDERSCORES = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])([^_\n]{1,500}?)(?<=[^\s_])\1(?!\w)")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LONGEST = 2000
_NOT_IN_SLUG = re.compile(r"[^a-z0-9.]+")


def split(text: str) -> tuple[str, ...]:
    """The words of a text: separated by blanks; double quotes hold blanks, a backslash takes the next sign as it is.

    Raises ValueError when a quote is not closed.
    """
    words: list[str] = []
    place = 0
    for found in _WORD.finditer(text):
        if text[place : found.start()].strip():
            break
        words.append(_PIECE.sub(_literal, found[0]))
        place = found.end()
    if text[place:].strip():
        raise ValueError("a quote is not closed")
    return tuple(words)


def _literal(piece: re.Match[str]) -> str:
    return piece[1] if piece[1] is not None else _ESCAPED.sub(r"\1", piece[2])


def join(words: Iterable[str]) -> str:
    """A text that `split` gives back as these words. It never holds the end of an HTML comment."""
    return " ".join(word if _BARE.fullmatch(word) else _quoted(word) for word in words)


def shown(words: Iterable[str]) -> str:
    """The same for people, and for a place that quotes it once more: signs of comments stay as they are."""
    return " ".join(word if _PLAIN.fullmatch(word) else _quoted(word).replace("\\>", ">") for word in words)


def _quoted(word: str) -> str:
    kept = word.replace("\\", "\\\\").replace('"', '\\"').replace(">", "\\>")
    return f'"{kept}"'


def plain(text: str) -> str:
    """One line of text without Markdown's formatting: emphasis, links and code spans give what they show.

    Of very long texts only the beginning is shown.
    """
    shown = _LINK.sub(r"\1", text[:_LONGEST])
    found: list[str] = []
    place = 0
    for code in _CODE.finditer(shown):
        found += [_bare(shown[place : code.start()]), code[2]]
        place = code.end()
    found.append(_bare(shown[place:]))
    return " ".join("".join(found).split())


def _bare(text: str) -> str:
    """Text outside of code without emphasis and strikes; single stars and underscores are themselves."""
    return _UNDERSCORES.sub(r"\2", _STARS.sub(r"\2", _STARS.sub(r"\2", text))).replace("~~", "")


def slug(text: str) -> str:
    """A text as a part of an id: lower-case letters, digits, dots and dashes."""
    return _NOT_IN_SLUG.sub("-", plain(text).lower()).strip("-.")
