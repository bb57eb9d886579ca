"""What an upgrade changes in a repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elysium.api import Options, Upgrade, compare_versions, version_range
from elysium.cli.main import main
from elysium.errors import UsageError
from tests.repositories import CLUSTER, config_map, helm_release, kustomization, write_repository

APPS = f"{CLUSTER}/apps.yaml"
CLASS = """\
apiVersion: storage.k8s.io/v1beta1
kind: VolumeAttributesClass
metadata: {name: fast}
driverName: example.org
"""
CHART = {
    "charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
    "charts/app/templates/settings.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\n"
        'data: {minor: "{{ .Capabilities.KubeVersion.Minor }}"}\n'
    ),
    "charts/app/templates/hook.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hook, annotations: {helm.sh/hook: pre-upgrade}}\n"
    ),
}


def compare(root: Path, **versions: str) -> Upgrade:
    return compare_versions(root, Options(workers=1, **versions))  # type: ignore[arg-type]


def test_a_variable_without_a_value_fails_with_the_next_flux(repository: Path) -> None:
    files = {APPS: kustomization("apps", "./apps", "postBuild: {substitute: {a: b}}")}
    write_repository(repository, {**files, "apps/a.yaml": config_map("a", "default", '{b: "${MISSING}"}')})
    upgrade = compare(repository, flux="2.8..2.9")
    assert [(str(item.unit), item.before, item.after) for item in upgrade.units] == [
        ("ks/flux-system/apps", "rendered", "failed")
    ]
    assert upgrade.objects == ()  # a failure is no deletion
    assert ("2.9", ("ks/flux-system/apps",)) in [(item.since, item.units) for item in upgrade.flux_changes]
    assert [item.rule for item in upgrade.appeared] == ["undefined-variable"]
    assert upgrade.breaks


def test_an_api_that_goes_is_named(repository: Path) -> None:
    write_repository(repository, {APPS: kustomization("apps", "./apps"), "apps/class.yaml": CLASS})
    upgrade = compare(repository, kubernetes="1.34..1.37")
    assert [(item.rule, item.severity.value) for item in upgrade.apis] == [("removed-api", "error")]
    assert [item.rule for item in upgrade.appeared] == ["removed-api"]
    assert upgrade.breaks
    assert (upgrade.before[1], upgrade.after[1]) == ("1.34", "1.37")


def test_what_a_chart_makes_of_the_version_is_compared(repository: Path) -> None:
    files = {APPS: kustomization("apps", "./apps"), **CHART}
    write_repository(repository, {**files, "apps/app.yaml": helm_release("app", "default", "./charts/app")})
    upgrade = compare(repository, kubernetes="1.36..1.37")
    [change] = upgrade.objects
    assert [(item.path, item.before, item.after) for item in change.fields] == [("data.minor", '"36"', '"37"')]
    assert not upgrade.breaks
    [change] = compare(repository, flux="2.8..2.9").objects
    assert change.object.name == "hook"
    assert any("Helm hooks" in item.summary for item in compare(repository, flux="2.8..2.9").flux_changes)


def test_the_versions_of_a_cluster_give_way_to_the_question(repository: Path) -> None:
    settings = f'[cluster."{CLUSTER}"]\nkubernetes = "1.35"\n'
    write_repository(repository, {APPS: kustomization("apps", "./apps"), "apps/class.yaml": CLASS})
    write_repository(repository, {"elysium.toml": settings})
    assert compare(repository, kubernetes="1.34..1.37").breaks


@pytest.mark.parametrize("text", ["..", "2.8..", "..2.9", "2.9..2.9"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        version_range(text)


def test_the_command_says_it_in_words_and_in_json(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_repository(repository, {APPS: kustomization("apps", "./apps"), "apps/class.yaml": CLASS})
    assert main(["check", str(repository), "--kubernetes-version", "1.34..1.37"]) == 1
    out = capsys.readouterr().out
    assert "Kubernetes 1.34 → 1.37" in out
    assert "APIs that are removed or deprecated" in out
    assert "✗ the upgrade breaks something" in out
    assert main(["check", str(repository), "--kubernetes-version", "1.34..1.37", "-o", "json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["before"] == {"flux": "2.9", "kubernetes": "1.34"}
    assert record["breaks"] is True
    assert [item["rule"] for item in record["apis"]] == ["removed-api"]
    assert main(["check", str(repository), "--flux-version", "2.8..2.9"]) == 0
    assert "✓ nothing" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--flux-version", "2.7..2.9"],
        ["check", "--flux-version", "2.8..2.9", "--since", "HEAD"],
        ["check", "--flux-version", "2.8..2.9", "-o", "sarif"],
        ["render", "--flux-version", "2.8..2.9"],
    ],
)
def test_what_has_no_answer_is_refused(repository: Path, arguments: list[str]) -> None:
    write_repository(repository, {APPS: kustomization("apps", "./apps"), "apps/class.yaml": CLASS})
    command, *options = arguments
    assert main([command, str(repository), *options]) == 2
