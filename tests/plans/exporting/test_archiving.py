"""Moving finished phases into the change log."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.errors import PlanError
from elysium.plans.document.parsing import parse
from elysium.plans.exporting import archive, archived_texts
from elysium.plans.registers import lint_changes, read_changes, with_change
from elysium.plans.types import PartKind, Plan
from tests.plans.exporting.plans import PLAN, plan

TODAY = datetime.date(2026, 11, 21)


def lines_of(of: Plan, *numbers: str) -> set[int]:
    return {part.line for part in of.all_parts() if part.kind is PartKind.PHASE and part.number in numbers}


def test_a_finished_phase_moves_without_losing_a_byte() -> None:
    found = archive(plan(), lines_of(plan(), "0"), TODAY)
    (moved,) = archived_texts(found.entry)
    begin = PLAN.index(moved)
    assert moved.startswith("## Phase 0")
    assert moved.endswith("---\n\n")
    kept = PLAN[:begin] + PLAN[begin + len(moved) :]
    assert found.plan == kept.replace("id=DNS needs=NS,SEAL due", "id=DNS due")


def test_needs_of_what_is_finished_are_fulfilled_and_others_stay() -> None:
    of = plan(PLAN.replace("needs=NS,SEAL", "needs=NS,P1-9"))
    assert "needs=P1-9" in archive(of, lines_of(of, "0"), TODAY).plan


def test_what_is_left_is_a_plan_and_what_was_moved_an_entry() -> None:
    found = archive(plan(), lines_of(plan(), "0"), TODAY)
    assert [place.item.id for place in parse(found.plan).places() if place.phase] == [
        "DNS",
        "DNS.1",
        "OLD",
        "P1-exit-1",
    ]
    log = read_changes(with_change("", found.entry), "docs/changes.md")
    (entry,) = log.entries
    assert (entry.date, entry.summary) == ("2026-11-21", "Phase 0: Groundwork ⏳: complete")
    assert lint_changes(log, TODAY) == ()


def test_nothing_finished_changes_nothing() -> None:
    found = archive(plan(), (), TODAY)
    assert (found.plan, found.entry, found.phases) == (PLAN, "", ())


def test_a_second_archive_goes_before_the_first_and_both_can_be_had_back() -> None:
    first = archive(plan(), lines_of(plan(), "0"), TODAY, owner="bob")
    rest = parse(first.plan)
    second = archive(rest, lines_of(rest, "1"), TODAY)
    log = with_change(with_change("# Changes\n\nOurs.\n", first.entry), second.entry)
    assert log.startswith("# Changes\n\nOurs.\n\n## 2026-11-21: Phase 1")
    assert [text[:10] for text in archived_texts(log)] == ["## Phase 1", "## Phase 0"]
    assert [entry.owner for entry in read_changes(log).entries] == ["unknown", "bob"]


def test_an_archived_text_that_was_edited_is_told() -> None:
    found = archive(plan(), lines_of(plan(), "0"), TODAY)
    with pytest.raises(PlanError, match="not what was archived"):
        archived_texts(found.entry.replace("Seal the", "Lose the"))


@given(st.text("ab#-[] \n\r`<>!", max_size=80))
def test_any_phase_can_be_had_back(body: str) -> None:
    of = parse(f"# P\n\n## Phase 1 – A\n\n{body}\n\n## Phase 2 – B\n\n- b\n")
    found = archive(of, lines_of(of, "1"), TODAY)
    if found.entry:
        (moved,) = archived_texts(found.entry)
        assert of.text.replace(moved, "", 1) == found.plan
