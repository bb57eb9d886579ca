"""What the API server refuses in workloads, field by field. Values that are no values of their field stop nothing."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from elysium.evaluate.pod_validation import pod_faults
from elysium.evaluate.service_validation import service_faults
from tests.evaluate.clusters import cluster, container, deployment, only, pod

GOOD = pod(
    container(
        ports=[{"name": "http", "containerPort": 80}],
        env=[{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
        volumeMounts=[{"name": "data", "mountPath": "/data", "subPath": "a/b"}],
        livenessProbe={"httpGet": {"path": "/", "port": "http"}, "successThreshold": 1},
    ),
    volumes=[{"name": "data", "emptyDir": {}}],
    tolerations=[{"operator": "Exists"}, {"key": "a", "operator": "Equal", "value": "b", "effect": "NoExecute"}],
)
CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"ports": [{"containerPort": 80, "hostPort": 0}]}, ""),
    ({"ports": [{"containerPort": 70000}]}, "containerPort 70000"),
    ({"ports": [{"containerPort": 80, "hostPort": 70000}]}, "hostPort 70000"),
    ({"ports": [{"containerPort": 1, "hostPort": 9}, {"containerPort": 2, "hostPort": 9}]}, "hostPort 9 stands there"),
    ({"env": [{"name": "A", "valueFrom": {"fieldRef": {}, "secretKeyRef": {}}}]}, "one is allowed"),
    ({"volumeMounts": [{"name": "data", "mountPath": "/a", "subPath": "../a"}]}, "relative path"),
    ({"volumeMounts": [{"name": "data", "mountPath": "/a", "subPath": "a", "subPathExpr": "b"}]}, "exclude"),
    ({"resources": {"requests": {"cpu": "-1"}}}, "less than nothing"),
    ({"livenessProbe": {"exec": {"command": ["a"]}, "periodSeconds": -1}}, "periodSeconds -1"),
    ({"livenessProbe": {"tcpSocket": {"port": 0}}}, "the port 0"),
    ({"readinessProbe": {"tcpSocket": {"port": 1}, "terminationGracePeriodSeconds": 5}}, "ends no container"),
]
ODD: list[Any] = [None, [], {}, 1, -1, 1.5, True, "", "x", "${X}", [1], [[]], [None], {"a": None}, {"name": []}, 10**30]


def reasons(spec: dict[str, Any], **fields: Any) -> list[str]:
    return [fault.reason for fault in pod_faults(only(cluster(deployment(spec, **fields))))]


def test_a_good_pod_has_no_fault() -> None:
    assert reasons(GOOD) == []


@pytest.mark.parametrize(("change", "reason"), CHANGES)
def test_a_change_of_a_container(change: dict[str, Any], reason: str) -> None:
    spec = copy.deepcopy(GOOD)
    spec["containers"][0].update(change)
    found = reasons(spec)
    assert len(found) == (1 if reason else 0), found
    assert reason in "".join(found)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"strategy": {"type": "Recreate", "rollingUpdate": {}}}, "rollingUpdate may not be there"),
        ({"strategy": {"type": "Recreate", "rollingUpdate": None}}, ""),
        ({"strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}}, "may not both be 0"),
        ({"strategy": {"rollingUpdate": {"maxSurge": 0}}}, ""),
        ({"replicas": -1}, "replicas -1"),
        ({"minReadySeconds": 700}, "must be greater than minReadySeconds"),
        ({"minReadySeconds": 30, "progressDeadlineSeconds": 30}, "must be greater than minReadySeconds"),
    ],
)
def test_a_change_of_a_deployment(fields: dict[str, Any], reason: str) -> None:
    found = reasons(GOOD, **fields)
    assert len(found) == (1 if reason else 0), found
    assert reason in "".join(found)


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"type": "ExternalName"}, "externalName is missing"),
        ({"type": "ExternalName", "externalName": "example.org."}, ""),
        ({"clusterIP": "None"}, ""),
        ({}, "needs ports"),
        ({"ports": [{"port": 1, "targetPort": 0}]}, ""),
        ({"ports": [{"port": 1, "targetPort": "80"}]}, "must have a letter"),
        ({"ports": [{"port": 1}], "loadBalancerClass": "tailscale"}, "is for the type LoadBalancer"),
        ({"ports": [{"port": 1}], "externalIPs": ["192.0.2.1"], "externalTrafficPolicy": "Local"}, ""),
        ({"ports": [{"port": 1}], "sessionAffinityConfig": {"clientIP": {}}}, "needs sessionAffinity"),
    ],
)
def test_services(spec: dict[str, Any], reason: str) -> None:
    found = [fault.reason for fault in service_faults({"spec": spec})]
    assert len(found) == (1 if reason else 0), found
    assert reason in "".join(found)


def spots(value: Any) -> list[tuple[Any, Any]]:
    pairs = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [(value, key) for key, _ in pairs] + [spot for _, inner in pairs for spot in spots(inner)]


@pytest.mark.parametrize("seed", range(20))
def test_odd_values_stop_nothing(seed: int) -> None:
    choice = random.Random(seed)
    for _ in range(50):
        spec = copy.deepcopy(GOOD)
        holder, key = choice.choice(spots(spec))
        holder[key] = copy.deepcopy(choice.choice(ODD))
        reasons(spec)
