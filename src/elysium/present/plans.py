"""What verifying a plan gave, for a person: what fails, what is not known, and what would make it known."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from elysium.plans.progress.verification import ItemResult, PartState, Verification
from elysium.plans.results import Result
from elysium.plans.types import Mark
from elysium.present.console import line, on_one_line, plain
from elysium.present.plans_groups import own_items
from elysium.present.plans_words import (
    RESULTS,
    commit_of,
    evidence_text,
    part_name,
    place,
    results_text,
    title_of,
    with_facts,
)
from elysium.present.verdict import count

__all__ = ["print_deferred", "print_heading", "print_verification"]

_SHOWN = 5
_ATTEST = "`elysium plan attest`"


def print_verification(console: Console, found: Verification, *, everything: bool = False) -> None:
    """Failures first, with reason and evidence; what is unknown, by what would make it known; what is blocked; counts.

    `everything` shows all items of a reason, and what passes.
    """
    print_heading(console, found)
    _failures(console, found)
    _unknowns(console, found, everything=everything)
    if everything:
        _passes(console, found)
    print_deferred(console, found)
    _blocked(console, found.parts)
    worst = next((result for result in RESULTS if found.count(result)), Result.PASS)
    mark, style = RESULTS[worst]
    line(console, Text.assemble((f"{mark} ", style), (results_text(found), "bold")))


def print_heading(console: Console, found: Verification) -> None:
    """The plan, its kind, and the commit that was looked at."""
    facts = [
        found.kind,
        f"at {commit_of(found)}" if found.commit else "outside of git",
        count(len(found.items), "item"),
    ]
    title = Text(on_one_line(title_of(found)), style="bold")
    line(console, title.append("  " + on_one_line(" · ".join(facts)), style="dim"))
    line(console, Text())


def print_deferred(console: Console, found: Verification) -> None:
    """What was put off, apart from open work, and what brings it back."""
    later = [item for item in found.items if item.state is Mark.DEFERRED]
    if not later:
        return
    line(console, Text("deferred", style="bold").append(f"  {len(later)}", style="dim"))
    for item in later:
        text = Text.assemble(("z ", "dim"), (on_one_line(item.id), "cyan"), " ", on_one_line(item.title))
        line(console, with_facts(text, item.reason), 2)
    line(console, Text())


def _failures(console: Console, found: Verification) -> None:
    failed = own_items(found, Result.FAIL)
    if not failed:
        return
    line(console, Text("fails", style="bold"))
    for item in failed:
        line(console, _item(item), 2)
        line(console, Text(plain(item.reason)), 6)
        for evidence in item.evidence:
            if text := evidence_text(evidence, item.reason):
                line(console, Text(on_one_line(text), style="dim"), 6)
    line(console, Text())


def _unknowns(console: Console, found: Verification, *, everything: bool) -> None:
    """One heading for each remedy, or reason where there is none, and below it the items with what differs, once where
    neighbours share it.
    """
    groups: dict[str, list[tuple[ItemResult, str]]] = {}
    for item in own_items(found, Result.UNKNOWN):
        remedy, rest = _remedy(item)
        groups.setdefault(remedy, []).append((item, rest))
    if not groups:
        return
    line(console, Text("unknown", style="bold"))
    for remedy, members in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        line(console, Text(plain(remedy or "no reason is given")).append(f"  {len(members)}", style="dim"), 2)
        shown = members if everything else members[:_SHOWN]
        told = ""
        for item, rest in shown:
            line(console, _item(item), 4)
            if rest and rest != told:
                line(console, Text(on_one_line(rest), style="dim"), 6)
            told = rest
        if len(members) > len(shown):
            line(console, Text(f"and {len(members) - len(shown)} more", style="dim"), 6)
    line(console, Text())


def _remedy(item: ItemResult) -> tuple[str, str]:
    """What would make an item known, as far as its reason ends with it, and the rest of the reason."""
    reason = item.reason.replace(f"{_ATTEST} {item.id}", f"{_ATTEST} ID")
    rest, _, last = reason.rpartition("; ")
    return (last, rest) if "`elysium " in last else (reason, "")


def _passes(console: Console, found: Verification) -> None:
    passed = [item for item in found.items if item.result is Result.PASS]
    if passed:
        line(console, Text("passes", style="bold"))
        for item in passed:
            line(console, with_facts(_item(item), item.reason), 2)
        line(console, Text())


def _blocked(console: Console, parts: Iterable[PartState]) -> None:
    """The parts that wait for the same, on one line."""
    waiting: dict[str, list[PartState]] = {}
    for part in parts:
        if part.blocked_by:
            waiting.setdefault(part.blocked_by, []).append(part)
    for reason, members in waiting.items():
        names = ", ".join(part.number or part_name(part) for part in members)
        noun = members[0].kind.value if len(members) == 1 else f"{members[0].kind.value}s"
        text = Text.assemble(("‖ ", "red"), on_one_line(f"{noun} {names}"))
        line(console, text.append(f": {on_one_line(reason)}", style="dim"))
    if waiting:
        line(console, Text())


def _item(item: ItemResult) -> Text:
    mark, style = RESULTS[item.result]
    text = Text.assemble((f"{mark} ", style), (on_one_line(item.id), "cyan"), " ", on_one_line(item.title))
    return with_facts(text, item.owner, f"due {item.due}" if item.due else "", place("", item.line))
