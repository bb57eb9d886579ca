"""Mending real repositories, and leaving alone what is none of ours."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from elysium.api import Fixed, Options, Question, Workspace, fix
from elysium.cli.main import main
from elysium.errors import UsageError
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

APPS = f"{CLUSTER}/apps.yaml"
BUDGET = """\
# a comment
apiVersion: "policy/v1beta1"  # old
kind: PodDisruptionBudget
metadata: {name: web, namespace: default}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: web}}
"""


def mend(root: Path, *, dry_run: bool = False) -> Fixed:
    with Workspace(root, options=Options(workers=1)) as workspace:
        return fix(workspace, Question(), dry_run=dry_run)


def make(root: Path, files: dict[str, str]) -> Path:
    return write_repository(root, {APPS: kustomization("apps", "./apps"), **files})


def test_only_the_line_changes(repository: Path) -> None:
    make(repository, {"apps/budget.yaml": BUDGET})
    path = repository / "apps/budget.yaml"
    path.write_bytes(BUDGET.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    shown = mend(repository, dry_run=True)
    assert path.read_bytes() == BUDGET.replace("\n", "\r\n").encode()
    assert '-apiVersion: "policy/v1beta1"  # old' in shown.diff
    assert [item.rule for item in mend(repository).mended] == ["removed-api"]
    assert path.read_bytes() == BUDGET.replace("v1beta1", "v1").replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert mend(repository).mended == ()


def test_the_diff_can_be_applied_by_git(repository: Path) -> None:
    make(repository, {"apps/budget.yaml": BUDGET})
    diff = mend(repository, dry_run=True).diff
    subprocess.run(["git", "apply"], cwd=repository, input=diff.encode(), check=True)
    assert mend(repository).mended == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{matchLabels: {app: web}}", "{}"),
        ("minAvailable: 1", "minAvailable: 1\n  surplus: 2"),
        ("policy/v1beta1", "apps/v1beta1"),
    ],
    ids=["another-meaning", "another-schema", "another-kind"],
)
def test_what_needs_a_decision_is_left(repository: Path, old: str, new: str) -> None:
    make(repository, {"apps/budget.yaml": BUDGET.replace(old, new)})
    assert mend(repository).mended == ()


def test_what_a_patch_names_by_its_version_is_left(repository: Path) -> None:
    patch = "patches:\n- patch: |\n    apiVersion: policy/v1beta1\n    kind: PodDisruptionBudget\n"
    patch += "    metadata: {name: web, namespace: default}\n    spec: {minAvailable: 2}\n"
    make(repository, {"apps/budget.yaml": BUDGET, "apps/kustomization.yaml": "resources: [budget.yaml]\n" + patch})
    assert mend(repository).mended == ()


def test_objects_of_flux_take_the_next_version(repository: Path) -> None:
    old = kustomization("more", "./more").replace("/v1\n", "/v1beta2\n", 1)
    make(repository, {f"{CLUSTER}/more.yaml": old, "more/a.yaml": config_map("a", "default", "{b: c}")})
    assert [item.rule for item in mend(repository).mended] == ["removed-flux-api"]
    assert (repository / f"{CLUSTER}/more.yaml").read_text() == kustomization("more", "./more")
    with_patches = old + "  patchesStrategicMerge: []\n"
    write_repository(repository, {f"{CLUSTER}/more.yaml": with_patches})
    assert "removed-flux-api" not in [item.rule for item in mend(repository).mended]


@pytest.mark.parametrize(
    ("data", "mended"),
    [
        ("a: b\n  c: d\n  a: b\n", 1),
        ("a: b\n  a: b  \n", 1),
        ("a: b\n  a: c\n", 0),
        ("a: |\n    x\n  a: |\n    x\n", 0),
        ("a: b\n    more\n  a: b\n", 0),
        ("a: {b: c}\n  a: {b: c}\n", 0),
    ],
)
def test_a_key_that_says_the_same_twice_goes(repository: Path, data: str, mended: int) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata:\n  " + data
    make(repository, {"apps/a.yaml": text})
    assert len([item for item in mend(repository).mended if item.rule == "duplicate-key"]) == mended


def test_a_secret_is_not_copied_into_edits(repository: Path) -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  a: correct-horse\n  a: correct-horse\n"
    make(repository, {"apps/a.yaml": text})
    assert mend(repository).diff == ""


def test_no_secret_stands_in_the_diff(repository: Path) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  a: correct-horse-battery\n---\n"
    make(repository, {"apps/all.yaml": secret + BUDGET})
    fixed = mend(repository, dry_run=True)
    assert "policy/v1" in fixed.diff
    assert "correct-horse" not in fixed.diff


def test_links_are_not_followed(repository: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(BUDGET)
    make(repository, {"base/real.yaml": BUDGET, "apps/kustomization.yaml": "resources: [link.yaml]\n"})
    (repository / "apps/link.yaml").symlink_to("../base/real.yaml")
    (repository / "apps/out.yaml").symlink_to(outside)
    mend(repository)
    assert outside.read_text() == BUDGET
    assert (repository / "apps/link.yaml").is_symlink()


def test_only_the_working_tree_is_mended(repository: Path) -> None:
    make(repository, {"apps/budget.yaml": BUDGET})
    with Workspace(repository, options=Options(staged=True)) as workspace, pytest.raises(UsageError):
        fix(workspace, Question())


def test_the_command_mends_and_checks_again(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(repository, {"apps/budget.yaml": BUDGET})
    assert main(["check", str(repository), "--fix", "--dry-run"]) == 1
    shown = capsys.readouterr()
    assert shown.out.startswith("--- a/apps/budget.yaml\n+++ b/apps/budget.yaml\n")
    assert main(["check", str(repository), "--fix", "--dry-run", "-o", "json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["diff"] == shown.out
    assert [item["rule"] for item in record["mended"]] == ["removed-api"]
    assert main(["check", str(repository), "--fix"]) == 0
    said = capsys.readouterr()
    assert "mended: apps/budget.yaml:2" in said.err
    assert "✓ passed" in said.out
    assert main(["check", str(repository), "--fix", "--dry-run"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--dry-run"],
        ["--fix", "--staged"],
        ["--fix", "--revision", "HEAD"],
        ["--staged", "--revision", "HEAD"],
        ["--since", "a..b", "--revision", "HEAD"],
        ["--fix", "--update-baseline"],
        ["--since", ".."],
    ],
)
def test_what_cannot_be_meant_together_is_refused(repository: Path, arguments: list[str]) -> None:
    make(repository, {"apps/budget.yaml": BUDGET})
    assert main(["check", str(repository), *arguments]) == 2
