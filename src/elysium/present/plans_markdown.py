"""How far a plan is, as Markdown: for a comment on a pull request, or a page of a wiki."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from elysium.plans.contradictions import Contradiction
from elysium.plans.exporting.fixing import Misstated
from elysium.plans.progress.verification import ItemResult, Verification
from elysium.plans.results import Result
from elysium.plans.types import Mark
from elysium.present.inert import inert, inert_code
from elysium.present.markdown import LARGEST
from elysium.present.plans_groups import groups, late_items, own_items
from elysium.present.plans_words import SIGNS, commit_of, contradictions_of, counted, title_of
from elysium.present.verdict import count

__all__ = ["status_markdown"]

_COLUMNS = ("Done", "Open", "Unknown", "Deferred", "Overdue")


def status_markdown(found: Verification, *, by: Sequence[str] = ("phase",), claims: Iterable[Misstated] = ()) -> str:
    """A table of the groups, what fails, what is overdue, and what contradicts; what does not fit is counted."""
    lines = [f"## {inert(title_of(found))}", "", _subject(found), "", *_table(found, by)]
    wrong = list(claims)
    contradictions, registered = contradictions_of(found, wrong)
    sections = (
        ("Fails", [_item(item) for item in own_items(found, Result.FAIL)]),
        ("Overdue", [_late(item) for item in late_items(found)]),
        ("Deferred", [_item(item) for item in found.items if item.state is Mark.DEFERRED]),
        ("Typed marks that are not so", [_claim(claim) for claim in wrong]),
        ("Contradictions", [_contradiction(one) for one in contradictions]),
        ("Registered by hand", [_contradiction(one) for one in registered]),
    )
    room = LARGEST - sum(len(text) + 1 for text in lines)
    for title, rows in sections:
        if rows:
            kept = _fitting(rows, room // 2)
            room -= sum(len(text) + 1 for text in kept)
            left = len(rows) - len(kept)
            more = [f"- … and {left} more"] if left else []
            lines += [f"### {title}: {len(rows)}", "", *kept, *more, ""]
    return "\n".join(lines).rstrip() + "\n"


def _subject(found: Verification) -> str:
    states = counted(item.state for item in found.items)
    marks = " · ".join(f"{SIGNS[mark]} {number} {mark.value}" for mark, number in states.items() if number)
    commit = f" at {inert_code(commit_of(found))}" if found.commit else ""
    return f"{inert(found.kind)}{commit}: {count(len(found.items), 'item')}" + (f", {marks}" if marks else "")


def _table(found: Verification, by: Sequence[str]) -> Iterator[str]:
    rows = groups(found, by)
    if not rows:
        return
    yield "| | " + " | ".join([*(name.capitalize() for name in by), *_COLUMNS]) + " |"
    yield "|---|" + "---|" * len(by) + "--:|" * len(_COLUMNS)
    for row in rows:
        numbers = (f"{row.done}/{row.total}", row.open, row.unknown, row.deferred, row.overdue)
        cells = [*map(inert, row.names), *map(str, numbers)]
        yield f"| {SIGNS[row.state]} | " + " | ".join(cells) + " |"
    yield ""


def _item(item: ItemResult) -> str:
    owner = f" ({inert(item.owner)})" if item.owner else ""
    return f"- {inert_code(item.id)} {inert(item.title)}{owner}: {inert(item.reason)}"


def _late(item: ItemResult) -> str:
    return f"- {inert(item.due)} {inert_code(item.id)} {inert(item.title)} ({inert(item.owner or 'unknown')})"


def _claim(claim: Misstated) -> str:
    return f"- line {claim.line}: {inert(claim.about)} is marked {SIGNS[claim.said]} and is {SIGNS[claim.state]}"


def _contradiction(one: Contradiction) -> str:
    lines = ", ".join(str(number) for number in one.places if number)
    return f"- {f'line {lines}: ' if lines else ''}{inert(one.message)}"


def _fitting(rows: Sequence[str], room: int) -> list[str]:
    kept: list[str] = []
    for row in rows:
        room -= len(row) + 1
        if room < 0:
            break
        kept.append(row)
    return kept
