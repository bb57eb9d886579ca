"""Findings, impact, application and rollback of a plan, as text and JSON."""

from __future__ import annotations

import json

import msgspec
import pytest

from elysium.api.plan_applying import MovedFile, PlanApplication
from elysium.compare import Category
from elysium.model import ObjectId, Severity
from elysium.plans.document.parsing import parse
from elysium.plans.effects.applying import AppliedStep
from elysium.plans.effects.impact import ImpactEntry, Standing
from elysium.plans.linting import PlanFinding
from elysium.plans.registers import RegisterFinding
from elysium.plans.results import Result
from elysium.plans.undoing.commits import PlanCommits
from elysium.plans.undoing.remaining import Remain, RemainKind
from elysium.plans.undoing.rollback_steps import RollbackStep
from elysium.plans.undoing.rolling_back import Rollback, Verdict
from elysium.present.plans_apply import application_json, print_application, print_step
from elysium.present.plans_diff import print_impact
from elysium.present.plans_findings import print_plan_findings, print_register_findings
from elysium.present.plans_json import impact_json, lint_json, registers_json
from elysium.present.plans_rollback import print_rollback, rollback_json
from elysium.scaffold import Action, Change, Placeholder
from elysium.sources.history import Commit
from tests.present.plans import HOSTILE, shown
from tests.present.test_plans import STEERING

FINDINGS = (
    PlanFinding(lint="rollback", severity=Severity.ERROR, message="no rollback", hint="add one", file="p.md", line=3),
    PlanFinding(
        lint="owner", severity=Severity.WARNING, message="none", hint="name one", item="A", file="p.md", line=5
    ),
    PlanFinding(
        lint="owner", severity=Severity.WARNING, message="none", hint="name one", item="B", file="p.md", line=6
    ),
)
ENTRIES = (
    ImpactEntry(
        standing=Standing.UNDECLARED, category=Category.SERVICE, subject="Service/web/wiki", unit="Kustomization/apps",
        message="Service web/wiki is added; no item of the plan says so", file="apps/wiki/service.yaml", line=1,
    ),
    ImpactEntry(
        standing=Standing.DELIVERED, category=Category.NAMESPACE, subject="Namespace//wiki", item="NS", plan_line=7,
        message="Namespace wiki is added", declared="Namespace//wiki",
    ),
)  # fmt: skip
CREATED = Change(path="apps/wiki/a.yaml", action=Action.CREATE, before=None, text="a")
KEPT = Change(path="apps/k.yaml", action=Action.KEEP, before=None, text="a")
STEPS = (
    AppliedStep(number="1", title="Files", changes=(CREATED,)),
    AppliedStep(number="2", title="Lists", changes=(KEPT,)),
)
COMMITS = PlanCommits(base="a" * 40, head="b" * 40, commits=(Commit(id="c" * 40, subject="wiki: Files"),), by="trailer")
BACK = Rollback(
    plan="wiki",
    commits=COMMITS,
    steps=(
        RollbackStep(title="Suspend it", commands=("flux suspend kustomization apps",), why="so that it rests"),
        RollbackStep(title="Revert", commands=("git revert --no-edit " + "c" * 40,)),
    ),
    remains=(
        Remain(
            kind=RemainKind.LOST, object=ObjectId("", "PersistentVolumeClaim", "wiki", "data"), file="a.yaml", line=2,
            reason="its data go with it",
        ),
    ),
)  # fmt: skip


def test_findings_of_a_file_with_a_hint_that_several_share() -> None:
    assert shown(lambda target: print_plan_findings(target, FINDINGS)).splitlines() == [
        "p.md",
        "  ✗ 3: no rollback  rollback",
        "      → add one",
        "  ! 5: none  owner A",
        "      → name one",
        "  ! 6: none  owner B",
        "",
        "✗ 1 error, 2 warnings",
    ]
    assert shown(lambda target: print_plan_findings(target, ())) == "✓ nothing to object to\n"
    assert shown(lambda target: print_plan_findings(target, FINDINGS[1:])).endswith("✓ no errors, 2 warnings\n")


