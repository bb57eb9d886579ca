"""Which words of a line say what it is about."""

from __future__ import annotations

import re

__all__ = ["code_spans", "subject", "topics"]

_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")
_CODE = re.compile(r"`([^`\n]+)`")
_SHORTEST = 2
_FILLING = frozenset(
    """a an and are as at be been before by can do for from has have if in into is it its needed no not of on only or
    our out over so than that the their them then there these this to under up via was were when which while will with
    without yet phase phases step steps review check ensure verify confirm regularly recommended e.g etc new all every
    add create enable integrate scaffold define write update make set local locally built basic initial runnable
    """.split()  # noqa: SIM905 - a sentence of words is easier to read than a list of strings
)
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("s", ""))


def topics(text: str, *, verbs: bool = False) -> tuple[str, ...]:
    """The words that carry meaning, in small letters and in the singular; `verbs` keeps those of doing."""
    found = [_singular(word) for word in _WORD.findall(text.lower().replace("_", " "))]
    dropped = _FILLING - _DOING if verbs else _FILLING
    return tuple(word for word in found if len(word) >= _SHORTEST and word not in dropped and not word.isdigit())


_DOING = frozenset({"update"})


def subject(text: str) -> frozenset[str]:
    """`topics` as a set."""
    return frozenset(topics(text))


def _singular(word: str) -> str:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and not word.endswith(("ss", "us", "is")) and len(word) > len(ending) + _SHORTEST:
            return word.removesuffix(ending) + instead
    return word


def code_spans(text: str) -> tuple[str, ...]:
    """What stands between backticks on a line."""
    return tuple(_CODE.findall(text))
