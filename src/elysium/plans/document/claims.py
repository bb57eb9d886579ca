"""Marks that people type: ✅ complete, 🟡 partial, ⏳ pending, 💤 deferred. They are claims, never the state."""

from __future__ import annotations

import re

from elysium.plans.types import Claim, Mark
from elysium.plans.words import plain

__all__ = ["SIGNS", "claims_of", "is_legend", "sign_of", "without_signs"]

SIGNS = {"✅": Mark.COMPLETE, "🟡": Mark.PARTIAL, "⏳": Mark.PENDING, "💤": Mark.DEFERRED}
"""The signs with what each says."""

_SIGN = re.compile("[✅🟡⏳💤]\ufe0f?")
_LEGEND = 3


def sign_of(mark: Mark) -> str:
    """How a state is typed; empty where it has no sign of its own."""
    return next((sign for sign, meaning in SIGNS.items() if meaning is mark), "")


def claims_of(text: str, line: int) -> tuple[Claim, ...]:
    """The claims of a text that begins at a line, each with the words that stand around it on its line."""
    found: list[Claim] = []
    for offset, row in enumerate(text.split("\n")):
        if is_legend(row):
            continue
        words = without_signs(plain(row))
        found += [Claim(mark=SIGNS[sign[0][0]], words=words, line=line + offset) for sign in _SIGN.finditer(row)]
    return tuple(found)


def is_legend(row: str) -> bool:
    """Whether a line explains the signs instead of using them: three different ones or more."""
    return len({sign[0][0] for sign in _SIGN.finditer(row)}) >= _LEGEND


def without_signs(text: str) -> str:
    """A text without signs and the blanks that they leave."""
    return " ".join(_SIGN.sub("", text).split())
