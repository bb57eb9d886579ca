"""Texts that somebody still has to write: `TBD`, `<app-name>`, `…`."""

from __future__ import annotations

import re

__all__ = ["angled", "only_placeholder", "placeholder"]

_WORDS = re.compile(
    r"""(?ix) (?<![\w/-]) ( tbd | tba | to\ be\ (decided|determined|defined|announced)
        | fill\ (this|me)\ in | lorem\ ipsum | change[\ _-]?me | xxx+ | (insert|describe|write|put)\ (\w+\ ){0,3}here
        | your\ text\ here | coming\ soon | work\ in\ progress ) (?![\w/-])"""
)
_LEFT_OPEN = re.compile(r"(?<![\w/-])(" + "TO" + "DO|FIX" + r"ME)(?![\w/-])|\?\?\?+")
_WORD = re.compile(r"\w{2,}")
_FEWEST_WORDS = 4
_ANGLED = re.compile(r"<([A-Za-z][\w. -]{0,40})>")
_TAGS = frozenset({
    "a", "b", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "hr", "i", "img",
    "ins", "kbd", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th",
    "thead", "tr", "tt", "u", "ul", "var",
})  # fmt: skip


def placeholder(text: str) -> str:
    """The words that stand for what is not written yet; empty when there are none."""
    found = _WORDS.search(text) or _LEFT_OPEN.search(text)
    return found[0] if found else ""


def only_placeholder(text: str) -> bool:
    """Whether a text says nothing beside words that stand for what is not written yet."""
    found = placeholder(text)
    return bool(found) and len(_WORD.findall(text.replace(found, " "))) < _FEWEST_WORDS


def angled(text: str) -> str:
    """The first word in angle brackets that is neither HTML nor a variable (`<app-name>`, not `<n>` or `<GIT_SHA>`)."""
    found = (each for each in _ANGLED.finditer(text) if each[1].lower() not in _TAGS)
    return next((each[0] for each in found if len(each[1]) > 1 and not each[1].isupper()), "")
