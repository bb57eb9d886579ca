"""Secrets that are sealed with the repository's certificate, and references to them: every one resolves."""

from __future__ import annotations

from pathlib import Path

from elysium.api import Workspace, certificate_for, write_sealed
from elysium.secrets import Place
from tests.repositories import CLUSTER, kustomization, write_repository
from tests.secrets.sealing_keys import certificate

RULES = (
    "missing-secret",
    "missing-secret-key",
    "sealed-secret-namespace",
    "sealed-secret-scope",
    "sealed-secret-template",
    "sealed-secret-value",
)
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: app, namespace: web}
spec:
  imagePullSecrets: [{name: pull}]
  containers:
  - name: app
    image: ghcr.io/me/app:1.0.0
    env:
    - {name: TOKEN, valueFrom: {secretKeyRef: {name: app, key: token}}}
    - {name: OTHER, valueFrom: {secretKeyRef: {name: app, key: other}}}
"""


def findings(repository: Path) -> list[tuple[str, str]]:
    with Workspace(repository) as workspace:
        return [(found.rule, found.message) for found in workspace.check(rules=RULES).findings]


def seal(repository: Path, name: str, kind: str = "", **values: bytes) -> None:
    place = Place(name=name, namespace="web")
    file = repository / "apps" / f"{name}-sealed-secret.yaml"
    write_sealed(file, place, values, certificate_for("", repository), kind)


def test_what_is_sealed_is_what_the_references_want(repository: Path) -> None:
    write_repository(
        repository,
        {
            f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
            "etc/certs/pub-sealed-secrets.pem": certificate(),
            "apps/pod.yaml": POD,
        },
    )
    assert {rule for rule, _ in findings(repository)} == {"missing-secret"}
    seal(repository, "app", token=b"hunter2")
    seal(repository, "pull", "kubernetes.io/dockerconfigjson", **{".dockerconfigjson": b"{}"})
    assert [rule for rule, _ in findings(repository)] == ["missing-secret-key"]
    seal(repository, "app", other=b"hunter2")
    assert findings(repository) == []
