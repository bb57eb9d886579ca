"""Results of items, and the states that follow for what consists of them."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.api.plan_world import PlanWorld
from elysium.plans.document.parsing import parse
from elysium.plans.progress.states import combined
from elysium.plans.progress.verification import Verification
from elysium.plans.progress.verifying import Chosen, verify
from elysium.plans.results import Result
from elysium.plans.types import Mark


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PlanWorld]:
    (tmp_path / "there.md").write_text("# Here\n", encoding="utf-8")
    with Workspace(tmp_path, options=Options(plain=True)) as workspace:
        found = PlanWorld(workspace)
        found.today = datetime.date(2026, 11, 21)
        yield found


def told(text: str, world: PlanWorld, **chosen: tuple[str, ...]) -> Verification:
    return verify(parse(text), world, Chosen(**chosen))


def states(found: Verification) -> dict[str, str]:
    return {item.id: f"{item.result}/{item.state}" for item in found.items}


def test_each_way_to_tell_an_item(world: PlanWorld) -> None:
    found = told(
        """# Plan
## Steps
- a <!-- plan: id=there check="exists there.md" -->
- b <!-- plan: id=gone check="exists gone.md" -->
- c <!-- plan: id=both check="exists there.md" check="exists gone.md" -->
- d <!-- plan: id=nothing -->
- e <!-- plan: id=asked manual="it is nice" -->
- f <!-- plan: id=said manual="it is nice" attested="bob 2026-11-20 note" -->
- g <!-- plan: id=lapsed manual="it is nice" attested="bob 2026-01-01 note until 2026-02-01" -->
- h <!-- plan: id=early manual="it is nice" attested="bob 2027-01-01 note" -->
- i <!-- plan: id=open decision -->
- j <!-- plan: id=decided decided="left; because shorter" -->
- k <!-- plan: id=later deferred="more users" -->
- k <!-- plan: id=off deferred="more users" check="exists gone.md" -->
- l <!-- plan: id=command check="run true" -->
- m <!-- plan: id=network check="dns localhost" -->
""",
        world,
    )
    assert states(found) == {
        "there": "pass/complete",
        "gone": "fail/pending",
        "both": "fail/pending",
        "nothing": "unknown/unknown",
        "asked": "unknown/unknown",
        "said": "pass/complete",
        "lapsed": "unknown/unknown",
        "early": "unknown/unknown",
        "open": "fail/pending",
        "decided": "pass/complete",
        "later": "unknown/deferred",
        "off": "unknown/deferred",
        "command": "unknown/unknown",
        "network": "unknown/unknown",
    }
    reasons = {item.id: item.reason for item in found.items}
    assert "--allow-commands" in reasons["command"]
    assert "--live" in reasons["network"]
    assert reasons["later"] == "deferred: more users"
    assert "it is nice" in reasons["asked"]


def test_evidence_says_what_where_when_and_who(world: PlanWorld) -> None:
    found = told(
        """# Plan
- a <!-- plan: id=a check="exists there.md" -->
- b <!-- plan: id=b manual=x attested="bob 2026-11-20 note" -->
""",
        world,
    )
    first, second = (item.evidence[0] for item in found.items)
    assert (first.check, first.path) == ("exists there.md", "there.md")
    assert first.time.endswith("+00:00")
    assert (second.who, second.time) == ("bob", "2026-11-20")


def test_an_item_of_items_is_what_they_are(world: PlanWorld) -> None:
    found = told(
        """# Plan
## Steps
- whole
  - a <!-- plan: id=a check="exists there.md" -->
  - b <!-- plan: id=b check="exists there.md" -->
- half
  - c <!-- plan: id=c check="exists there.md" -->
  - d <!-- plan: id=d check="exists gone.md" -->
- put off
  - e <!-- plan: id=e check="exists there.md" -->
  - f <!-- plan: id=f deferred=later -->
""",
        world,
    )
    assert states(found)["steps-1"] == "pass/complete"
    assert states(found)["steps-2"] == "fail/partial"
    assert states(found)["steps-3"] == "pass/deferred"


def test_what_needs_something_unknown_is_unknown(world: PlanWorld) -> None:
    found = told(
        """# Plan
