"""Manifests may hold anything anywhere: questions about a preview are answered or refused, never broken off."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.previews.platforms import platform, preview

ODD = """
apiVersion: v1
kind: Namespace
metadata: {name: pr-1, labels: [a]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: odd, namespace: pr-1}
spec: {podSelector: 3, ingress: [null, {from: x, ports: [{port: {}}]}], policyTypes: {a: 1}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: odd, namespace: pr-1}
spec: {hard: {limits.memory: [], pods: many, cpu: "1"}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: odd, namespace: pr-1}
spec: {limits: [4, {type: Container, max: {memory: {}}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: odd, namespace: pr-1}
roleRef: [x]
subjects: {kind: ServiceAccount}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: odd, namespace: pr-1}
spec: {rules: [7, {http: {paths: [{backend: {service: {name: [a]}}}, null]}}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: odd, namespace: pr-1}
spec:
  replicas: many
  strategy: []
  template:
    spec:
      imagePullSecrets: [3, {name: 4}, {name: [a]}]
      containers: [5, {name: x, env: {a: b}, ports: [{containerPort: x}, 3], resources: {limits: [1]}, image: 7}]
---
apiVersion: v1
kind: ServiceAccount
metadata: [odd]
---
[]
"""
NOTHING = "metadata: {}\n"


@pytest.mark.parametrize("file", ["policies/resource-quota.yaml", "namespaces/pr-template.yaml", "rbac/pr-admin.yaml"])
@pytest.mark.parametrize("text", [ODD, NOTHING, "", "- 1\n", "a: {"])
def test_odd_manifests_stop_nothing(file: str, text: str, repository: Path) -> None:
    root = platform(repository)
    (root / "devops/k8s" / file).write_text(text, encoding="utf-8")
    for command in ("render 1", "fit 1", "fit 1 -o json"):
        code, _, err = preview(root, command)
        assert code in (0, 1, 2)
        assert "defect of Elysium" not in err


@pytest.mark.parametrize("text", [ODD, NOTHING, "", "{{ fail `no` }}", "{{ .Values.nothing.here }}"])
def test_an_odd_chart_stops_nothing(text: str, repository: Path) -> None:
    root = platform(repository)
    (root / "devops/helm/app/templates/setup.yaml").write_text(text, encoding="utf-8")
    for command in ("render 1", "fit 1", "fit 1 -o yaml"):
        code, _, err = preview(root, command)
        assert code in (0, 1, 2)
        assert "defect of Elysium" not in err
