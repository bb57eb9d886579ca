"""Objects that nobody would write on purpose stop no rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.check import registry
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

FLUX = "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: odd, namespace: web}}\nspec: {spec}\n"
VERSIONS = {
    "Kustomization": "kustomize.toolkit.fluxcd.io/v1",
    "HelmRelease": "helm.toolkit.fluxcd.io/v2",
    "ResourceSet": "fluxcd.controlplane.io/v1",
    "SealedSecret": "bitnami.com/v1alpha1",
    "ExternalSecret": "external-secrets.io/v1",
}
SPECS = [
    "null",
    "[]",
    "text",
    "{path: 5, wait: [], postBuild: [], dependsOn: text, sourceRef: []}",
    "{path: ./x, healthChecks: text}",
    "{path: ./x, wait: true, healthChecks: [1, {}], postBuild: {substitute: [], substituteFrom: [5, {}, {kind: 1}]}}",
    "{dependsOn: [null, {}, {name: null}, {name: 5}], valuesFrom: [null, {kind: Secret, name: [a]}], chart: []}",
    "{chart: {spec: {chart: 5, sourceRef: {kind: [], name: {}}}}, values: [], targetNamespace: [1]}",
    "{encryptedData: [], template: [], data: 5, target: [], dataFrom: {}}",
]
OTHERS = [
    "apiVersion: v1\nkind: Secret\nmetadata: {name: odd, namespace: web}\ndata: []\nstringData: text\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: odd, namespace: web, annotations: [a]}\ndata: 5\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: odd, namespace: web, annotations: {elysium.dev/ignore: [a]}}\n",
    "apiVersion: [v1]\nkind: {}\nmetadata: text\n",
    "- just\n- a list\n",
    "secretGenerator: [null, {literals: 5}, {name: [], literals: [5, null, a=b]}]\n",
]


def every_rule_runs(root: Path) -> None:
    with Workspace(root, options=Options(workers=1)) as workspace:
        workspace.check(rules=registry.PIPELINE)


@pytest.mark.parametrize("kind", VERSIONS)
@pytest.mark.parametrize("spec", SPECS)
def test_odd_specifications(repository: Path, kind: str, spec: str) -> None:
    odd = FLUX.format(version=VERSIONS[kind], kind=kind, spec=spec)
    files = {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/odd.yaml": odd}
    every_rule_runs(write_repository(repository, {**files, "apps/a.yaml": config_map("a", "web", "{a: b}")}))


@pytest.mark.parametrize("text", OTHERS)
def test_odd_objects(repository: Path, text: str) -> None:
    variables = "postBuild: {substituteFrom: [{kind: ConfigMap, name: odd}]}\n"
    files = {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps", variables), "apps/odd.yaml": text}
    every_rule_runs(write_repository(repository, files))


@pytest.mark.parametrize("text", OTHERS)
def test_odd_kustomization_files(repository: Path, text: str) -> None:
    files = {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/kustomization.yaml": text}
    every_rule_runs(write_repository(repository, files))
