"""However an application is deployed, its plan can be read, declares what it does, and holds once it is applied."""

from __future__ import annotations

import datetime
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from elysium.api import Options, Workspace
from elysium.api.plan_world import PlanWorld
from elysium.plans.effects.impact import impact
from elysium.plans.linting import lint
from elysium.plans.progress.verifying import verify
from elysium.plans.results import Result
from tests.plans.deploying.samples import REJECTED, apply, planned, repository
from tests.scaffold.harness import sources

IMAGE = {"image": "ghcr.io/example/tally:1.2.3", "port": 8080, "method": "official-method", "rejected": REJECTED}
CHART = {"chart": "web", "chart-repository": "oci://ghcr.io/example/charts", "chart-version": "1.2.3"}
WAYS: dict[str, dict[str, Any]] = {
    "manifests with a volume and its backup": {
        **IMAGE,
        "storage": "2Gi",
        "secrets": ["API_KEY"],
        "answers": {"backup": True, "backup-tool": "restic"},
    },
    "secrets as variables of Flux": {**IMAGE, "secrets": ["API_KEY"], "answers": {"secret-pattern": "substitute"}},
    "a private image that Flux moves": {
        **IMAGE,
        "answers": {"pull-secret": True, "image-automation": True, "overlay": True, "network-policy": "both"},
    },
    "a namespace that is there": {**IMAGE, "namespace": "ntfy"},
    "cloud storage": {**IMAGE, "answers": {"external-mount": True, "external-driver": "csi-rclone"}},
    "a chart with secrets in its values": {
        **CHART,
        "port": 8080,
        "expose": ["traefik"],
        "secrets": ["auth.token"],
        "rejected": {key: REJECTED[key] for key in ("official-chart", "official-method")},
        "answers": {"secret-pattern": "values"},
    },
    "the media stack": {
        "preset": "media",
        "expose": ["none"],
        "rejected": {"official-chart": "there is one for some of it only"},
    },
}
ADVICE = {"practice-review", "overdue"}
OFFLINE = re.compile(r"--allow-commands|--live|attested|deferred|values are known to the cluster only|cluster holds")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, warm_cache: Path) -> Path:
    return repository(tmp_path_factory.mktemp("ways"))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_plan_holds_however_it_is_deployed(way: dict[str, Any], example: Path, tmp_path: Path) -> None:
    plan = planned(example, {"name": "tally", "why": "Somebody counts.", "owner": "alice", **way})
    found = lint(plan, strict=True, today=datetime.date(2026, 11, 21))
    assert [item for item in found if item.lint not in ADVICE] == []
    after = Path(shutil.copytree(example, tmp_path / "kyrion"))
    apply(after, plan)
    with Workspace(example, options=Options(sources=sources())) as workspace:
        before = workspace.render()
    with Workspace(after, options=Options(sources=sources())) as workspace:
        results, head = verify(plan, PlanWorld(workspace)).items, workspace.render()
    assert [(item.id, item.reason) for item in results if item.result is Result.FAIL] == []
    open_ones = [(item.id, item.reason) for item in results if item.result is Result.UNKNOWN]
    assert [item for item in open_ones if not OFFLINE.search(item[1])] == []
    assert [str(entry) for entry in impact(plan, before, head) if entry.is_error] == []


def test_no_ciphertext_stands_in_a_plan(example: Path) -> None:
    plan = planned(example, {"name": "tally", **WAYS["secrets as variables of Flux"]})
    assert not re.search(r"\bAg[A-Za-z0-9+/]{60}", plan.text)
    assert "TALLY_API_KEY" in plan.text