def test_findings_of_registers_are_shown_alike() -> None:
    found = RegisterFinding(rule="risk-status", message="R1: none", hint="one of", file="RISKS.md", line=4)
    assert "  ✗ 4: R1: none  risk-status" in shown(lambda target: print_register_findings(target, [found]))
    assert json.loads(registers_json([found]))["summary"] == {"error": 1, "warning": 0, "info": 0}


def test_json_of_a_lint_has_findings_and_items() -> None:
    document = json.loads(lint_json(parse("# P\n\n## Phase 1 – A\n\n- [ ] a <!-- plan: id=X -->\n"), FINDINGS))
    assert document["findings"][1] == {
        "lint": "owner", "severity": "warning", "message": "none", "hint": "name one", "item": "A", "file": "p.md",
        "line": 5,
    }  # fmt: skip
    assert [(item["id"], item["result"]) for item in document["items"]] == [("X", "unknown")]
    assert document["summary"] == {"items": 1, "error": 1, "warning": 2, "info": 0}


def test_impact_errors_first() -> None:
    text = shown(lambda target: print_impact(target, ENTRIES))
    assert text.splitlines() == [
        "not declared  1",
        "  ✗ Service web/wiki is added; no item of the plan says so  "
        "service · apps/wiki/service.yaml:1 · Kustomization/apps",
        "",
        "as declared  1",
        "  ✓ Namespace wiki is added  namespace · NS says so (line 7)",
        "",
        "✗ 1 difference, 1 as declared",
    ]
    document = json.loads(impact_json(ENTRIES, "a" * 40, ""))
    assert document["summary"]["errors"] == 1
    assert [entry["error"] for entry in document["entries"]] == [True, False]


@pytest.mark.parametrize(("standing", "mark"), [(Standing.UNKNOWN, "?"), (Standing.DELIVERED, "✓")])
def test_impact_without_errors(standing: Standing, mark: str) -> None:
    entry = ImpactEntry(standing=standing, category=Category.SERVICE, subject="s", message="m")
    assert shown(lambda target: print_impact(target, [entry])).splitlines()[-1].startswith(mark)


def test_of_what_needs_no_declaration_only_some_is_listed() -> None:
    entry = ImpactEntry(standing=Standing.LISTED, category=Category.SERVICE, subject="s", message="m")
    assert "and 10 more" in shown(lambda target: print_impact(target, [entry] * 30))
    assert "more" not in shown(lambda target: print_impact(target, [entry] * 30, everything=True))


def test_steps_of_an_application_with_their_files() -> None:
    open_ = Placeholder(path="apps/wiki/s.yaml", namespace="wiki", name="db", key="password", what="a password")
    application = PlanApplication(root="/", name="wiki", steps=STEPS, placeholders=(open_,), notes=("Then wait.",))
    assert shown(lambda target: print_application(target, application)).splitlines() == [
        "· step 1: Files",
        "    + apps/wiki/a.yaml",
        "✓ step 2: Lists  nothing to do",
        "! db/password: a password: a placeholder is sealed until",
        "    elysium secrets create generic db -n wiki --from-stdin password --into apps/wiki/s.yaml",
        "Then wait.",
        "· 1 step to be written, 1 file",
    ]
    done = shown(lambda target: print_application(target, application, written=True, commits={"1": "0123456789abcdef"}))
    assert done.startswith("✓ step 1: Files  commit 0123456789\n    + apps/wiki/a.yaml\n")
    assert done.endswith("✓ 1 step written, 1 file\n")
    document = json.loads(application_json(application, written=True, commits={"1": "abc"}))
    assert [(step["number"], step["open"], step["commit"]) for step in document["steps"]] == [
        ("1", True, "abc"),
        ("2", False, ""),
    ]
    assert shown(lambda target: print_step(target, STEPS[0], commit="0123456789abcdef")).startswith(
        "· step 1: Files  commit 0123456789\n"
    )


