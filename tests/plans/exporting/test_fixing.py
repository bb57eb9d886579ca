"""Typed marks against computed states."""

from __future__ import annotations

import difflib

import pytest

from elysium.plans.exporting import fix_marks, misstated
from elysium.plans.types import Mark
from tests.plans.exporting.plans import PLAN, plan, verification

ITEMS = {"NS": Mark.COMPLETE, "SEAL": Mark.PENDING, "DNS": Mark.PARTIAL, "OLD": Mark.DEFERRED}
PHASES = {"0": Mark.PARTIAL, "1": Mark.PENDING}


def changed(before: str, after: str) -> list[str]:
    """The changed lines as they became."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line[2:] for line in lines if line.startswith("+ ")]


def test_signs_and_boxes_become_what_was_computed_and_nothing_else_changes() -> None:
    fixed = fix_marks(plan(), verification(plan(), ITEMS, PHASES))
    assert changed(PLAN, fixed) == [
        "- Phase 0 (Groundwork): 🟡 Not started",
        "- Phases 0 & 1: 🟡 Complete",
        "## Phase 0 – Groundwork 🟡 <!-- plan: due=2026-11-01 -->",
        '- [x] Write the namespace <!-- plan: id=NS check="exists apps/base/wiki/namespace.yaml" -->',
        "- ⏳ Seal the `password`, see <https://wiki.example.org> "
        '<!-- plan: id=SEAL due=2026-10-01 manual="who has it" -->',
        "- [ ] Point the name at the new place <!-- plan: id=DNS needs=NS,SEAL due=2026-12-24 -->",
    ]


def test_a_second_run_changes_nothing() -> None:
    fixed = fix_marks(plan(), verification(plan(), ITEMS, PHASES))
    again = plan(fixed)
    assert fix_marks(again, verification(again, ITEMS, PHASES)) == fixed
    assert misstated(again, verification(again, ITEMS, PHASES)) == ()


def test_what_is_wrong_is_told_by_line() -> None:
    found = misstated(plan(), verification(plan(), ITEMS, PHASES))
    assert [(one.line, one.said, one.state) for one in found] == [
        (8, Mark.PENDING, Mark.PARTIAL),
        (9, Mark.COMPLETE, Mark.PARTIAL),
        (11, Mark.PENDING, Mark.PARTIAL),
        (16, Mark.COMPLETE, Mark.PENDING),
        (29, Mark.COMPLETE, Mark.PARTIAL),
    ]


def test_a_box_that_nobody_ticked_claims_nothing_and_a_sign_beside_it_is_the_claim() -> None:
    of = plan("# P\n\n- [ ] ⏳ a <!-- plan: id=A -->\n- [ ] b <!-- plan: id=B -->\n- [x] ⏳ c <!-- plan: id=C -->\n")
    found = verification(of, {"A": Mark.COMPLETE, "B": Mark.COMPLETE, "C": Mark.PENDING})
    assert [(one.about, one.said) for one in misstated(of, found)] == [("A", Mark.PENDING)]
    assert fix_marks(of, found).count("[x]") == 2


def test_what_is_said_of_an_item_counts_before_what_is_said_of_its_phase() -> None:
    of = plan("# P\n\n## Phase 1 – A\n\n- b\n\n## Snapshot\n\n- Phase 1: ⏳ <!-- plan: id=X -->\n")
    found = verification(of, {"X": Mark.PENDING}, {"1": Mark.COMPLETE})
    assert misstated(of, found) == ()
    assert fix_marks(of, found) == of.text


def test_what_is_not_known_stays_as_it_was_typed() -> None:
    unknown = dict.fromkeys(ITEMS, Mark.UNKNOWN)
    assert fix_marks(plan(), verification(plan(), unknown, dict.fromkeys(PHASES, Mark.UNKNOWN))) == PLAN


def test_what_is_blocked_is_not_complete_and_nothing_more_is_said_of_it() -> None:
    of = plan("# P\n\n## Phase 1 – A ✅\n\n## Phase 2 – B 🟡\n\n## Phase 3 – C 💤\n")
    fixed = fix_marks(of, verification(of, {}, dict.fromkeys("123", Mark.BLOCKED)))
    assert fixed == "# P\n\n## Phase 1 – A ⏳\n\n## Phase 2 – B 🟡\n\n## Phase 3 – C 💤\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_the_first_sign_of_a_line_is_the_claim_and_none_of_an_annotation(newline: str) -> None:
    said = newline.join((
        "# P", "", "## Phase 1 – A", "",
        "- ⏳ Security (namespaces ✅ created) <!-- plan: id=A -->",
        '- [ ] plain <!-- plan: id=B file="✅.md" -->', "",
    ))  # fmt: skip
    of = plan(said)
    fixed = fix_marks(of, verification(of, {"A": Mark.COMPLETE, "B": Mark.PENDING}))
    assert fixed == said.replace("⏳ Security", "✅ Security")


def test_a_legend_is_no_claim() -> None:
    fixed = fix_marks(plan(), verification(plan(), ITEMS, PHASES))
    assert "Status codes: ✅ complete • 🟡 partial • ⏳ pending • 💤 deferred" in fixed
