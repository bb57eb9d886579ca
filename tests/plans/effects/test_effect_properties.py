"""What holds for the effect of a plan whatever the renders are."""

from __future__ import annotations

from hypothesis import given

from elysium.compare import compare
from elysium.model import Render
from elysium.plans.document.parsing import parse
from elysium.plans.effects.declaring import declare
from elysium.plans.effects.impact import impact
from elysium.plans.types import Plan
from elysium.plans.undoing.remaining import RemainKind, remaining
from tests.compare.test_properties import renders


def plan_of(*declared: str) -> Plan:
    """A plan with one item that declares these."""
    words = " ".join(f'impact="{text}"' for text in declared)
    return parse(f"# Plan\n\n- Everything <!-- plan: id=A1 {words} -->\n")


@given(renders(), renders())
def test_what_is_declared_for_a_difference_satisfies_it(base: Render, head: Render) -> None:
    words = [entry.impact for group in declare(base, head) for entry in group.entries if entry.impact]
    assert [entry for entry in impact(plan_of(*words), base, head) if entry.is_error] == []


@given(renders(), renders())
def test_an_empty_plan_has_an_error_for_every_declaration_that_counts(base: Render, head: Render) -> None:
    entries = impact(plan_of(), base, head)
    assert {entry.standing.value for entry in entries} <= {"undeclared", "unknown", "listed"}
    assert impact(plan_of(), base, base) == tuple(
        entry for entry in impact(plan_of(), base, base) if entry.standing.value == "unknown"
    )


@given(renders(), renders())
def test_what_does_not_differ_leaves_nothing(base: Render, head: Render) -> None:
    assert {item.kind for item in remaining(compare(base, base), base, base)} <= {RemainKind.UNKNOWN}
    remaining(compare(base, head), base, head)
