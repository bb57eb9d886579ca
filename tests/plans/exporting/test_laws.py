"""What holds for every plan, whatever it says: a fixed mark stays fixed, and moving a phase loses nothing."""

from __future__ import annotations

import datetime
import re

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from elysium.plans.document.parsing import parse
from elysium.plans.exporting import (
    archive,
    archived_texts,
    as_json,
    as_markdown,
    calendar,
    checklist,
    fix_marks,
    issue_files,
    issues_by_item,
    issues_by_phase,
    misstated,
)
from elysium.plans.types import Mark, PartKind, Plan
from tests.plans.exporting.plans import PLAN, verification

TODAY = datetime.date(2026, 11, 21)
MARKS = list(Mark)
_MARK = re.compile("[✅🟡⏳💤]\ufe0f?|\\[[ xX]\\]")
_ANNOTATION = re.compile(r"[ \t]?<!-- plan:.*?-->")


@st.composite
def texts(draw: st.DrawFn) -> str:
    """The example with lines that are gone, doubled, moved in or marked otherwise."""
    lines = _ANNOTATION.sub("", PLAN).splitlines(keepends=True)
    for _ in range(draw(st.integers(0, 8))):
        place = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["gone", "doubled", "in", "marked", "quoted"]))
        line = lines[place]
        if how == "gone" and len(lines) > 1:
            lines.pop(place)
        elif how == "doubled":
            lines.insert(draw(st.integers(0, len(lines) - 1)), line)
        else:
            lines[place] = {"in": "  ", "marked": "- 💤 ", "quoted": "> "}.get(how, "") + line
    return "".join(lines)


@st.composite
def judged(draw: st.DrawFn) -> tuple[Plan, dict[str, Mark], dict[str, Mark]]:
    """A plan with states of its items and phases."""
    plan = parse(draw(texts()))
    ids = [place.item.id for place in plan.places()]
    phases = sorted({part.number for part in plan.all_parts() if part.kind is PartKind.PHASE})
    marks = st.sampled_from(MARKS)
    return plan, {name: draw(marks) for name in ids}, {number: draw(marks) for number in phases}


@given(judged())
@settings(max_examples=60)
def test_fixed_marks_are_right_and_nothing_else_has_changed(
    case: tuple[Plan, dict[str, Mark], dict[str, Mark]],
) -> None:
    plan, items, phases = case
    fixed = fix_marks(plan, verification(plan, items, phases))
    again = parse(fixed)
    assert _MARK.sub("", fixed) == _MARK.sub("", plan.text)
    assert misstated(again, verification(again, items, phases)) == ()
    assert fix_marks(again, verification(again, items, phases)) == fixed


@given(texts(), st.sets(st.integers(1, 60)))
@settings(max_examples=60)
def test_every_line_is_in_the_plan_or_in_the_log_afterwards(text: str, finished: set[int]) -> None:
    found = archive(parse(text), finished, TODAY)
    moved = archived_texts(found.entry)
    assert sorted((found.plan + "".join(moved)).splitlines()) == sorted(text.splitlines())
    assert all(part in text for part in moved)
    parse(found.plan)


@given(judged())
@settings(max_examples=30)
def test_every_plan_can_be_exported_in_every_form(case: tuple[Plan, dict[str, Mark], dict[str, Mark]]) -> None:
    plan, items, _ = case
    assert as_markdown(plan) == plan.text
    assert msgspec.json.decode(as_json(plan, items))["plan"]["text"] == plan.text
    assert checklist(plan, TODAY, items).startswith("# Checklist: ")
    assert calendar(plan, datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), items).endswith("END:VCALENDAR\r\n")
    for issues in (issues_by_item(plan, items), issues_by_phase(plan, items)):
        assert sum(path.endswith(".md") for path in issue_files(issues)) == len(issues)
