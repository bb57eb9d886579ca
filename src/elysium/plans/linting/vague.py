"""Words that everybody reads differently."""

from __future__ import annotations

import re

from elysium.plans.types import Item, Role
from elysium.plans.words import plain

__all__ = ["vague_word"]

_VAGUE = re.compile(
    r"""(?ix)\b(works?|working|ready|readiness|functional|functioning|operational|done|complete[ds]?|finished|fine|ok
        |healthy|stable|good|well|proper(?:ly)?|correct(?:ly)?|success(?:ful(?:ly)?)?|in\ place|set\ up|configured
        |confirmed|up\ and\ running|online|accessible|available|validated|captured|documented|as\ expected
        |prioriti[sz]ed|scheduled|updated|improved|sufficient|reasonable|acceptable)\b"""
)


def vague_word(item: Item) -> str:
    """The word that makes a criterion vague; empty where something tells it, or where it says something exact."""
    if item.role is not Role.CRITERION or item.checks or item.decision or item.deferred or _is_exact(item):
        return ""
    found = _VAGUE.search(item.title)
    return found[0] if found else ""


def _is_exact(item: Item) -> bool:
    """Whether somebody attests it who has to see something exact: more than the words of the criterion again."""
    if item.manual is None:
        return False
    seen = plain(item.manual.what).lower().rstrip(".")
    return bool(seen) and seen not in item.title.lower()
