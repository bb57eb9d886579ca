"""A plan that was really verified: its marks are fixed, its finished phase is archived, what is open is exported."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from elysium.api import Workspace
from elysium.api.planning import verify_plan
from elysium.plans.document.parsing import parse
from elysium.plans.exporting import archive, archived_texts, calendar, fix_marks, issues_by_item, misstated
from elysium.plans.progress.verification import Verification
from elysium.plans.registers import lint_history, read_changes, with_change
from elysium.plans.types import Mark, PartKind, Plan
from tests.gitting import commit, git
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

PLAN = """\
# Wiki

## Progress snapshot

- Phase 1: ⏳ Pending
- Phase 2: ✅ Complete

## Phase 1 – Files ⏳ <!-- plan: owner=alice -->

- [ ] The folder <!-- plan: id=FOLDER check="exists apps" due=2026-01-01 -->
- ⏳ The list <!-- plan: id=LIST check="contains apps/a.yaml ConfigMap" -->

## Phase 2 – Names

- [x] The name <!-- plan: id=NAME needs=FOLDER check="exists dns/wiki" due=2026-01-01 -->
- ✅ The note, by hand <!-- plan: id=NOTE -->
"""
FILES = {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/a.yaml": config_map("a", "web", "{a: b}")}
TODAY = datetime.date(2026, 11, 21)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    write_repository(tmp_path, FILES)
    commit(tmp_path)
    with Workspace(tmp_path) as found:
        yield found


def states(found: Verification) -> dict[str, Mark]:
    return {item.id: item.state for item in found.items}


def finished(found: Verification) -> set[int]:
    return {part.line for part in found.parts if part.kind is PartKind.PHASE and part.state is Mark.COMPLETE}


def verified(workspace: Workspace, text: str) -> tuple[Plan, Verification]:
    plan = parse(text, "plans/wiki.md")
    return plan, verify_plan(workspace, plan)


def test_marks_say_afterwards_what_was_computed(workspace: Workspace) -> None:
    fixed = fix_marks(*verified(workspace, PLAN))
    expected = (
        PLAN.replace("Phase 1: ⏳", "Phase 1: ✅").replace("Phase 2: ✅", "Phase 2: ⏳").replace("Files ⏳", "Files ✅")
    )
    expected = expected.replace("[ ] The folder", "[x] The folder").replace("⏳ The list", "✅ The list")
    assert fixed == expected.replace("[x] The name", "[ ] The name")
    assert "✅ The note" in fixed, "nothing tells, so nothing is said"
    again, found = verified(workspace, fixed)
    assert fix_marks(again, found) == fixed
    assert misstated(again, found) == ()


def test_a_finished_phase_moves_and_the_rest_verifies_as_before(workspace: Workspace) -> None:
    plan, found = verified(workspace, PLAN)
    moved = archive(plan, finished(found), TODAY)
    assert moved.phases == ("Phase 1: Files ⏳",)
    assert archived_texts(moved.entry)[0] in PLAN
    _, left = verified(workspace, moved.plan)
    before = states(found)
    assert states(left)["NAME"] is before["NAME"] is Mark.PENDING
    assert states(left)["NOTE"] is before["NOTE"]


def test_the_entry_of_an_archived_phase_satisfies_git(workspace: Workspace) -> None:
    plan, found = verified(workspace, PLAN)
    base = git(workspace.root, "rev-parse", "HEAD")
    write_repository(workspace.root, {"plans/wiki.md": "moved\n"})
    entry = archive(plan, finished(found), TODAY).entry
    (workspace.root / "plans/CHANGES.md").write_text(with_change("", entry), encoding="utf-8")
    commit(workspace.root)
    log = read_changes(with_change("", entry), "plans/CHANGES.md")
    assert lint_history(log, workspace.root, f"{base}..HEAD", ("plans",)) == ()


def test_only_what_is_open_becomes_an_issue_or_an_appointment(workspace: Workspace) -> None:
    plan, found = verified(workspace, PLAN)
    known = states(found)
    assert [issue.key for issue in issues_by_item(plan, known) if issue.milestone] == ["NAME", "NOTE"]
    text = calendar(plan, datetime.datetime.now(datetime.UTC), known)
    assert "The name" in text
    assert "The folder" not in text