def test_a_step_with_a_conflict_is_not_done() -> None:
    change = msgspec.structs.replace(CREATED, action=Action.CONFLICT, reason="is there")
    step = AppliedStep(number="3", title="Secrets", changes=(change,))
    assert shown(lambda target: print_step(target, step)).splitlines()[0] == "✗ step 3: Secrets"


def test_an_application_that_cannot_go_on_says_why() -> None:
    moved = PlanApplication(root="/", name="wiki", steps=STEPS, moved=(MovedFile(path="apps/k.yaml", diff="-a\n+b\n"),))
    text = shown(lambda target: print_application(target, moved, diffs=True))
    assert "not what the plan was made from\n  ✗ apps/k.yaml\n" in text
    assert "+b" in text
    assert text.endswith("✗ 1 file moved: nothing is written\n")
    clash = Change(path="a", action=Action.CONFLICT, before="a", text="b", reason="you edited it")
    conflict = PlanApplication(root="/", name="wiki", steps=(AppliedStep(number="", title="", changes=(clash,)),))
    text = shown(lambda target: print_application(target, conflict))
    assert "    ✗ a  you edited it\n" in text
    assert text.endswith("✗ 1 conflict: these files stay as they are\n")


def test_a_rollback_is_steps_what_does_not_come_back_and_how_a_trial_went() -> None:
    verdict = Verdict(result=Result.PASS, reason="every file is as in the base")
    assert shown(lambda target: print_rollback(target, BACK, verdict)).splitlines() == [
        "to revert  1 commit since aaaaaaaaaa, found by the plan's name in them",
        "  cccccccccc wiki: Files",
        "",
        "1. Suspend it",
        "   so that it rests",
        "   flux suspend kustomization apps",
        "",
        "2. Revert",
        f"   git revert --no-edit {'c' * 40}",
        "",
        "lost for good",
        "  ! PersistentVolumeClaim/wiki/data: its data go with it  a.yaml:2",
        "",
        "✓ every file is as in the base",
    ]
    document = json.loads(rollback_json(BACK, verdict))
    assert document["verdict"] == {"result": "pass", "reason": "every file is as in the base"}
    assert document["remains"][0]["kind"] == "lost"
    assert json.loads(rollback_json(BACK))["verdict"] is None


def test_nothing_of_a_hostile_plan_steers_anything() -> None:
    finding = PlanFinding(lint="l", severity=Severity.ERROR, message=HOSTILE, hint=HOSTILE, item=HOSTILE, file=HOSTILE)
    entry = ImpactEntry(
        standing=Standing.UNDELIVERED, category=Category.SERVICE, subject=HOSTILE, message=HOSTILE, item=HOSTILE,
        file=HOSTILE, unit=HOSTILE,
    )  # fmt: skip
    change = Change(path=HOSTILE, action=Action.CHANGE, before="y", text=HOSTILE, reason=HOSTILE)
    step = AppliedStep(number="1", title=HOSTILE, changes=(change,))
    application = PlanApplication(root="/", name="x", steps=(step,), moved=(MovedFile(path=HOSTILE, diff=HOSTILE),))
    gone = ObjectId("", HOSTILE, "", HOSTILE)
    back = Rollback(
        plan=HOSTILE,
        commits=PlanCommits(base="a", head="b", commits=(Commit(id="c", subject=HOSTILE),), changed=(HOSTILE,)),
        steps=(RollbackStep(title=HOSTILE, commands=(HOSTILE,), why=HOSTILE),),
        remains=(Remain(kind=RemainKind.LOST, object=gone, reason=HOSTILE, command=HOSTILE),),
    )
    verdict = Verdict(result=Result.FAIL, reason=HOSTILE)
    for text in (
        shown(lambda target: print_plan_findings(target, [finding])),
        shown(lambda target: print_impact(target, [entry])),
        shown(lambda target: print_application(target, application, diffs=True)),
        shown(lambda target: print_rollback(target, back, verdict)),
    ):
        assert not STEERING.search(text)
