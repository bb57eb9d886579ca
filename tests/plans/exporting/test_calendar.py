"""Due days as iCalendar."""

from __future__ import annotations

import datetime
import re

from hypothesis import given
from hypothesis import strategies as st

from elysium.plans.exporting import calendar
from elysium.plans.types import Item, ItemList, Mark, Part, PartKind, Plan
from tests.plans.exporting.plans import PLAN, plan

STAMP = datetime.datetime(2026, 11, 21, 23, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def one(title: str) -> Plan:
    item = Item(id="A", text=title, due="2026-12-01")
    return Plan(text="", title="T", parts=(Part(kind=PartKind.PHASE, content=(ItemList(items=(item,)),)),))


def values(text: str, name: str) -> list[str]:
    return [line.partition(":")[2] for line in unfolded(text) if re.match(rf"{name}[;:]", line)]


def test_items_and_phases_with_a_day_of_their_own_are_whole_day_events() -> None:
    text = calendar(plan(), STAMP)
    assert values(text, "SUMMARY") == [
        "Phase 0: Groundwork ⏳ is due",
        "✅ Seal the password\\, see <https://wiki.example.org> (Platform team)",
        "Point the name at the new place (Alice Ötzi)",
    ]
    assert values(text, "DTSTART")[0] == "20261101"
    assert set(values(text, "DTSTAMP")) == {"20261121T210000Z"}


def test_what_is_complete_is_no_appointment() -> None:
    text = calendar(plan(), STAMP, {"SEAL": Mark.COMPLETE})
    assert not any("Seal" in summary for summary in values(text, "SUMMARY"))


def test_a_moved_day_keeps_the_identity_of_the_event() -> None:
    before, after = calendar(plan(), STAMP), calendar(plan(PLAN.replace("2026-12-24", "2027-01-31")), STAMP)
    assert values(before, "UID") == values(after, "UID")
    assert len(set(values(before, "UID"))) == len(values(before, "UID"))
    assert "20270131" in values(after, "DTSTART")


def test_special_signs_are_escaped_and_control_signs_are_gone() -> None:
    text = calendar(one("a; b, c \\ d\x1b[31m\nBEGIN:VEVENT"), STAMP)
    assert values(text, "SUMMARY") == ["a\\; b\\, c \\\\ d [31m BEGIN:VEVENT (unknown)"]
    assert text.count("\r\nBEGIN:VEVENT\r\n") == 1


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_lines_are_folded_at_75_octets_and_unfold_to_what_was_said(title: str) -> None:
    text = calendar(one(title), STAMP)
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    (summary,) = values(text, "SUMMARY")
    said = re.sub(r"\\(.)", r"\1", summary)
    shown = one(title).parts[0].items[0].title
    assert said == re.sub(r"[\x00-\x1f\x7f]", " ", shown or "A") + " (unknown)"
