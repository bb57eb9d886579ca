"""A finding stands where the mistake was made: in the file of the object, in a patch, or among a release's values."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Workspace
from tests.repositories import write_repository

CLUSTER = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 1h
  prune: true
  path: ./apps
  sourceRef: {kind: GitRepository, name: flux-system}
"""
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: default}
spec:
  interval: 1h
  chart:
    spec:
      chart: ./charts/web
      sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}
  values:
    title: Always
    pull:
      other: Often
      imagePullPolicy: Oftener
"""
TEMPLATE = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - {name: web, image: nginx, imagePullPolicy: "{{ .Values.pull.imagePullPolicy }}"}
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: default}
spec:
  restartPolicy: Always
  containers:
    - {name: web, image: nginx}
"""
PATCH = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: default}
spec:
  # twice a day
  restartPolicy: Sometimes
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    write_repository(tmp_path, {"clusters/home/apps.yaml": CLUSTER})
    return tmp_path


def places(repository: Path) -> list[tuple[str, int]]:
    with Workspace(repository) as workspace:
        return [(finding.file, finding.line) for finding in workspace.check(rules=("schema",)).findings]


def test_a_value_of_a_release(repository: Path) -> None:
    chart = {"charts/web/Chart.yaml": "{apiVersion: v2, name: web, version: 1.0.0}\n"}
    write_repository(repository, {**chart, "charts/web/templates/pod.yaml": TEMPLATE, "apps/release.yaml": RELEASE})
    assert places(repository) == [("apps/release.yaml", 14)]


def test_the_template_where_no_value_says_so(repository: Path) -> None:
    chart = {"charts/web/Chart.yaml": "{apiVersion: v2, name: web, version: 1.0.0}\n"}
    fixed = TEMPLATE.replace("{{ .Values.pull.imagePullPolicy }}", "Rarely")
    write_repository(repository, {**chart, "charts/web/templates/pod.yaml": fixed, "apps/release.yaml": RELEASE})
    assert places(repository) == [("charts/web/templates/pod.yaml", 1)]


def test_a_patch(repository: Path) -> None:
    files = {
        "apps/kustomization.yaml": "resources: [pod.yaml]\npatches: [{path: patch.yaml}]\n",
        "apps/pod.yaml": POD,
        "apps/patch.yaml": PATCH,
    }
    write_repository(repository, files)
    assert places(repository) == [("apps/patch.yaml", 6)]


def test_the_file_of_the_object(repository: Path) -> None:
    write_repository(repository, {"apps/pod.yaml": POD.replace("Always", "Sometimes")})
    assert places(repository) == [("apps/pod.yaml", 5)]
