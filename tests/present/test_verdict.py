"""The last line: what is known already is not called good."""

from __future__ import annotations

from elysium.api import Comparison, Report
from elysium.check import summarise
from elysium.model import Render
from elysium.present.verdict import verdict


def report(*comparisons: Comparison) -> Report:
    render = Render(revision="main", digest="", flux="2.9", kubernetes="1.37", clusters=("clusters/home",), units=())
    return Report(revision="main", findings=(), units=(), summary=summarise(render, ()), comparisons=comparisons)


def test_what_a_baseline_holds_is_counted_and_passes() -> None:
    found = verdict(report(Comparison(against="known.json", known=2, gone=1)), "warning")
    assert found.passed
    assert str(found) == "✓ nothing new: 2 findings known"


def test_nothing_found_and_nothing_known_is_good() -> None:
    assert str(verdict(report(Comparison(against="main", known=0, gone=0)), "error")).startswith("✓ all good")
