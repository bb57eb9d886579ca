"""Quotas: what fits, what fits except at times, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from elysium.evaluate.nodes import declared_nodes
from elysium.evaluate.quotas import Outcome, QuotaLine, missing_values, quota_lines
from elysium.settings import NodeSettings
from tests.evaluate.clusters import cluster, container, deployment, made, pod

MEMORY = pod(container(requests={"memory": "1Gi"}))
GPU = pod(container(limits={"gpu.intel.com/i915": "1"}))
FAST = "fast.storageclass.storage.k8s.io/{}"


def quota(hard: dict[str, str], **spec: Any) -> dict[str, Any]:
    return made("v1", "ResourceQuota", {"hard": hard, **spec}, name="quota")


def line(*bodies: dict[str, Any], unfinished: bool = False) -> QuotaLine:
    (found,) = quota_lines(cluster(*bodies, unfinished=unfinished))
    return found


@pytest.mark.parametrize(
    ("hard", "replicas", "strategy", "expected"),
    [
        ("4Gi", 3, {}, Outcome.FITS),
        ("3Gi", 3, {}, Outcome.FITS_EXCEPT_AT_TIMES),  # 25 % of 3 is one more, and none may be missing
        ("4Gi", 4, {}, Outcome.FITS),  # one of four may be missing, so the rollout goes on
        ("2Gi", 3, {}, Outcome.EXCEEDED),
        ("1Gi", 1, {}, Outcome.FITS_EXCEPT_AT_TIMES),
        ("1Gi", 1, {"type": "Recreate"}, Outcome.FITS),
        ("1Gi", 1, {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}, Outcome.FITS),
        ("1Gi", 1, {"rollingUpdate": {"maxSurge": "0%", "maxUnavailable": 0}}, Outcome.FITS),
        ("0", 0, {}, Outcome.FITS),
    ],
)
def test_a_deployment_surges_while_it_rolls_out(hard: str, replicas: int, strategy: Any, expected: Outcome) -> None:
    found = line(quota({"requests.memory": hard}), deployment(MEMORY, replicas=replicas, strategy=strategy))
    assert found.outcome is expected


def test_who_does_not_fit_and_by_how_much() -> None:
    big = deployment(pod(container(limits={"memory": "4Gi"})), name="big", replicas=2)
    found = line(quota({"limits.memory": "8Gi"}), big, deployment(MEMORY))
    assert found.outcome is Outcome.FITS_EXCEPT_AT_TIMES
    assert [share.item.name for share in found.shares] == ["big"]
    more = line(quota({"limits.memory": "7Gi"}), big)
    assert more.outcome is Outcome.EXCEEDED
    assert str(more.steady - more.hard) == "1Gi"


def test_an_autoscaler_may_scale_beyond_the_quota() -> None:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    scaler = made("autoscaling/v2", "HorizontalPodAutoscaler", {"scaleTargetRef": target, "maxReplicas": 5})
    found = line(quota({"pods": "3"}), deployment(MEMORY), scaler)
    assert found.outcome is Outcome.FITS_EXCEPT_AT_TIMES
    assert (str(found.steady), str(found.peak)) == ("1", "5")


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [
        ("Job", {"template": {"spec": MEMORY}}, Outcome.FITS_EXCEPT_AT_TIMES),
        ("Job", {"template": {"spec": MEMORY}, "suspend": True}, Outcome.FITS),
        ("Job", {"template": {"spec": MEMORY}, "completions": 0}, Outcome.FITS),
        ("CronJob", {"jobTemplate": {"spec": {"template": {"spec": MEMORY}}}}, Outcome.FITS_EXCEPT_AT_TIMES),
        ("CronJob", {"jobTemplate": {"spec": {"template": {"spec": MEMORY}}}, "suspend": True}, Outcome.FITS),
    ],
)
def test_jobs_count_while_they_run(kind: str, spec: dict[str, Any], expected: Outcome) -> None:
    holder = made("apps/v1", "StatefulSet", {"template": {"spec": MEMORY}}, name="database")
    found = line(quota({"requests.memory": "1Gi"}), holder, made("batch/v1", kind, spec, name="job"))
    assert found.outcome is expected
    assert [share.item.kind for share in found.at_times] == ([kind] if expected is not Outcome.FITS else [])


def test_daemon_sets_are_unknown_without_nodes_and_counted_with_them() -> None:
    daemon = made("apps/v1", "DaemonSet", {"template": {"spec": MEMORY}})
    assert line(quota({"pods": "2"}), daemon).outcome is Outcome.UNKNOWN
    nodes = declared_nodes([NodeSettings(name="n", count=3)])
    (found,) = quota_lines(cluster(quota({"pods": "2"}), daemon), nodes)
    assert found.outcome is Outcome.EXCEEDED


def test_what_another_unit_may_bring_is_unknown_unless_it_is_too_much_already() -> None:
    assert line(quota({"pods": "2"}), deployment(MEMORY), unfinished=True).outcome is Outcome.UNKNOWN
    assert line(quota({"pods": "0"}), deployment(MEMORY), unfinished=True).outcome is Outcome.EXCEEDED


def test_an_operator_may_make_pods_that_nobody_can_count() -> None:
    database = made("postgresql.cnpg.io/v1", "Cluster", {"instances": 3}, name="database")
    found = line(quota({"pods": "2"}), deployment(MEMORY, replicas=1), database)
    assert found.outcome is Outcome.UNKNOWN
    assert "Cluster/apps/database" in found.unknown[0]


def claim(size: str, name: str = "data", **spec: Any) -> dict[str, Any]:
    return made("v1", "PersistentVolumeClaim", {"resources": {"requests": {"storage": size}}, **spec}, name=name)


@pytest.mark.parametrize(
    ("resource", "objects", "used"),
    [
        ("requests.storage", [claim("5Gi"), claim("1Gi", "more")], "6Gi"),
        ("persistentvolumeclaims", [claim("5Gi"), claim("1Gi", "more")], "2"),
        (FAST.format("requests.storage"), [claim("5Gi", storageClassName="fast"), claim("1Gi", "b")], "5Gi"),
        (FAST.format("persistentvolumeclaims"), [claim("5Gi", storageClassName="fast")], "1"),
        ("services", [made("v1", "Service", {})], "1"),
        ("services.nodeports", [made("v1", "Service", {"type": "NodePort", "ports": [{}, {}]})], "2"),
        ("services.loadbalancers", [made("v1", "Service", {"type": "LoadBalancer", "ports": [{}]})], "1"),
        ("configmaps", [made("v1", "ConfigMap", {})], "1"),
        ("count/secrets", [made("v1", "Secret", {})], "1"),
        ("count/deployments.apps", [deployment(MEMORY)], "1"),
        ("count/ingresses.networking.k8s.io", [made("networking.k8s.io/v1", "Ingress", {})], "1"),
        ("count/networkpolicies.networking.k8s.io", [made("networking.k8s.io/v1", "NetworkPolicy", {})], "1"),
        ("requests.gpu.intel.com/i915", [deployment(GPU, replicas=2)], "2"),
        ("limits.cpu", [deployment(pod(container(limits={"cpu": "500m"})))], "500m"),
    ],
)
def test_what_is_counted(resource: str, objects: list[dict[str, Any]], used: str) -> None:
    found = line(quota({resource: "100Ti"}), *objects)
    assert str(found.steady) == used


def test_claims_of_a_stateful_set_are_counted_for_each_pod() -> None:
    templates = [{"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "10Gi"}}}}]
    spec = {"replicas": 3, "template": {"spec": MEMORY}, "volumeClaimTemplates": templates}
    assert str(line(quota({"requests.storage": "20Gi"}), made("apps/v1", "StatefulSet", spec)).steady) == "30Gi"


@pytest.mark.parametrize(
    ("scope", "fields", "counted"),
    [
        ({"scopes": ["BestEffort"]}, {}, False),
        ({"scopes": ["NotBestEffort"]}, {}, True),
        ({"scopes": ["Terminating"]}, {}, False),
        ({"scopes": ["Terminating"]}, {"activeDeadlineSeconds": 60}, True),
        ({"scopes": ["NotTerminating"]}, {"activeDeadlineSeconds": 60}, False),
        ({"scopes": ["PriorityClass"]}, {"priorityClassName": "high"}, True),
        ({"scopes": ["PriorityClass"]}, {}, False),
    ],
)
def test_scopes(scope: dict[str, Any], fields: dict[str, Any], counted: bool) -> None:
    found = line(quota({"pods": "9"}, **scope), deployment({**MEMORY, **fields}))
    assert bool(found.shares) is counted


@pytest.mark.parametrize(("operator", "values", "counted"), [("In", ["high"], True), ("NotIn", ["high"], False)])
def test_a_scope_selects_by_priority(operator: str, values: list[str], counted: bool) -> None:
    expression = {"scopeName": "PriorityClass", "operator": operator, "values": values}
    selector = {"scopeSelector": {"matchExpressions": [expression]}}
    found = line(quota({"pods": "9"}, **selector), deployment({**MEMORY, "priorityClassName": "high"}))
    assert bool(found.shares) is counted


def test_a_quota_demands_cpu_and_memory_of_each_container() -> None:
    hard = quota({"limits.memory": "8Gi", "requests.cpu": "2", "requests.ephemeral-storage": "1Gi"})
    spec = pod(container("main", requests={"cpu": "1"}, limits={"memory": "1Gi"}), initContainers=[container("init")])
    (found,) = missing_values(cluster(hard, deployment(spec)))
    assert (found.container, found.resources) == ("init", ("requests.cpu", "limits.memory"))


def test_a_limit_range_gives_what_a_quota_demands() -> None:
    limits = made("v1", "LimitRange", {"limits": [{"type": "Container", "default": {"memory": "1Gi"}}]}, name="limits")
    assert list(missing_values(cluster(quota({"limits.memory": "8Gi"}), limits, deployment(pod(container()))))) == []


def test_a_pod_with_resources_of_its_own_needs_none_in_its_containers() -> None:
    spec = pod(container(), resources={"limits": {"memory": "1Gi"}})
    assert list(missing_values(cluster(quota({"limits.memory": "8Gi"}), deployment(spec)))) == []
