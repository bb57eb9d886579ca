"""How results and states of a plan are shown, and how many of each there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from rich.text import Text

from elysium.plans.contradictions import Contradiction
from elysium.plans.contradictions.registered import KIND as REGISTERED
from elysium.plans.exporting.fixing import Misstated
from elysium.plans.progress.verification import PartState, Verification
from elysium.plans.results import Evidence, Result
from elysium.plans.types import Mark, PartKind
from elysium.present.console import on_one_line

__all__ = [
    "RESULTS",
    "SIGNS",
    "STATES",
    "commit_of",
    "contradictions_of",
    "counted",
    "evidence_text",
    "part_name",
    "place",
    "results_text",
    "title_of",
    "with_facts",
]

RESULTS = {Result.FAIL: ("✗", "bold red"), Result.UNKNOWN: ("?", "magenta"), Result.PASS: ("✓", "green")}
"""The mark and the style of a result on a terminal, the worst first."""

STATES = {
    Mark.COMPLETE: ("✓", "green"),
    Mark.PARTIAL: ("◐", "yellow"),
    Mark.PENDING: ("·", ""),
    Mark.DEFERRED: ("z", "dim"),
    Mark.BLOCKED: ("‖", "red"),
    Mark.UNKNOWN: ("?", "magenta"),
}
"""The mark and the style of a state on a terminal: signs that are one column wide everywhere."""

SIGNS = {
    Mark.COMPLETE: "✅",
    Mark.PARTIAL: "🟡",
    Mark.PENDING: "⏳",
    Mark.DEFERRED: "💤",
    Mark.BLOCKED: "⛔",
    Mark.UNKNOWN: "❔",
}
"""The sign of a state in a document: the four that people type, and two for what they cannot."""


_DIGEST = re.compile(r"(?:sha1:|sha256:)?\b([0-9a-f]{10})[0-9a-f]{22,}\b")
_STATES = "states"


def counted(marks: Iterable[Mark]) -> dict[Mark, int]:
    """How many there are of each state, in the order of states."""
    found = Counter(marks)
    return {mark: found[mark] for mark in Mark}


def results_text(found: Verification) -> str:
    """`3 fail, 12 unknown, 20 pass`; what there is none of is left out."""
    numbers = [(found.count(result), result.value) for result in RESULTS]
    return ", ".join(f"{number} {word}" for number, word in numbers if number) or "no items"


def part_name(part: PartState) -> str:
    """`0.5 Images`, or the title of what has no number."""
    named = part.kind in (PartKind.PHASE, PartKind.STEP) and part.number
    return f"{part.number} {part.title}".strip() if named else part.title or part.key


def commit_of(found: Verification) -> str:
    """The commit that was looked at, shortened: `main@0123456789`."""
    return _DIGEST.sub(r"\1", found.commit)


def contradictions_of(
    found: Verification, claims: Iterable[Misstated] = ()
) -> tuple[list[Contradiction], list[Contradiction]]:
    """What contradicts in the text, and what a person registered, without typed marks that are told as `claims`."""
    told = {claim.line for claim in claims}
    own = [one for one in found.contradictions if one.kind != REGISTERED]
    kept = [one for one in own if one.kind != _STATES or one.places[0] not in told]
    return kept, [one for one in found.contradictions if one.kind == REGISTERED]


def with_facts(text: Text, *facts: str) -> Text:
    """A line with what else is known, dim and separated by dots; empty facts are left out."""
    told = on_one_line(" · ".join(fact for fact in facts if fact))
    return text.append(f"  {told}", style="dim") if told else text


def title_of(found: Verification) -> str:
    """What the plan is called."""
    return found.title or found.plan or "plan"


def place(file: str, line: int) -> str:
    """`FILE:LINE`, as far as they are known."""
    if not file:
        return f"line {line}" if line else ""
    return f"{file}:{line}" if line else file


def evidence_text(item: Evidence, reason: str = "") -> str:
    """What shows a result, on one line; what the reason says already is left out."""
    parts = (
        item.check,
        item.detail if item.detail not in reason else "",
        place(item.path, item.line) if item.path and (item.line or item.path not in item.check) else "",
        item.object,
        f"$ {item.command}" if item.command else "",
        f"exit {item.exit}" if item.exit is not None else "",
        f"digest {item.digest[:19]}" if item.digest else "",
        item.who,
    )
    return " · ".join(part for part in parts if part)
