"""A plan that was free-form Markdown is carried out: the example of a template, written by `elysium new`, and verified.

Requirement 0.11: every item that can be told offline passes or fails for what the plan says; the rest is named.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.api.plan_world import PlanWorld
from elysium.plans.importing import Imported, import_plan
from elysium.plans.progress.verifying import Verification, verify
from elysium.plans.results import Result
from tests.plans.importing.documents import bytes_of
from tests.scaffold.harness import run, scaffold, sources

_BEFORE = (
    "new infra local-storage",
    "new infra sealed-secrets",
    "new infra csi-rclone",
    "new infra kube-prometheus-stack",
)


@pytest.fixture(scope="module")
def imported() -> Imported:
    """The example of the template, as a plan."""
    return import_plan(bytes_of("planning-mode"), "planning-mode.md", block=1)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, warm_cache: Path) -> Path:
    """A repository with what the plan depends on."""
    return scaffold(tmp_path_factory.mktemp("imported") / "demo", *_BEFORE)


def _verified(root: Path, imported: Imported) -> Verification:
    with Workspace(root, options=Options(sources=sources())) as workspace:
        return verify(imported.plan, PlanWorld(workspace))


def test_the_plan_says_what_to_write(imported: Imported) -> None:
    (component,) = imported.plan.components
    assert (component.kind, component.name, component.preset) == ("app", "ledger", "postgresql")
    assert component.answers == {
        "data": "20Gi", "wal": "5Gi", "cpu": "250m", "memory": "512Mi",
        "backup-keep-daily": "14", "backup-keep-weekly": "8",
    }  # fmt: skip


def test_before_it_is_carried_out_nothing_of_it_passes_by_accident(repository: Path, imported: Imported) -> None:
    results = {item.id: item.result for item in _verified(repository, imported).items}
    assert {name for name, result in results.items() if result is Result.PASS} == {
        "requirements-3",  # the driver is what the plan depends on
        "requirements-4",  # nothing is exposed
        "flux-1",  # the chain is the repository's
        "tests-1",  # everything renders
    }


def test_after_it_is_carried_out_every_item_passes_or_is_named(
    repository: Path, imported: Imported, tmp_path: Path
) -> None:
    root = tmp_path / "demo"
    shutil.copytree(repository, root)
    (component,) = imported.plan.components
    answers = " ".join(f"--{key} {value}" for key, value in component.answers.items())
    code, _, err = run(root, f"new app {component.name} --preset {component.preset} {answers} --yes")
    assert code == 0, err
    items = {item.id: item for item in _verified(root, imported).items}
    failed = {name: item.reason for name, item in items.items() if item.result is Result.FAIL}
    assert set(failed) == {"monitoring-3", "monitoring-3.3"}, failed
    assert "expr does not contain /60/" in failed["monitoring-3.3"], "the plan wants 60 s, the preset warns at 30 s"
    unknown = [item for item in items.values() if item.result is Result.UNKNOWN]
    assert all(item.reason for item in unknown)
    offline = {
        name for name in items if name.startswith(("requirements", "S1", "S2", "S3", "S4", "S5", "S6", "security"))
    }
    assert {name for name in offline if items[name].result is not Result.PASS} == set()
