"""Workflows: every one with every option alone passes the strict check, actionlint, zizmor and shellcheck; what they do
for pull requests of strangers; and the pipeline of images and charts, stage by stage.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from elysium.api import Workspace
from tests.scaffold.harness import assert_clean, run, scaffold
from tests.scaffold.workflow_linters import complaints

PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
BASE = "docker.io/library/alpine:3.23@sha256:fd791d74b68913cbb027c6546007b3f0d3bc45125f797758156952bc2d6daf40"
DOCKERFILE = f"FROM {BASE} AS build\nWORKDIR /app\n\nFROM {BASE}\nWORKDIR /app\nUSER 10001:10001\n"
TOOLS = {
    "poetry": "poetry.lock",
    "uv": "uv.lock",
    "npm": "package-lock.json",
    "pnpm": "pnpm-lock.yaml",
    "yarn": "yarn.lock",
    "go": "go.mod",
    "maven": "pom.xml",
    "gradle": "build.gradle",
    "flutter": "pubspec.yaml",
}
OPTIONS = {
    "validate": ["", "--profile strict", "--branch stable"],
    "flux-update": ["", "--flux instance", "--schedule '5 3 * * 1'"],
    "functions": [
        "",
        "--reach tailscale",
        "--reach self-hosted --runner-label edge",
        "--namespace jobs",
        "--branch stable",
    ],
    "coder": [
        "",
        "--reach tailscale",
        "--reach self-hosted",
        "--coder-url https://coder.example.com",
        "--branch stable",
    ],
    "ci": [
        "",
        "--deploy helm",
        "--deploy none",
        "--staging-url https://staging.example.dev/health",
        "--registry registry.example.com/team",
        "--registry ghcr.io/team/part",
        "--branch stable",
        "--severity CRITICAL",
        "--release-prefix shop --namespace shop",
        "--smoke-secrets DATABASE_URL=sqlite:///x,LEVEL=info",
        "--python 3.12 --node 22 --java 21 --helm v4.2.0",
        "--charts api --images api,web",
    ],
    "gitlab": ["", "--deploy helm", "--deploy none", "--staging-url https://staging.example.dev", "--check false"],
}
CASES = [(name, options) for name, all_options in OPTIONS.items() for options in all_options]


@cache
def _prepared(folder: str) -> Path:
    """A repository with a chart, environments, and images with and without code."""
    root = Path(folder)
    scaffold(root, "new chart api", "new infra environments --charts api")
    for name in ("packages/api", "docker/web", "tools"):
        _write(root / name / "Dockerfile", DOCKERFILE)
    _write(root / "packages/api/poetry.lock", "")
    _write(root / "packages/web/pnpm-lock.yaml", "lockfileVersion: '9.0'\n")
    return root


@pytest.fixture
def prepared(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the prepared repository."""
    ready = tmp_path_factory.getbasetemp() / "prepared"
    ready.mkdir(exist_ok=True)
    shutil.copytree(_prepared(str(ready)), repository, dirs_exist_ok=True)
    return repository


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _new(root: Path, command: str) -> None:
    code, out, err = run(root, f"new workflow {command} --yes")
    assert code == 0, out + err


def decoded(root: Path, path: str) -> Any:
    with Workspace(root) as workspace:
        text = (root / path).read_text(encoding="utf-8")
        return workspace.pool.call("yaml.decode", {"text": text})["documents"][0]


