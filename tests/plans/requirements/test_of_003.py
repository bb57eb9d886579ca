"""Roadmaps: phases that stand alone, computed marks, decisions and work that are put off, criteria of completion."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gitting import commit
from tests.plans.deploying.samples import repository as example
from tests.plans.importing.documents import bytes_of
from tests.plans.requirements.calling import elysium, results, told, write

NAME = "platform-roadmap"


@pytest.fixture
def roadmap(repository: Path) -> Path:
    """A repository in which a roadmap was imported."""
    (repository / f"{NAME}.md").write_bytes(bytes_of(NAME))
    elysium(repository, f"plan import {NAME}.md -o plan.md")
    return repository


def test_all_phases_are_kept_and_those_that_cannot_stand_alone_are_named(roadmap: Path) -> None:
    """3.S1: decimal numbers, too."""
    found = told(roadmap, "plan status plan.md", 1)
    numbers = [part["number"] for part in found["phases"]]
    assert numbers == ["0", "0.5", "1", "2", "3", "4", "5", "6", "7"]
    elysium(roadmap, "plan export plan.md -o back.md")
    assert (roadmap / "back.md").read_bytes() == bytes_of(NAME)
    alone = [one for one in told(roadmap, "plan lint plan.md", 1)["findings"] if one["lint"] == "phase-not-alone"]
    assert alone
    lines = (roadmap / "plan.md").read_text(encoding="utf-8").splitlines()
    assert all(lines[one["line"] - 1].startswith("## ") for one in alone)


def test_marks_are_computed_and_those_that_are_not_so_are_told(roadmap: Path) -> None:
    """3.S2: a phase is marked complete, and what it delivers is not there."""
    claims = told(roadmap, "plan status plan.md", 1)["claims"]
    text = (roadmap / "plan.md").read_text(encoding="utf-8").splitlines()
    assert any("Phase 1 (Charts)" in text[claim["line"] - 1] for claim in claims)


@pytest.fixture
def adopted(tmp_path: Path) -> Path:
    """The example, with a plan that brings applications into a cluster."""
    root = example(tmp_path)
    elysium(root, "plan new cluster-adoption shop -o plan.md --yes")
    return root


def test_later_work_is_deferred_with_a_trigger_and_stands_apart(adopted: Path) -> None:
    """3.N3: in the plan that is drafted; a trigger that lacks is found."""
    items = {item["id"]: item for item in told(adopted, "plan status plan.md")["items"]}
    later = {name: item for name, item in items.items() if name.startswith("later-")}
    assert len(later) == 5
    assert {item["state"] for item in later.values()} == {"deferred"}
    assert all(item["reason"].removeprefix("deferred: ") for item in later.values())
    shown = elysium(adopted, "plan status plan.md")
    assert shown.index("\ndeferred ") > shown.index("  phase ")
    assert "A service mesh.  deferred: traffic between components" in " ".join(shown.split()).replace(". d", ".  d")
    text = (adopted / "plan.md").read_text(encoding="utf-8")
    cut = next(line for line in text.splitlines() if "id=later-1" in line)
    write(adopted, "bare.md", text.replace(cut, "- A service mesh. <!-- plan: id=later-1 -->"))
    found = told(adopted, "plan lint bare.md", 1)["findings"]
    assert "deferred-without-trigger" in [one["lint"] for one in found]


def test_criteria_of_completion_have_evidence_and_the_delta_is_derived(adopted: Path) -> None:
    """3.N4: eight, each with its result and reason; what is open is counted, not typed."""
    before = told(adopted, "plan verify plan.md --section completion", 1)
    assert len(before["items"]) == 8
    assert all(item["reason"] for item in before["items"])
    assert results(before)["completion-5"] == "fail"
    write(adopted, "k8s/base/namespaces.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: apps}\n")
    write(adopted, "charts/api/templates/serviceaccount.yaml", "kind: ServiceAccount\n")
    after = told(adopted, "plan verify plan.md --item completion-5", 0)
    (item,) = after["items"]
    assert item["evidence"][0]["path"] == "k8s/base/namespaces.yaml"


def test_a_deferred_decision_has_a_trigger(repository: Path) -> None:
    """3.8: without one, the register of decisions fails."""
    write(repository, "clusters/home/flux-system/kustomization.yaml", "resources: []\n")
    path, trigger = "docs/decisions/0001-progressive-delivery.md", "Revisit: more than 100 requests a second\n"
    record = (
        f"# 1. Progressive delivery\n\nStatus: Deferred\nDate: 2026-11-01\n{trigger}\n"
        "## Context\nA bad release costs little.\n\n## Consequences\nIt reaches everybody.\n"
    )
    write(repository, path, record)
    commit(repository, "Decide")
    assert told(repository, "plan registers")["findings"] == []
    write(repository, path, record.replace(trigger, ""))
    (finding,) = told(repository, "plan registers", 1)["findings"]
    assert (finding["rule"], finding["file"]) == ("decision-trigger", path)


def test_a_plan_may_begin_before_there_is_a_chart_or_a_cluster(repository: Path) -> None:
    """The first phase finds nothing yet."""
    write(repository, "README.md", "# Shop\n")
    commit(repository, "Begin")
    elysium(repository, "plan new cluster-adoption shop -o plan.md --yes")
    assert results(told(repository, "plan verify plan.md --section completion", 1))["completion-5"] == "fail"
    steps = told(repository, "plan apply plan.md --dry-run")["steps"]
    files = {file["path"] for step in steps for file in step["files"]}
    assert {"charts/api/Chart.yaml", "packages/api/Dockerfile", ".github/workflows/ci.yml"} <= files
