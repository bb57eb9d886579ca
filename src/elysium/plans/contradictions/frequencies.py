"""How often the same thing happens, said in two ways: rotated quarterly in the rules and monthly in the task list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import msgspec

from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between
from elysium.plans.contradictions.vocabulary import topics

__all__ = ["DAYS", "Often", "detect", "frequencies"]

DAYS = {
    "daily": 1, "nightly": 1, "weekly": 7, "bi-weekly": 14, "biweekly": 14, "monthly": 30, "quarterly": 91,
    "yearly": 365, "annually": 365, "every day": 1, "every night": 1, "every week": 7, "every month": 30,
    "every quarter": 91, "every year": 365,
}  # fmt: skip
"""The words and the days between two times."""

_WORD = re.compile(r"(?<![\d-])(?<!\d )\b(" + "|".join(sorted(DAYS, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_PATH = re.compile(r"`[^`\n]*`")
_SAME = 2
_MOST = 200
_VERBS = frozenset({"schedule", "scheduled", "automated", "automatic", "task", "work", "component"})


class Often(msgspec.Struct, frozen=True, kw_only=True):
    """A line that says how often something happens: the word, the days, and what it is about."""

    line: Line
    word: str
    days: int
    about: frozenset[str]


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Lines with two words in common and different frequencies. Those below one heading differ on purpose."""
    for one, other in combinations(frequencies(reading)[:_MOST], 2):
        same = one.about & other.about
        if one.days != other.days and len(same) >= _SAME and one.line.part is not other.line.part:
            message = f"{' '.join(sorted(same))}: {one.word} here, {other.word} there"
            yield between("frequencies", message, one.line, other.line)


def frequencies(reading: Reading) -> tuple[Often, ...]:
    """Lines that name one frequency, and entries below a heading that is one."""
    return tuple(often for line in reading.prose if (often := _often(line)) is not None)


def _often(line: Line) -> Often | None:
    if line.heading:
        return None
    words = {word.lower() for word in _WORD.findall(line.text)}
    heading = line.part.title.strip().lower()
    if not words and heading in DAYS and line.depth >= 0:
        words = {heading}
    if len(words) != 1:
        return None
    word = words.pop()
    about = frozenset(topics(_WORD.sub(" ", _PATH.sub(" ", line.text)), verbs=True)) - _VERBS
    return Often(line=line, word=word, days=DAYS[word], about=about)
