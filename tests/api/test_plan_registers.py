"""The registers of a repository, judged with what it knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Workspace
from elysium.api.plan_registers import lint_change_log, lint_repository_registers
from elysium.errors import PlanError
from tests.gitting import commit
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

TABLE = "| Risk | Severity | Likelihood | Status | Mitigation | Watched by |\n|-|-|-|-|-|-|\n"
ROW = "| {0} | low | rare | open | b | {0} |\n"
POLICY = '[[policy]]\nid = "one-worker"\nexpression = "true"\nmessage = "m"\n'


BASE = {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/a.yaml": config_map("a", "web", "{a: b}")}


def test_watchers_are_rules_policies_and_items_of_any_plan(tmp_path: Path) -> None:
    names = ("item `SCALE`", "policy `one-worker`", "rule `image-latest`", "check `exists README.md`")
    files = {
        "RISK_REGISTER.md": TABLE + "".join(map(ROW.format, (*names, "item `LOST`"))),
        "plans/scale.md": "# Scale\n\n- [ ] Try it <!-- plan: id=SCALE -->\n",
        "plans/broken.md": "# Broken\n\n- [ ] Try it <!-- plan: id=LOST nonsense=1 -->\n",
        "elysium.toml": POLICY,
    }
    write_repository(tmp_path, BASE | files)
    commit(tmp_path)
    with Workspace(tmp_path) as workspace:
        (found,) = lint_repository_registers(workspace)
    assert (found.rule, found.file, found.line) == ("risk-watcher", "RISK_REGISTER.md", 7)
    assert "LOST" in found.message


def test_a_change_log_is_judged_by_the_commits_of_its_folder(tmp_path: Path) -> None:
    log = "| date | who | change | undo |\n|-|-|-|-|\n| 2026-01-01 | a | b | c |\n"
    write_repository(tmp_path, BASE | {"devops/change-log.md": log})
    base = commit(tmp_path)
    write_repository(tmp_path, {"devops/quota.md": "20 previews\n"})
    commit(tmp_path, "Add a quota")
    with Workspace(tmp_path) as workspace:
        (found,) = lint_change_log(workspace, "devops/change-log.md", f"{base}..HEAD")
        assert "Add a quota" in found.message
        assert lint_change_log(workspace, "devops/change-log.md", f"{base}..HEAD", ["apps"]) == ()
        with pytest.raises(PlanError, match="no such change log"):
            lint_change_log(workspace, "devops/changes.md", base)
