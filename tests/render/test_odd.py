"""What is oddly written fails where it stands, and stops nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Workspace
from elysium.model import UnitState
from tests.repositories import config_map, helm_release, kustomization, write_repository

_CHART = {
    "clusters/test/apps.yaml": kustomization("apps", "./apps"),
    "apps/map.yaml": config_map("m", "default", "{a: b}"),
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/templates/map.yaml": config_map("web", "web", "{a: b}"),
}


@pytest.mark.parametrize(
    "specification",
    [
        "postRenderers: [{kustomize: {images: 5}}]",
        "postRenderers: [{kustomize: {patches: [{patch: [1]}]}}]",
        "postRenderers: [{kustomize: {patches: [{patch: x, target: text}]}}]",
        "commonMetadata: {labels: [a]}",
    ],
)
def test_a_release_with_an_odd_specification_fails_alone(repository: Path, specification: str) -> None:
    odd = helm_release("odd", "web", "./charts/web", specification)
    fine = helm_release("fine", "web", "./charts/web")
    write_repository(repository, {**_CHART, "clusters/test/odd.yaml": odd, "clusters/test/fine.yaml": fine})
    with Workspace(repository) as workspace:
        states = {unit.id.name: unit.state for unit in workspace.render().units}
    assert states["odd"] is UnitState.FAILED
    assert states["fine"] is UnitState.RENDERED


@pytest.mark.parametrize("metadata", ["name: m, namespace: 5", "name: m, namespace: [a]", "name: m, labels: [a]"])
def test_odd_metadata_stops_nothing(repository: Path, metadata: str) -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{{metadata}}}\n"
    files = {**_CHART, "apps/odd.yaml": text, "charts/web/templates/odd.yaml": text}
    files["clusters/test/web.yaml"] = helm_release("web", "web", "./charts/web")
    with Workspace(write_repository(repository, files)) as workspace:
        assert workspace.check().units


def test_a_chain_of_dependencies_may_be_long(repository: Path) -> None:
    files = {
        f"clusters/test/k{number}.yaml": kustomization(f"k{number}", "./leaf", f"dependsOn: [{{name: k{number - 1}}}]")
        for number in range(1, 1200)
    }
    files["clusters/test/k0.yaml"] = kustomization("k0", "./nowhere")
    write_repository(repository, {**files, "leaf/map.yaml": config_map("m", "default", "{a: b}")})
    with Workspace(repository) as workspace:
        units = {unit.id.name: unit for unit in workspace.render().units}
    assert units["k1199"].blocked_by == units["k0"].id


def test_a_field_that_is_null_counts_as_absent(repository: Path) -> None:
    nulls = "targetNamespace:\ndependsOn:\nvaluesFrom:\nvalues:\npostRenderers: [{kustomize: {images: null}}]\n"
    files = {
        **_CHART,
        "clusters/test/apps.yaml": kustomization(
            "apps", "./apps", "dependsOn:\npostBuild: {substitute: null}\nsuspend:\n"
        ),
        "clusters/test/web.yaml": helm_release("web", "web", "./charts/web", nulls),
    }
    with Workspace(write_repository(repository, files)) as workspace:
        units = workspace.render().units
    assert {unit.state for unit in units} == {UnitState.RENDERED}, [unit.failure for unit in units]


@pytest.mark.parametrize(
    "text",
    [
        "kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1\nmetadata: {name: a}\nspec: text\n",
        "kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1\nmetadata: {name: a}\n"
        "spec: {names: text, versions: 5}\n",
        "kind: Secret\napiVersion: v1\nmetadata: text\ndata: {a: Yg==}\n",
    ],
)
def test_odd_definitions_and_secrets_stop_nothing(repository: Path, text: str) -> None:
    with Workspace(write_repository(repository, {**_CHART, "apps/odd.yaml": text})) as workspace:
        assert workspace.check().units


def test_a_chart_repository_with_an_odd_reference_fails_its_releases_alone(repository: Path) -> None:
    source = """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: charts, namespace: web}
        spec: {url: 'https://example.org/charts', secretRef: text}
        """
    release = helm_release("web", "web", "web")
    release = release.replace("GitRepository, name: flux-system", "HelmRepository, name: charts")
    release = release.replace("namespace: flux-system}", "namespace: web}")
    files = {**_CHART, "apps/source.yaml": source, "apps/web.yaml": release}
    with Workspace(write_repository(repository, files)) as workspace:
        states = {unit.id.name: unit.state for unit in workspace.render().units}
    assert states == {"flux-system": UnitState.RENDERED, "apps": UnitState.RENDERED, "web": UnitState.FAILED}