- a <!-- plan: id=a check="exists there.md" needs=b -->
- b <!-- plan: id=b manual=x -->
- c <!-- plan: id=c check="exists gone.md" needs=b -->
""",
        world,
    )
    assert states(found) == {"a": "unknown/unknown", "b": "unknown/unknown", "c": "fail/pending"}
    assert "it needs b" in found.items[0].reason


_PHASES = """# Plan
## Phase 0 – One
- a <!-- plan: id=a check="exists gone.md" -->

Exit criteria: it is there. <!-- plan: id=x0 check="exists {gate}" -->

## Phase 0.5 – Beside (parallel)
- b <!-- plan: id=b check="exists there.md" -->

## Phase 1 – Two
- c <!-- plan: id=c check="exists there.md" -->

## Phase 2 – Three (optional)
- d <!-- plan: id=d check="exists there.md" -->
"""


@pytest.mark.parametrize(("gate", "blocked"), [("gone.md", ["1", "2"]), ("there.md", [])])
def test_a_phase_is_blocked_until_the_criteria_before_it_pass(gate: str, blocked: list[str], world: PlanWorld) -> None:
    found = told(_PHASES.replace("{gate}", gate), world)
    assert [part.number for part in found.parts if part.blocked_by] == blocked
    assert sorted({item.phase for item in found.items if item.blocked_by}) == blocked
    reasons = {part.blocked_by for part in found.parts if part.blocked_by}
    assert reasons == ({"phase 0 first: x0"} if blocked else set())


def test_only_what_is_chosen_is_asked(world: PlanWorld) -> None:
    text = _PHASES.replace("{gate}", "gone.md")
    assert [item.id for item in told(text, world, phases=("0.5", "1")).items] == ["b", "c"]
    assert [item.id for item in told(text, world, items=("x0",)).items] == ["x0"]


def test_what_is_late_is_named(world: PlanWorld) -> None:
    found = told(
        """# Plan
- a <!-- plan: id=late due=2026-11-20 check="exists gone.md" -->
- b <!-- plan: id=done due=2026-11-20 check="exists there.md" -->
- c <!-- plan: id=today due=2026-11-21 check="exists gone.md" -->
- d <!-- plan: id=later due=2026-11-20 deferred=x -->
""",
        world,
    )
    assert found.overdue == ("late",)


@pytest.mark.parametrize(
    ("together", "state"),
    [
        ((), Mark.UNKNOWN),
        ((Mark.COMPLETE, Mark.COMPLETE), Mark.COMPLETE),
        ((Mark.COMPLETE, Mark.PENDING), Mark.PARTIAL),
        ((Mark.PENDING, Mark.PENDING), Mark.PENDING),
        ((Mark.PENDING, Mark.PARTIAL), Mark.PARTIAL),
        ((Mark.COMPLETE, Mark.DEFERRED), Mark.DEFERRED),
        ((Mark.PENDING, Mark.DEFERRED), Mark.PENDING),
        ((Mark.COMPLETE, Mark.UNKNOWN), Mark.PARTIAL),
        ((Mark.UNKNOWN, Mark.UNKNOWN), Mark.UNKNOWN),
        ((Mark.UNKNOWN, Mark.PENDING), Mark.PENDING),
    ],
)
def test_what_consists_of_several_follows_from_their_states(together: tuple[Mark, ...], state: Mark) -> None:
    assert combined(together) is state
    assert combined(tuple(reversed(together))) is state


def test_a_check_that_many_items_share_is_made_once(world: PlanWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    lock = threading.Lock()
    real = PlanWorld.read

    def counted(self: PlanWorld, path: str) -> str | None:
        with lock:
            asked.append(path)
        return real(self, path)

    monkeypatch.setattr(PlanWorld, "read", counted)
    rows = "".join(f'- {n} <!-- plan: id=i{n} check="contains there.md Here" -->\n' for n in range(50))
    found = told(f"# Plan\n{rows}", world)
    assert found.count(Result.PASS) == 50
    assert len(asked) <= 2  # for the words, and for the digest of the evidence