def flow(root: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = decoded(root, f".github/workflows/{name}.yml")
    return {**found, "on": found.get("on", found.get("true"))}


def steps(workflow: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in workflow["jobs"].items():
        for step in job["steps"]:
            yield name, step


@pytest.mark.parametrize(("name", "options"), CASES, ids=[f"{name} {options}".strip() for name, options in CASES])
def test_every_option_alone_passes_every_judge(name: str, options: str, prepared: Path) -> None:
    _new(prepared, f"{name} {options}")
    assert_clean(prepared)
    assert complaints(prepared) == ""


def test_all_workflows_together_pass_every_judge(prepared: Path) -> None:
    assert run(prepared, "new function hello --yes")[0] == run(prepared, "new coder-template dev --yes")[0] == 0
    assert run(prepared, "ci gen --yes")[0] == 0
    _new(prepared, "functions --reach self-hosted")
    _new(prepared, "coder --reach self-hosted")
    assert decoded(prepared, ".github/actionlint.yaml") == {"self-hosted-runner": {"labels": ["coder", "functions"]}}
    assert_clean(prepared)
    assert complaints(prepared) == ""


@pytest.mark.parametrize("tool", sorted(TOOLS))
def test_every_tool_tests_with_a_cache_that_its_lock_file_keys(tool: str, repository: Path) -> None:
    _write(repository / "packages/part/Dockerfile", DOCKERFILE)
    _write(repository / "packages/part" / TOOLS[tool], "")
    _new(repository, "ci --registry ghcr.io/team")
    assert complaints(repository) == ""
    tested = flow(repository, "ci")["jobs"]["test-part"]["steps"]
    cached = [str(step["with"]) for step in tested if "cache" in f"{step.get('uses')} {step.get('with')}"]
    locks = {"go": "go.sum", "flutter": "pubspec.lock", "gradle": "*.gradle*"}
    assert any(f"packages/part/{locks.get(tool, TOOLS[tool])}" in text for text in cached)
    _new(repository, "gitlab --registry registry.gitlab.com/team/part")
    files = decoded(repository, ".gitlab-ci.yml")["test-part"]["cache"]["key"]["files"]
    assert files == [f"packages/part/{locks.get(tool, TOOLS[tool]).replace('*.gradle*', 'build.gradle')}"]


def test_the_pipeline_has_its_five_stages_in_their_order(prepared: Path) -> None:
    _new(prepared, "ci")
    jobs = flow(prepared, "ci")["jobs"]
    wanted = {
        "test-api": set(),
        "build-api": {"test-api"},
        "push": {"build-api", "build-tools", "build-web"},
        "charts": set(),
        "smoke": {"charts", "build-api", "build-tools", "build-web"},
        "staging": {"smoke", "push"},
        "production": {"staging"},
    }
    for name, needs in wanted.items():
        found = jobs[name].get("needs", [])
        assert set([found] if isinstance(found, str) else found) == needs, name
    assert "test-tools" not in jobs
    assert [jobs[name]["environment"] for name in ("staging", "production")] == ["staging", "production"]


def test_an_image_is_scanned_before_it_leaves_and_what_leaves_is_what_was_scanned(prepared: Path) -> None:
    _new(prepared, "ci --registry ghcr.io/team")
    jobs = flow(prepared, "ci")["jobs"]
    built = jobs["build-api"]["steps"]
    names = [step.get("uses", "").partition("@")[0] for step in built]
    assert names.index("docker/build-push-action") < names.index("aquasecurity/trivy-action")
    build, scan = (
        next(step["with"] for step in built if step.get("uses", "").startswith(name))
        for name in ("docker/build-push-action", "aquasecurity/trivy-action")
    )
    assert (build["push"], build["tags"]) == (False, "ghcr.io/team/api:${{ env.TAG }}")
    assert (build["cache-from"], build["cache-to"]) == ("type=gha,scope=api", "type=gha,scope=api,mode=max")
    assert (scan["input"], str(scan["exit-code"])) == ("${{ runner.temp }}/image.tar", "1")
    assert flow(prepared, "ci")["env"]["TAG"] == "sha-${{ github.sha }}"
    assert "docker-archive:" in jobs["push"]["steps"][-1]["run"]


@pytest.mark.parametrize("options", ["", "--deploy helm --registry registry.example.com/team"])
def test_jobs_of_pull_requests_have_neither_secrets_nor_rights(options: str, prepared: Path) -> None:
    _new(prepared, f"ci {options}")
    _new(prepared, "functions")
    _new(prepared, "coder")
    for name in ("ci", "functions", "coder"):
        workflow = flow(prepared, name)
        assert (workflow["permissions"], "secrets." in str(workflow.get("env"))) == ({}, False)
        for job in workflow["jobs"].values():
            if "github.event_name" not in job.get("if", ""):
                assert job["permissions"] == {"contents": "read"}
                assert "secrets." not in str(job)
                assert "github.token" not in str(job)
                assert job["runs-on"] == "ubuntu-24.04"


@pytest.mark.parametrize("name", ["ci", "functions", "coder", "validate", "flux-update"])
def test_actions_are_pinned_jobs_end_and_runs_wait_for_each_other(name: str, prepared: Path) -> None:
    _new(prepared, name)
    workflow = flow(prepared, {"flux-update": "update-flux"}.get(name, name))
    assert workflow["concurrency"]["group"]
    assert all(job["timeout-minutes"] <= 60 for job in workflow["jobs"].values())
    assert all(PINNED.fullmatch(step["uses"]) for _, step in steps(workflow) if "uses" in step)


def test_a_deployment_has_an_environment_and_a_group_of_its_own(prepared: Path) -> None:
    for name in ("ci --deploy helm", "functions", "coder"):
        _new(prepared, name)
    deploying = {"ci": ("staging", "production"), "functions": ("deploy",), "coder": ("publish",)}
    for name, jobs in deploying.items():
        for job in jobs:
            body = flow(prepared, name)["jobs"][job]
            assert body["environment"]
            assert body["concurrency"] == {"group": body["concurrency"]["group"], "cancel-in-progress": False}
            assert body["concurrency"]["group"].startswith("deploy-")


@pytest.mark.parametrize("name", ["ci --deploy helm --registry registry.example.com/team", "functions", "coder"])
def test_every_secret_variable_and_environment_is_named_at_the_top(name: str, prepared: Path) -> None:
    _new(prepared, name)
    text = (prepared / f".github/workflows/{name.split(maxsplit=1)[0]}.yml").read_text(encoding="utf-8")
    head = text.partition("\nname:")[0]
    workflow = flow(prepared, name.split(maxsplit=1)[0])
    used = set(re.findall(r"(?:secrets|vars)\.(\w+)", text))
    used |= {str(job["environment"]) for job in workflow["jobs"].values() if "environment" in job}
    assert used
    assert [item for item in sorted(used) if not re.search(rf"\b{item}\b", head)] == []


def test_no_workflow_installs_elysium_by_its_name(prepared: Path) -> None:
    for name in ("ci", "functions", "validate", "gitlab"):
        _new(prepared, name)
    for file in (*prepared.glob(".github/workflows/*.yml"), prepared / ".gitlab-ci.yml"):
        for line in file.read_text(encoding="utf-8").splitlines():
            assert not re.search(
                r"(pip|pipx|uv\S*) install .*\belysium\b(?!/bin)", line.replace("/opt/elysium/bin/pip", "pip")
            )


def test_the_scripts_take_charts_and_prefix(prepared: Path) -> None:
    _new(prepared, "ci --release-prefix shop --namespace shop")
    smoke = (prepared / "scripts/ci/smoke-test.sh").read_text(encoding="utf-8")
    assert 'helm upgrade --install "shop-$chart" "charts/$chart"' in smoke
    assert "namespace=shop" in smoke
    assert (prepared / "scripts/ci/smoke-test.sh").stat().st_mode & 0o111


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("ci", "here is neither a Dockerfile nor a chart in charts/"),
        ("ci --images api --dockerfiles api=Dockerfile", "every image has a Dockerfile and a context"),
        ("ci --charts api --deploy none --registry ghcr.io/Team", "is a host and a path in lower case"),
        ("ci --charts api --deploy none --registry https://ghcr.io/team", "is a host and a path in lower case"),
        ("ci --images api --dockerfiles api=../Dockerfile --contexts api=.", "paths are inside the repository"),
        ("ci --images api --dockerfiles 'api=a b' --contexts api=.", "a path has letters, digits"),
        ("ci --images api --dockerfiles api=a --contexts api=. --tools api=uv", "an image with a tool has a folder"),
        (
            "ci --images api --dockerfiles api=a --contexts api=. --tools api=make --folders api=a",
            "is none of poetry, uv",
        ),
        ("ci --images api --dockerfiles api=a --contexts api=. --deploy git", "there is no chart to deploy"),
        ("ci --charts api --deploy none --smoke-secrets A=$(id)", "values neither quotes nor dollar signs"),
        ("ci --charts api --deploy git", "needs what nothing in this repository offers: environments"),
        ("functions --fission 1.27.0", "is written as its releases are"),
        ("functions --runner-label x", "has a meaning only where reach == 'self-hosted'"),
        ("coder --reach vpn", "allowed is one of direct, tailscale, self-hosted"),
    ],
)
def test_what_cannot_be_is_refused(command: str, says: str, repository: Path) -> None:
    scaffold(repository)
    before = sorted(repository.rglob("*"))
    code, out, err = run(repository, f"new workflow {command} --yes")
    assert (code, out) == (2, "")
    assert says in err
    assert sorted(repository.rglob("*")) == before


def test_images_and_charts_come_from_the_repository(prepared: Path) -> None:
    _new(prepared, "ci --registry ghcr.io/team")
    workflow = flow(prepared, "ci")
    assert workflow["env"]["IMAGES"] == "ghcr.io/team/api ghcr.io/team/tools ghcr.io/team/web"
    paths = workflow["on"]["pull_request"]["paths"]
    assert paths == workflow["on"]["push"]["paths"]
    for path in ("packages/api/**", "packages/web/**", "docker/web/**", "tools/**", "charts/api/**", "k8s/**"):
        assert path in paths
    given = json.loads(json.dumps(workflow["jobs"]["build-web"]["steps"][2]["with"]))
    assert (given["context"], given["file"]) == (".", "docker/web/Dockerfile")
