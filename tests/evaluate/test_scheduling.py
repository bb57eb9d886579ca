"""Pods against declared nodes."""

from __future__ import annotations

from typing import Any

import pytest

from elysium.evaluate.nodes import Node, declared_nodes
from elysium.evaluate.scheduling import obstacle, totals
from elysium.settings import NodeSettings
from tests.evaluate.clusters import cluster, container, deployment, made, only, pod


def nodes(**fields: Any) -> tuple[Node, ...]:
    given = {"name": "kyrion", "cpu": "4", "memory": "16Gi", **fields}
    return declared_nodes([NodeSettings(**given)])


def affinity(*expressions: dict[str, Any]) -> dict[str, Any]:
    terms = {"nodeSelectorTerms": [{"matchExpressions": list(expressions)}]}
    return {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}}


GPU = {"gpu.intel.com/i915": "1"}
AMD64 = {"kubernetes.io/arch": "amd64"}
NOT_IN_A = {"key": "zone", "operator": "NotIn", "values": ["a"]}
REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (pod(container(requests={"cpu": "5"})), {}, "it requests 5 of cpu, and kyrion has 4"),
    (pod(container(requests={"memory": "20Gi"})), {}, "20Gi of memory, and kyrion has 16Gi"),
    (pod(container(limits=GPU)), {}, "1 of gpu.intel.com/i915, and kyrion offers none"),
    (pod(container(), nodeSelector={"disk": "ssd"}), {}, "no declared node has disk=ssd"),
    (pod(container(), nodeSelector={"kubernetes.io/hostname": "other"}), {}, "hostname=other"),
    (pod(container(), nodeSelector={"kubernetes.io/arch": "arm64"}), {"labels": AMD64}, "arm64"),
    (pod(container()), {"taints": ("media:NoSchedule",)}, "does not tolerate the taints of kyrion (media:NoSchedule)"),
    (pod(container(), **affinity({"key": "disk", "operator": "Exists"})), {}, "node affinity"),
    (pod(container(), **affinity(NOT_IN_A)), {"labels": {"zone": "a"}}, "affinity"),
]
TAKEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (pod(container(requests={"cpu": "4", "memory": "16Gi"})), {}),
    (pod(container(limits=GPU)), {"extended": GPU}),
    (pod(container(), nodeSelector={"kubernetes.io/os": "linux"}), {}),
    (pod(container(), nodeSelector={"feature.node.kubernetes.io/pci-0300": "true"}), {}),
    (pod(container(), nodeSelector={"kubernetes.io/arch": "arm64"}), {}),
    (pod(container(), tolerations=[{"operator": "Exists"}]), {"taints": ("media=yes:NoExecute",)}),
    (pod(container(), tolerations=[{"key": "media", "value": "yes"}]), {"taints": ("media=yes:NoSchedule",)}),
    (pod(container()), {"taints": ("media:PreferNoSchedule",)}),
    (pod(container(requests={"ephemeral-storage": "1Ti"})), {}),
    (pod(container(requests={"cpu": "${CPU}"})), {}),
    (pod(container(requests={"cpu": "9"}), nodeName="other"), {}),
]


@pytest.mark.parametrize(("spec", "fields", "reason"), REFUSED)
def test_no_node_takes_the_pod(spec: dict[str, Any], fields: dict[str, Any], reason: str) -> None:
    index = cluster(deployment(spec))
    found = obstacle(index, only(index), nodes(**fields))
    assert found is not None
    assert reason in found.reason


@pytest.mark.parametrize(("spec", "fields"), TAKEN)
def test_a_node_takes_the_pod(spec: dict[str, Any], fields: dict[str, Any]) -> None:
    index = cluster(deployment(spec))
    assert obstacle(index, only(index), nodes(**fields)) is None


def test_nothing_is_said_without_nodes_and_of_daemon_sets() -> None:
    big = pod(container(requests={"cpu": "99"}))
    index = cluster(deployment(big))
    assert obstacle(index, only(index), ()) is None
    daemon = cluster(made("apps/v1", "DaemonSet", {"template": {"spec": big}}))
    assert obstacle(daemon, only(daemon), nodes()) is None


def test_a_label_that_a_rule_gives_to_nodes_is_known_to_the_cluster_alone() -> None:
    rule = made("nfd.k8s-sigs.io/v1alpha1", "NodeFeatureRule", {"rules": [{"labels": {"disk": "ssd"}}]}, name="disks")
    index = cluster(rule, deployment(pod(container(), nodeSelector={"disk": "ssd"})))
    assert obstacle(index, only(index), nodes()) is None


def test_another_node_is_enough() -> None:
    index = cluster(deployment(pod(container(requests={"cpu": "8"}))))
    small = nodes()
    large = declared_nodes([NodeSettings(name="large", cpu="16")])
    assert obstacle(index, only(index), (*small, *large)) is None


def test_what_is_requested_together() -> None:
    index = cluster(deployment(pod(container(requests={"cpu": "3", "memory": "1Gi"})), replicas=3))
    found = {total.resource: (str(total.requested), str(total.available)) for total in totals(index, nodes(count=2))}
    assert found == {"cpu": ("9", "8"), "memory": ("3Gi", "32Gi"), "pods": ("3", "220")}
