"""Typed marks of the same thing that differ: a phase that is done in one list and open in another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from elysium.plans.contradictions.claimed import Claimed, claimed
from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between
from elysium.plans.contradictions.vocabulary import topics
from elysium.plans.types import Mark

__all__ = ["detect"]

_OPPOSED = (
    frozenset({Mark.COMPLETE, Mark.PENDING}),
    frozenset({Mark.COMPLETE, Mark.DEFERRED}),
    frozenset({Mark.PENDING, Mark.DEFERRED}),
)
_OTHER_WORD = re.compile(r"^\s*\W{0,3}(deferred|pending|complete[d]?|not started)\b", re.IGNORECASE)
_ANY_WORD = re.compile(r"\b(deferred|pending|complete|in progress)")
_WORDS = {
    "deferred": Mark.DEFERRED, "pending": Mark.PENDING, "complete": Mark.COMPLETE, "completed": Mark.COMPLETE,
    "not started": Mark.PENDING,
}  # fmt: skip


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Opposed signs of one phase, of one topic, and of a sign with the word beside it."""
    claims = tuple(claimed(reading))
    yield from _of_phases(claims, reading)
    yield from _of_lines(claims)
    for claim in claims:
        if said := _other_word(claim):
            yield between("marks", f"the sign says {claim.mark}, the word beside it {said}", claim.line)


def _of_phases(claims: tuple[Claimed, ...], reading: Reading) -> Iterator[Contradiction]:
    """Claims about a phase, by its number or by the first word of its title: each beside the first that it opposes."""
    about: dict[str, list[Claimed]] = {}
    for claim in claims:
        for number in claim.phases or _phase_of_topic(claim, reading):
            about.setdefault(number, []).append(claim)
    for number, found in about.items():
        seen: set[int] = set()
        for one, other in combinations(found[:_MOST], 2):
            if frozenset({one.mark, other.mark}) in _OPPOSED and other.line.number not in seen:
                seen.add(other.line.number)
                message = f"phase {number} is {one.mark} here and {other.mark} there"
                yield between("marks", message, one.line, other.line)


def _phase_of_topic(claim: Claimed, reading: Reading) -> tuple[str, ...]:
    """The phase whose title begins with the word that the claim begins with: `Security basics` is of `5. Security`."""
    first = () if claim.line.phase else claim.topics[:1]
    fitting = [number for number, part in reading.phases.items() if first and topics(part.title)[:1] == first]
    return tuple(fitting) if len(fitting) == 1 else ()


def _of_lines(claims: tuple[Claimed, ...]) -> Iterator[Contradiction]:
    """Claims in different lists whose words are the same."""
    by_words: dict[frozenset[str], list[Claimed]] = {}
    for claim in claims:
        words = frozenset(claim.topics)
        if len(words) > 1 and not claim.phases:
            by_words.setdefault(words, []).append(claim)
    for found in by_words.values():
        for one, other in combinations(found[:_MOST], 2):
            if frozenset({one.mark, other.mark}) in _OPPOSED and _apart(one.line, other.line):
                message = f"{one.about!r} is {one.mark} here and {other.mark} there"
                yield between("marks", message, one.line, other.line)


_MOST = 20
"""Claims with the same words that are compared with each other."""


def _apart(one: Line, other: Line) -> bool:
    return one.group != other.group


def _other_word(claim: Claimed) -> str:
    """A word right after the sign that says something else than it, `⏳ Deferred`, where no legend explains several."""
    found = _OTHER_WORD.match(claim.after)
    if not found or len(set(_ANY_WORD.findall(claim.line.text.lower()))) > 1:
        return ""
    word = found[1].lower()
    return word if frozenset({_WORDS[word], claim.mark}) in _OPPOSED else ""
