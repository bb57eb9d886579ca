"""Plans of phases with two owners: gates, issues, decisions, checklists, and a log of changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.gitting import commit, git
from tests.plans.deploying.samples import repository as example
from tests.plans.importing.documents import bytes_of
from tests.plans.requirements.calling import elysium, results, told, write

NAME = "staging-environments"
GATED = """# Stages

## Phase 0 – Begin

**Toolsmith**
- Write `README.md` <!-- plan: id=readme check="exists README.md" due=2026-01-05 -->

Exit criteria: the way in is written down. <!-- plan: id=gate check="exists docs/way-in.md" -->

## Phase 1 – Go on

**Site engineer**
- Write `LICENSE` <!-- plan: id=licence check="exists LICENSE" due=2026-02-05 -->
- Decide where TLS ends <!-- plan: id=tls decision -->

Exit criteria: it is there. <!-- plan: id=done check="exists LICENSE" -->
"""


@pytest.fixture
def staged(repository: Path) -> Path:
    """A repository in which a document of phases was imported."""
    (repository / f"{NAME}.md").write_bytes(bytes_of(NAME))
    elysium(repository, f"plan import {NAME}.md -o plan.md")
    return repository


@pytest.fixture
def gated(repository: Path) -> Path:
    """A repository with a plan of two phases, the first of which is not over."""
    write(repository, "plan.md", GATED)
    write(repository, "README.md", "# Stages\n")
    write(repository, "LICENSE", "none\n")
    return repository


def phases(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {part["number"]: part for part in found["phases"]}


def test_phases_and_their_owners_are_kept(staged: Path) -> None:
    """2.0: every phase, both owners, exit criteria for each; work without an owner is nobody's."""
    found = told(staged, "plan status plan.md --by phase,owner", 1)
    assert list(phases(found)) == list("0123456")
    assert {item["owner"] for item in found["items"] if item["role"] == "task"} == {"Toolsmith", "Site engineer", ""}
    assert {item["phase"] for item in found["items"] if item["role"] == "criterion"} == set("0123456")
    assert [group["by"] for group in found["groups"]][:2] == [
        {"phase": found["groups"][0]["by"]["phase"], "owner": owner} for owner in ("Toolsmith", "Site engineer")
    ]


def test_a_phase_waits_for_the_exit_criteria_of_the_one_before(gated: Path) -> None:
    """2.0: blocked, although everything in it is done; free when the criterion passes."""
    elysium(gated, 'plan decide plan.md tls "at the edge" --by bob --because "one certificate is enough"')
    before = phases(told(gated, "plan status plan.md"))
    assert before["1"]["blocked_by"] == "phase 0 first: gate"
    write(gated, "docs/way-in.md", "# The way in\n")
    after = phases(told(gated, "plan status plan.md"))
    assert (after["1"]["state"], after["1"]["blocked_by"]) == ("complete", "")


def test_items_become_issues_that_nobody_sends(staged: Path) -> None:
    """2.P0a: one file for each item, by phase and owner."""
    elysium(staged, "plan export plan.md --format issues -o issues")
    texts = [path.read_text(encoding="utf-8") for path in (staged / "issues").rglob("*") if path.is_file()]
    items = [item for item in told(staged, "plan status plan.md", 1)["items"] if not item["parents"]]
    assert len(texts) >= len(items) > 20
    assert any("Open an issue for every phase" in text for text in texts)


def test_the_decision_about_certificates_has_to_be_recorded(gated: Path) -> None:
    """2.P3e: open, it fails; recorded with who and why, it passes."""
    assert results(told(gated, "plan verify plan.md --phase 1", 1))["tls"] == "fail"
    elysium(gated, 'plan decide plan.md tls "at the edge" --by bob --because "one certificate is enough"')
    (item,) = told(gated, "plan verify plan.md --item tls")["items"]
    assert item["result"] == "pass"
    assert "at the edge, because one certificate is enough" in item["reason"]
    assert item["evidence"][0]["who"] == "bob"


def test_the_checklist_has_owners_and_due_days(gated: Path) -> None:
    """2.M1: by owner and day; what is overdue fails under --strict; issues and a calendar come from it."""
    (gated / "LICENSE").unlink()
    found = told(gated, "plan status plan.md --by owner,due")
    assert {"owner": "Site engineer", "due": "2026-02-05"} in [group["by"] for group in found["groups"]]
    assert found["overdue"] == ["licence"]
    elysium(gated, "plan status plan.md --by owner,due --strict", 1)
    assert "DTSTART;VALUE=DATE:20260205" in elysium(gated, "plan export plan.md --format calendar")
    elysium(gated, "plan export plan.md --format issues -o issues")
    assert any("2026-02-05" in path.read_text(encoding="utf-8") for path in (gated / "issues").rglob("*.*"))


def test_every_change_has_a_complete_entry(gated: Path) -> None:
    """2.M2: date, owner, summary and rollback; a change without an entry, or with half of one, is named."""
    log = "| Date | Owner | Summary | Rollback |\n|-|-|-|-|\n| 2026-01-01 | bob | It begins | Revert it |\n"
    write(gated, "devops/change-log.md", log)
    write(gated, "clusters/home/flux-system/kustomization.yaml", "resources: []\n")
    base = commit(gated, "Begin")
    write(gated, "devops/quota.md", "20 previews\n")
    commit(gated, "Add a quota")
    line = f"plan registers --change-log devops/change-log.md --since {base}"
    assert "Add a quota" in elysium(gated, line, 1)
    write(gated, "devops/change-log.md", log + "| 2026-01-02 | bob | A quota | |\n")
    commit(gated, "Log it")
    assert "rollback" in elysium(gated, line, 1)
    write(gated, "devops/change-log.md", log + "| 2026-01-02 | bob | A quota | Revert it |\n")
    commit(gated, "Complete the log")
    elysium(gated, line)
    assert git(gated, "status", "--porcelain") == ""


def test_a_folder_for_infrastructure_has_its_place(tmp_path: Path) -> None:
    """2.P0a: `devops/` beside the folders of the cluster is no fault of the layout; where it is not, that is told."""
    root = example(tmp_path)
    line = "check --rules layout --profile review devops/"
    elysium(root, line, 2)
    write(root, "devops/README.md", "# Tools\n")
    write(root, "devops/k8s/quota.yaml", "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: preview}\nspec: {}\n")
    elysium(root, line)
