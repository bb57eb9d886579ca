"""The shared checklist of a project."""

from __future__ import annotations

import datetime

from elysium.plans.exporting import checklist
from elysium.plans.types import Mark
from tests.plans.exporting.plans import plan

TODAY = datetime.date(2026, 11, 21)


def test_items_stand_below_their_owner_by_due_day() -> None:
    text = checklist(plan(), TODAY, {"NS": Mark.COMPLETE})
    mine = text.partition("## Platform team")[2].partition("\n## ")[0].strip().splitlines()
    assert mine == [
        "- [ ] 2026-10-01 **overdue** · ✅ Seal the `password`, see <https://wiki.example.org> "
        "(Phase 0: Groundwork ⏳ · `SEAL`)",
        "- [x] 2026-11-01 · Write the namespace (Phase 0: Groundwork ⏳ · `NS`)",
    ]


def test_an_owner_that_nobody_named_is_unknown() -> None:
    assert "## unknown\n\n- [ ] 2026-11-01 **overdue** · the namespace is there" in checklist(plan(), TODAY)


def test_what_is_deferred_stands_apart_with_its_trigger() -> None:
    text = checklist(plan(), TODAY)
    assert "Deferred:\n\n- 💤 Remove the old one (`OLD`): until nobody asked for it for a month" in text
    assert "- [ ] 💤" not in text
