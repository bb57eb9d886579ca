"""Linting ends, soon and without an error, whatever the plan says: a plan under review is nobody's friend."""

from __future__ import annotations

import datetime
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.errors import PlanError
from elysium.plans.document.parsing import parse
from elysium.plans.kinds import KINDS
from elysium.plans.linting import LINTS, lint
from elysium.plans.types import Plan
from tests.plans.document.random_plans import markdown, plans

TODAY = datetime.date(2026, 11, 21)
_KINDS = st.sampled_from([*KINDS, "no such kind", ""])


def _all(plan: Plan, kind: str) -> None:
    lines = plan.text.count("\n") + 2
    for finding in lint(msgspec.structs.replace(plan, kind=kind), strict=True, today=TODAY, exists=bool):
        assert finding.message
        assert finding.hint
        assert finding.line >= 0
        assert plan.text == "" or finding.line <= lines


@given(plans, _KINDS)
def test_any_typed_plan_can_be_linted(plan: Plan, kind: str) -> None:
    for finding in lint(msgspec.structs.replace(plan, kind=kind), strict=True, today=TODAY):
        assert finding.hint


@given(markdown, _KINDS)
def test_any_document_can_be_linted(text: str, kind: str) -> None:
    _all(parse(text), kind)


@given(st.text(max_size=400), _KINDS)
def test_any_text_can_be_linted(text: str, kind: str) -> None:
    try:
        plan = parse(text)
    except PlanError:
        return
    _all(plan, kind)


_HOSTILE = {
    "headings": "# a\n" * 3000,
    "nested headings": "".join(f"{'#' * (number % 6 + 1)} Phase {number}\n\n- x\n" for number in range(1000)),
    "deep lists": "".join("  " * depth + f"- item {depth}\n" for depth in range(60)),
    "one long line": "# x\n\n- " + "kubectl -n a " * 20_000,
    "one long word": "# x\n\n- " + "a" * 200_000,
    "colons": "# x\n\n- " + "password: " * 20_000,
    "brackets": "# x\n\n- " + "[](" * 20_000,
    "angles": "# x\n\n- " + "<a" * 20_000,
    "backticks": "# x\n\n- " + "`a " * 20_000,
    "open fence": "# x\n\n```sh\n" + "kubectl \\\n" * 5_000,
    "dashes": "# x\n\n- " + "- " * 20_000,
    "review": "# x\n\n- " + "review plan " * 10_000,
    "images": "# x\n\n- " + "a/b:" * 20_000,
    "many links": "# x\n\n" + ("[](" * 2_000 + "\n") * 50,
    "many pairs": "# x\n\n" + ("password=" * 400 + "\n") * 200,
    "many marks": "# Risks\n\n- " + ":" * 100_000,
    "many needs": "# x\n\n" + "".join(
        f"- t <!-- plan: id=i{number} needs=i{number + 1},i{number + 2} -->\n" for number in range(1500)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", _HOSTILE)
def test_linting_takes_no_longer_than_reading_deserves(name: str) -> None:
    plan = parse(_HOSTILE[name])
    for kind in ("deploy-app", "cluster-adoption"):
        started = time.perf_counter()
        _all(msgspec.structs.replace(plan, kind=kind), kind)
        assert time.perf_counter() - started < 4


def test_a_plan_of_500_items_is_linted_in_a_blink() -> None:
    phases = "".join(
        f"## Phase {phase} – Part {phase}\n\n"
        + "".join(
            f"- Task {item} of `apps/base/wiki`. <!-- plan: id=P{phase}.{item} owner=a check=\"exists x\" -->\n"
            for item in range(50)
        )
        for phase in range(10)
    )  # fmt: skip
    plan = parse(phases)
    started = time.perf_counter()
    findings = lint(plan, strict=True, today=TODAY)
    assert time.perf_counter() - started < 0.3
    assert len([finding for finding in findings if finding.lint == "phase-without-exit"]) == 10


def test_lints_have_names_and_summaries() -> None:
    assert len({each.name for each in LINTS}) == len(LINTS)
    assert all(each.summary and not each.summary.endswith(".") for each in LINTS)
