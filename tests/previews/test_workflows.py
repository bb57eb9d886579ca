"""The workflows of previews: safe for forks, and naming nothing that is not declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from elysium.api import Workspace
from tests.previews.platforms import ANSWERS, platform
from tests.scaffold.harness import run

NAMES = ("build", "deploy", "teardown", "prune")
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def decoded(root: Path, name: str) -> Any:
    with Workspace(root) as workspace:
        return workspace.pool.call("yaml.decode", {"text": (root / name).read_text(encoding="utf-8")})["documents"][0]


def workflow(root: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = decoded(root, f".github/workflows/{name}.yml")
    return {**found, "on": found.get("on", found.get("true"))}


def steps(flow: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in flow["jobs"].items():
        for step in job["steps"]:
            yield name, step


def test_every_event_of_a_pull_request_is_handled(repository: Path) -> None:
    root = platform(repository, workflows=True)
    assert workflow(root, "preview-build")["on"] == {"pull_request": {"types": ["opened", "synchronize", "reopened"]}}
    assert workflow(root, "preview-deploy")["on"]["workflow_run"]["workflows"] == [
        workflow(root, "preview-build")["name"]
    ]
    assert workflow(root, "preview-teardown")["on"]["pull_request_target"]["types"] == ["closed", "unlabeled"]
    assert workflow(root, "preview-prune")["on"].keys() == {"schedule", "workflow_dispatch"}


def test_what_runs_the_code_of_a_pull_request_has_no_rights(repository: Path) -> None:
    flow = workflow(platform(repository, workflows=True), "preview-build")
    (job,) = flow["jobs"].values()
    assert (flow["permissions"], job["permissions"]) == ({}, {"contents": "read"})
    assert job["runs-on"] == "ubuntu-24.04"
    assert "secrets." not in str(flow)
    assert "KUBECONFIG" not in str(flow)


@pytest.mark.parametrize("name", NAMES[1:])
def test_what_has_rights_never_takes_the_head_of_a_pull_request(name: str, repository: Path) -> None:
    flow = workflow(platform(repository, workflows=True), f"preview-{name}")
    for _, step in steps(flow):
        if step.get("uses", "").startswith("actions/checkout@"):
            taken = step["with"]
            assert taken.get("ref", "") in ("", "${{ github.event.repository.default_branch }}")
            assert taken["persist-credentials"] is False
        assert "docker build" not in step.get("run", "")


@pytest.mark.parametrize("name", NAMES)
def test_least_permissions_time_limits_and_pinned_actions(name: str, repository: Path) -> None:
    flow = workflow(platform(repository, workflows=True), f"preview-{name}")
    assert flow["permissions"] == {}
    for job in flow["jobs"].values():
        assert job["permissions"]
        assert 0 < job["timeout-minutes"] <= 30
    for _, step in steps(flow):
        assert "uses" not in step or PINNED.fullmatch(step["uses"]), step["uses"]
        assert "${{" not in step.get("run", ""), "expressions reach scripts by their environment only"


def test_one_pull_request_is_deployed_or_removed_at_a_time(repository: Path) -> None:
    root = platform(repository, workflows=True)
    deploy = workflow(root, "preview-deploy")["jobs"]["deploy"]["concurrency"]
    teardown = workflow(root, "preview-teardown")["jobs"]["teardown"]["concurrency"]
    assert deploy == {"group": "preview-${{ needs.find.outputs.number }}", "cancel-in-progress": False}
    assert teardown == {"group": "preview-${{ github.event.pull_request.number }}", "cancel-in-progress": False}


def test_the_long_lived_token_reaches_one_step(repository: Path) -> None:
    root = platform(repository, workflows=True)
    with_secret = [
        (name, step.get("name"))
        for name in NAMES
        for _, step in steps(workflow(root, f"preview-{name}"))
        if "secrets." in str(step)
    ]
    assert with_secret == [("deploy", "Make the pull secret")]
    outside = workflow(root, "preview-deploy")
    for job in outside["jobs"].values():
        job.pop("steps")
    assert "secrets." not in str(outside)


def test_labels_secrets_and_environments_are_declared(repository: Path) -> None:
    root = platform(repository, workflows=True)
    declared = decoded(root, ".github/previews.yml")
    texts = "\n".join((root / f".github/workflows/preview-{name}.yml").read_text(encoding="utf-8") for name in NAMES)
    assert set(re.findall(r"secrets\.(\w+)", texts)) == {item["name"] for item in declared["secrets"]}
    assert set(re.findall(r"'(preview-(?:skip|keep))'", texts)) == {item["name"] for item in declared["labels"]}
    jobs = [job for name in NAMES for job in workflow(root, f"preview-{name}")["jobs"].values()]
    assert {job["environment"] for job in jobs if "environment" in job} == {
        item["name"] for item in declared["environments"]
    }
    own = {tuple(job["runs-on"]) for job in jobs if isinstance(job["runs-on"], list)}
    assert own == {tuple(item["labels"]) for item in declared["runners"]}
    assert decoded(root, ".github/actionlint.yaml")["self-hosted-runner"]["labels"] == ["previews"]
    tools = set(declared["runners"][0]["tools"])
    assert tools == {"kubectl", "helm", "envsubst", "curl"}


def test_pruning_lists_by_default_and_leaves_what_is_unknown(repository: Path) -> None:
    flow = workflow(platform(repository, workflows=True), "preview-prune")
    assert flow["on"]["workflow_dispatch"]["inputs"]["apply"]["default"] is False
    listing, asking, deleting = [step for _, step in steps(flow)][1:]
    assert "app.kubernetes.io/managed-by=preview-platform,environment=preview" in listing["run"]
    assert "pull.state === 'closed' && !kept" in asking["with"]["script"]
    assert deleting["if"] == "inputs.apply && steps.ask.outputs.forgotten != ''"


def test_the_labels_of_the_namespace_are_those_that_are_pruned(repository: Path) -> None:
    root = platform(repository, workflows=True)
    template = (root / "devops/k8s/namespaces/pr-template.yaml").read_text(encoding="utf-8")
    assert "app.kubernetes.io/managed-by: preview-platform" in template
    assert "environment: preview" in template
    assert 'preview.elysium.dev/pr: "${PREVIEW_NUMBER}"' in template
    assert "'preview.elysium.dev/pr'" in (root / ".github/workflows/preview-prune.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("component", "answer", "said"),
    [
        ("workflow preview", "kubeconfig=/etc/rancher/k3s/k3s.yaml", "is the administrator's"),
        ("workflow preview", "kubeconfig=config", "is no absolute path"),
        ("workflow preview", "pull-token-secret=GITHUB_TOKEN", "is no name of a secret"),
        ("workflow preview", "context=../other", "is no folder of the repository"),
        ("workflow chart-publish", "registry=oci://ghcr.io/x", "is no place for charts"),
        ("infra preview-platform", "domain=*.example.org", "is used where Flux replaces no variables"),
        ("infra preview-platform", "registry=ghcr.io/Acme/shop", "is no image without a tag"),
        ("infra preview-platform", "registry=ghcr.io/acme/shop:1", "is no image without a tag"),
        ("infra preview-platform", "namespace-prefix=PR", "is no beginning of a name"),
        ("infra preview-platform", "health-path=health", "is no path"),
        ("infra preview-platform", "app-port=80", "needs root"),
        ("infra preview-platform", "node-port=80", "30000"),
        ("infra preview-platform", "quota-memory=much", "an amount"),
    ],
)
def test_answers_that_cannot_be_used_are_named(component: str, answer: str, said: str, repository: Path) -> None:
    root = platform(repository)
    before = sorted(path for path in root.rglob("*") if path.is_file())
    name = answer.partition("=")[0]
    others = [item for item in ANSWERS if not item.startswith(f"{name}=")] if "infra" in component else []
    code, out, err = run(root, f"new {component} --yes " + " ".join(f"--set {item}" for item in [*others, answer]))
    assert (code, out) == (2, "")
    assert name in err
    assert said in err
    assert sorted(path for path in root.rglob("*") if path.is_file()) == before
