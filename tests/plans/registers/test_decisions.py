"""Decision records: their parts, and what they lack."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.plans.registers import DecisionRecord, compose_decision, lint_decisions, read_decision
from elysium.plans.registers.decisions import with_decision_value

ROOT = Path(__file__).resolve().parents[3]
TODAY = datetime.date(2026, 11, 21)
DEFERRED = """\
# ADR 0008: Canary releases

Status: Deferred
Date: 2026-03-01
Revisit: more than 50 requests a second for a week

## Context
Nobody looks at releases by hand.

## Consequences
- A bad release reaches everybody.

### Not meant
Forever.
"""
SECTIONS = """\
# 3. Edge

## Status

Superseded by 0012

## Reason
One proxy less.

## Decision
TLS ends at the edge.
"""


def rules(*texts: str, path: str = "docs/decisions/0008-canaries.md") -> list[tuple[str, int]]:
    records = [read_decision(text, path if not n else f"docs/decisions/{n}.md") for n, text in enumerate(texts)]
    return [(finding.rule, finding.line) for finding in lint_decisions(records, TODAY)]


def test_lines_and_headings_are_parts() -> None:
    found = read_decision(DEFERRED, "0008-canaries.md")
    assert (found.number, found.title, found.status) == ("0008", "Canary releases", "deferred")
    assert found.date == "2026-03-01"
    assert found.revisit == "more than 50 requests a second for a week"
    assert found.context == "Nobody looks at releases by hand."
    assert "Forever." in found.consequences
    assert found.lines["revisit"] == 5


def test_the_status_may_be_a_section() -> None:
    found = read_decision(SECTIONS)
    assert (found.number, found.title, found.status) == ("3", "Edge", "superseded by 0012")
    assert found.reason == "One proxy less."


def test_the_decisions_of_this_project_are_in_order() -> None:
    paths = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    records = [read_decision(path.read_text(encoding="utf-8"), path.name) for path in paths]
    assert len(records) > 10
    assert all(record.number and record.title for record in records)
    assert lint_decisions(records, TODAY) == ()


def test_a_deferred_decision_with_a_trigger_is_fine() -> None:
    assert rules(DEFERRED) == []


@pytest.mark.parametrize("trigger", ["later", "TBD", "when needed", "if necessary.", "in the future", "n/a"])
def test_a_trigger_that_never_comes_is_none(trigger: str) -> None:
    text = DEFERRED.replace("more than 50 requests a second for a week", trigger)
    assert rules(text) == [("decision-trigger", 5)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Revisit: more than 50 requests a second for a week\n", "", [("decision-trigger", 3)]),
        ("more than 50 requests a second for a week", "on 2026-06-01", [("decision-overdue", 5)]),
        ("more than 50 requests a second for a week", "on 2027-06-01", []),
        ("Status: Deferred\n", "", [("decision-status", 1)]),
        ("Deferred", "perhaps", [("decision-missing", 1), ("decision-status", 3)]),
        ("Deferred", "accepted", [("decision-missing", 1)]),
        ("## Context", "## Story", [("decision-reason", 1)]),
        ("ADR 0008", "ADR 0009", [("decision-number", 1)]),
    ],
)
def test_what_a_record_lacks(before: str, after: str, expected: list[tuple[str, int]]) -> None:
    assert before in DEFERRED
    found = [one for one in rules(DEFERRED.replace(before, after)) if one != ("decision-missing", 1)]
    assert found == [one for one in expected if one != ("decision-missing", 1)]
    missing = ("decision-missing", 1) in rules(DEFERRED.replace(before, after))
    assert missing is ("Deferred" not in DEFERRED.replace(before, after))


def test_what_replaces_a_record_has_to_be_there() -> None:
    assert rules(SECTIONS, path="0003-edge.md") == [("decision-superseded", 3 + 2)]
    assert rules(SECTIONS, SECTIONS.replace("# 3.", "# 12.").replace("Superseded by 0012", "Rejected")) == [
        ("decision-number", 1)
    ]
    assert rules(SECTIONS.replace(" by 0012", ""), path="0003-edge.md") == [("decision-superseded", 5)]


def test_two_records_with_one_number_are_told() -> None:
    assert rules(DEFERRED, DEFERRED) == [("decision-number", 1)]


@pytest.mark.parametrize(("name", "value"), [("status", "accepted"), ("revisit", "a second node"), ("context", "x")])
def test_a_part_is_replaced_and_every_other_byte_stays(name: str, value: str) -> None:
    record = read_decision(DEFERRED)
    changed = with_decision_value(record, name, value)
    assert getattr(changed, name) == value
    assert len(changed.text) == len(DEFERRED) + len(value) - len(getattr(record, name))
    before, after = DEFERRED.splitlines(), changed.text.splitlines()
    assert len([1 for a, b in zip(before, after, strict=True) if a != b]) == 1


SENTENCE = st.lists(st.text("abcxyz", min_size=1, max_size=6), min_size=1, max_size=5).map(" ".join)


PARTS = ("title", "status", "by", "context", "decision", "reason", "consequences", "revisit")
RECORDS = st.fixed_dictionaries(dict.fromkeys(PARTS, SENTENCE)).map(lambda parts: DecisionRecord(number="7", **parts))


@given(RECORDS)
def test_composed_records_are_read_back(record: DecisionRecord) -> None:
    found = read_decision(compose_decision(record))
    for name in ("number", *PARTS):
        assert getattr(found, name) == getattr(record, name)
