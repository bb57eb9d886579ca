"""What people say about progress in a plan: a sign, or a word, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.vocabulary import topics
from elysium.plans.document.claims import SIGNS, is_legend
from elysium.plans.types import Mark

__all__ = ["Claimed", "claimed", "phases_named"]

_SIGN = re.compile("[" + "".join(SIGNS) + "]")
_PHASES = re.compile(r"\bphases?[ ]+(\d+(?:\.\d+)?(?:[ ]*(?:,|&|and|[-–])[ ]*\d+(?:\.\d+)?)*)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A sign on a line: what it says, the words that it is about, and the phases that these name."""

    line: Line
    mark: Mark
    about: str
    after: str
    phases: tuple[str, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """The words with meaning of what it is about."""
        return topics(self.about)


def claimed(reading: Reading) -> Iterator[Claimed]:
    """The first sign of each line that has one, without legends."""
    for line in reading.prose:
        found = _SIGN.search(line.text)
        if found and not is_legend(line.text):
            yield _claim(line, found)


def _claim(line: Line, found: re.Match[str]) -> Claimed:
    before, after = line.text[: found.start()], line.text[found.end() :]
    about = _about(before, after)
    return Claimed(line=line, mark=SIGNS[found[0]], about=about, after=after, phases=phases_named(about))


def _about(before: str, after: str) -> str:
    """What stands before the sign, or, where the line begins with it, what follows up to the explanation."""
    before = before.strip().rstrip("(:").strip()
    if before:
        return before
    return re.split(r" [—–-] |\(|;", after.strip(), maxsplit=1)[0].strip()


def phases_named(text: str) -> tuple[str, ...]:
    """The numbers of phases in words such as `Phase 3` and `Phases 0 & 0.5`."""
    found = _PHASES.search(text)
    return tuple(_NUMBER.findall(found[1])) if found else ()
