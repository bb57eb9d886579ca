"""Long plans: 500 items are read, judged, printed and verified; 200 checks of files and objects render once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import elysium.render
from elysium.api import Options, Workspace
from elysium.api.planning import lint_plan, verify_plan
from elysium.plans import Result, compose, parse
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

ITEMS = 500
CHECKS = 200
EXAMPLE = Path(__file__).parents[2] / "examples" / "kyrion"


def roadmap() -> str:
    """Ten phases of fifty items: half of the files that they ask for are there."""
    lines = ["# Roadmap", ""]
    for phase in range(10):
        lines += [f"## Phase {phase}: Part {phase}", "", "**alice**", ""]
        for number in range(49):
            told = f'check="exists notes/{phase}-{number}.txt" needs=P{phase}-{number}' if number else "check=render"
            lines.append(f"- [ ] Note {number} of part {phase} <!-- plan: {told} -->")
        lines += ["", "Exit criteria:", "", f"- Part {phase} renders <!-- plan: check=render -->", ""]
    return "\n".join(lines)


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """An entry for every time that a repository is rendered; it is rendered all the same."""
    calls: list[None] = []
    render = elysium.render.render_clusters

    def counting(*arguments: Any, **named: Any) -> Any:
        calls.append(None)
        return render(*arguments, **named)

    monkeypatch.setattr(elysium.render, "render_clusters", counting)
    return calls


def test_a_plan_of_500_items_is_read_judged_printed_and_verified(repository: Path, renders: list[None]) -> None:
    notes = {f"notes/{phase}-{number}.txt": "done\n" for phase in range(5) for number in range(49)}
    settings = config_map("settings", "default", "{key: value}")
    apps = {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/settings.yaml": settings}
    write_repository(repository, apps | notes)
    plan = parse(roadmap(), "roadmap.md")
    assert len(list(plan.places())) == ITEMS
    assert {finding.lint for finding in lint_plan(plan, repository)} == {"missing-rollback"}
    printed = parse(compose(plan), "roadmap.md")
    assert compose(printed) == compose(plan)
    assert [place.item.checks for place in printed.places()] == [place.item.checks for place in plan.places()]
    with Workspace(repository) as workspace:
        found = verify_plan(workspace, plan)
    late = [item for item in found.items if item.phase in {"5", "6", "7", "8", "9"}]
    assert len(found.items) == ITEMS
    assert found.count(Result.FAIL) == 5 * 48 == sum(item.result is Result.FAIL for item in late)
    assert len(renders) == 1


def test_200_checks_of_files_and_objects_render_once(tmp_path: Path, renders: list[None]) -> None:
    with Workspace(EXAMPLE, options=Options(cache_dir=tmp_path / "first")) as workspace:
        objects = sorted({str(item.id) for unit in workspace.render().units for item in unit.objects})
        files = sorted(path for path in workspace.tree.files if path.endswith(".yaml"))
    checks = [f"object {name}" for name in objects[: CHECKS // 2]] + [f"exists {name}" for name in files[: CHECKS // 2]]
    items = [f'- There: {number} <!-- plan: check="{check}" -->' for number, check in enumerate(checks)]
    renders.clear()
    with Workspace(EXAMPLE, options=Options(cache_dir=tmp_path / "second")) as workspace:
        found = verify_plan(workspace, parse("\n".join(["# Inventory", "", "## Requirements", "", *items, ""])))
    assert found.count(Result.PASS) == CHECKS == len(found.items)
    assert len(renders) == 1
