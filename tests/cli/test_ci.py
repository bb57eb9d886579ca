"""`elysium ci`: what is generated, what is stale, what is missing, as text, as JSON and as an exit code."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.repositories import files_of
from tests.scaffold.harness import run, scaffold

BASE = "docker.io/library/alpine:3.23@sha256:fd791d74b68913cbb027c6546007b3f0d3bc45125f797758156952bc2d6daf40"
WORKFLOWS = ".github/workflows"


@pytest.fixture
def repository(repository: Path) -> Path:
    """A cluster with one image."""
    scaffold(repository)
    (repository / "tools").mkdir()
    dockerfile = f"FROM {BASE} AS build\nWORKDIR /app\n\nFROM {BASE}\nWORKDIR /app\nUSER 10001:10001\n"
    (repository / "tools/Dockerfile").write_text(dockerfile, encoding="utf-8")
    return repository


def checked(root: Path) -> tuple[int, dict[str, Any]]:
    code, out, err = run(root, "ci check -o json")
    assert err == ""
    return code, json.loads(out)


def test_what_is_missing_is_named_and_is_no_failure(repository: Path) -> None:
    code, found = checked(repository)
    assert (code, found["stale"], found["findings"]) == (0, [], [])
    assert found["missing"] == [{"component": "workflow/ci", "reason": "what is built from tools/Dockerfile"}]
    code, out, _ = run(repository, "ci check")
    assert code == 0
    assert "no workflow ci for what is built from tools/Dockerfile" in out
    assert "elysium ci gen --only ci" in out


def test_a_generated_workflow_is_up_to_date(repository: Path) -> None:
    assert run(repository, "ci gen --yes")[0] == 0
    code, found = checked(repository)
    assert (code, found["findings"], found["stale"], found["missing"]) == (0, [], [], [])
    assert "every workflow is as it should be" in run(repository, "ci check")[1]
    code, out, _ = run(repository, "ci gen --yes -o json")
    assert code == 0
    assert {item["action"] for item in json.loads(out)["files"]} == {"keep"}


def test_a_workflow_that_would_be_another_today_is_stale(repository: Path) -> None:
    assert run(repository, "ci gen --yes")[0] == 0
    (repository / "web").mkdir()
    (repository / "web/Dockerfile").write_bytes((repository / "tools/Dockerfile").read_bytes())
    code, found = checked(repository)
    stale = {item["path"]: item for item in found["stale"]}
    assert code == 1
    assert stale[f"{WORKFLOWS}/ci.yml"]["action"] == "change"
    assert "+  build-web:" in stale[f"{WORKFLOWS}/ci.yml"]["diff"]
    code, out, _ = run(repository, "ci check")
    assert code == 1
    assert f"{WORKFLOWS}/ci.yml is not what would be generated today" in out
    assert run(repository, "ci gen --yes")[0] == 0
    assert checked(repository)[0] == 0


def test_every_stage_of_a_generated_pipeline_is_known(repository: Path) -> None:
    before = {item["name"]: item["missing"] for item in checked(repository)[1]["stages"]}
    assert before == {"lint and tests": [], "images": ["a build", "a scan", "a push"]}
    assert "stage images lacks a build, a scan, a push" in run(repository, "ci check")[1]
    assert (
        run(repository, "new chart api --yes")[0]
        == run(repository, "new infra environments --charts api --yes")[0]
        == 0
    )
    assert run(repository, "ci gen --yes")[0] == 0
    after = {item["name"]: item["missing"] for item in checked(repository)[1]["stages"]}
    names = ("lint and tests", "images", "charts", "an ephemeral cluster", "deployment")
    assert after == {name: [] for name in names}


def test_a_rehearsal_is_the_cluster_of_a_pipeline(repository: Path) -> None:
    for name in ("chart api", "infra environments --charts api"):
        assert run(repository, f"new {name} --yes")[0] == 0
    assert run(repository, "new workflow validate --rehearse true --yes")[0] == 0
    stages = {item["name"]: item["missing"] for item in checked(repository)[1]["stages"]}
    assert stages["an ephemeral cluster"] == []


def test_what_a_person_edited_is_not_stale(repository: Path) -> None:
    assert run(repository, "ci gen --yes")[0] == 0
    file = repository / WORKFLOWS / "ci.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("timeout-minutes: 40", "timeout-minutes: 50"))
    assert checked(repository)[0] == 0
    (repository / "web").mkdir()
    (repository / "web/Dockerfile").write_bytes((repository / "tools/Dockerfile").read_bytes())
    assert run(repository, "ci gen --yes")[0] == 0
    text = file.read_text(encoding="utf-8")
    assert "timeout-minutes: 50" in text
    assert "build-web:" in text


def test_a_workflow_that_is_wrong_fails_the_check(repository: Path) -> None:
    wrong = "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: a/b@v1\n"
    (repository / WORKFLOWS / "wrong.yml").write_text(wrong, encoding="utf-8")
    code, found = checked(repository)
    rules = {item["rule"] for item in found["findings"]}
    assert code == 1
    assert {"workflow-permissions", "workflow-unpinned-action"} <= rules
    code, out, _ = run(repository, "ci check")
    assert code == 1
    assert "[workflow-unpinned-action]" in out


def test_what_settings_have_to_hold_must_be_told(repository: Path) -> None:
    assert run(repository, "ci gen --yes --set registry=registry.example.com/team")[0] == 0
    assert checked(repository)[1]["findings"] == []
    file = repository / WORKFLOWS / "ci.yml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("#")), encoding="utf-8")
    found = [item for item in checked(repository)[1]["findings"] if item["rule"] == "workflow-undeclared"]
    assert "secret REGISTRY_PASSWORD, secret REGISTRY_USERNAME" in found[0]["message"]


def test_a_dry_run_writes_nothing(repository: Path) -> None:
    before = files_of(repository)
    code, out, _ = run(repository, "ci gen --dry-run -o json")
    actions = {item["path"]: item["action"] for item in json.loads(out)["files"]}
    assert code == 0
    assert actions[f"{WORKFLOWS}/ci.yml"] == "create"
    assert files_of(repository) == before


def test_answers_go_to_the_workflows_that_know_them(repository: Path) -> None:
    assert run(repository, "ci gen --yes --set registry=ghcr.io/team --set branch=stable")[0] == 0
    assert "ghcr.io/team/tools" in (repository / WORKFLOWS / "ci.yml").read_text(encoding="utf-8")
    for name in ("ci", "validate"):
        assert "branches: [stable]" in (repository / WORKFLOWS / f"{name}.yml").read_text(encoding="utf-8")


def test_one_workflow_can_be_named(repository: Path) -> None:
    assert run(repository, "ci gen --only functions --yes")[0] == 0
    assert (repository / WORKFLOWS / "functions.yml").is_file()
    assert not (repository / WORKFLOWS / "ci.yml").exists()
    code, _, err = run(repository, "ci gen --only nothing --yes")
    assert code == 2
    assert "there is no component workflow/nothing" in err


def test_a_repository_on_gitlab_gets_a_pipeline_of_gitlab(repository: Path) -> None:
    for command in ("init -q", "remote add origin https://gitlab.com/team/shop.git"):
        subprocess.run(["git", *command.split()], cwd=repository, check=True)
    assert run(repository, "ci gen --yes")[0] == 0
    text = (repository / ".gitlab-ci.yml").read_text(encoding="utf-8")
    assert "registry.gitlab.com/team/shop/tools" in text
    assert not (repository / WORKFLOWS / "ci.yml").exists()
    code, found = checked(repository)
    assert (code, found["missing"], found["stale"]) == (0, [], [])


def test_a_repository_that_asks_for_nothing_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Nothing\n", encoding="utf-8")
    code, out, err = run(tmp_path, "ci gen --yes")
    assert (code, out) == (2, "")
    assert "nothing here asks for a workflow" in err
