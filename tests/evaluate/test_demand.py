"""What a pod takes: the formula of the scheduler, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from elysium.evaluate.demand import Resources, declared, overhead, pod_demand, with_defaults
from elysium.evaluate.limit_ranges import claim_violations, defaults, pod_violations
from elysium.evaluate.quantities import parse_quantity
from tests.evaluate.clusters import cluster, container, deployment, made, only, pod


def amounts(**texts: str) -> dict[str, Any]:
    return {name: parse_quantity(text) for name, text in texts.items()}


def requests(spec: dict[str, Any]) -> dict[str, str]:
    demand = pod_demand(only(cluster(deployment(spec))))
    return {name: str(amount) for name, amount in demand.requests.items()}


def init(name: str, cpu: str, *, sidecar: bool = False) -> dict[str, Any]:
    fields = {"restartPolicy": "Always"} if sidecar else {}
    return container(name, requests={"cpu": cpu}, **fields)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (pod(container(requests={"cpu": "1"}), container(requests={"cpu": "500m"})), "1500m"),
        (pod(container(requests={"cpu": "1"}), initContainers=[init("a", "3"), init("b", "2")]), "3"),
        (pod(container(requests={"cpu": "1"}), initContainers=[init("a", "500m")]), "1"),
        (pod(container(requests={"cpu": "1"}), initContainers=[init("s", "500m", sidecar=True)]), "1500m"),
        (pod(container(requests={"cpu": "1"}), initContainers=[init("s", "1", sidecar=True), init("a", "3")]), "4"),
        (pod(container(requests={"cpu": "1"}), initContainers=[init("a", "3"), init("s", "1", sidecar=True)]), "3"),
        (pod(container(limits={"cpu": "2"})), "2"),
        (pod(container(requests={"cpu": "1"}, limits={"cpu": "2"})), "1"),
        (pod(container(requests={"cpu": "1"}), resources={"requests": {"cpu": "3"}}), "3"),
    ],
)
def test_request_of_a_pod(spec: dict[str, Any], expected: str) -> None:
    assert requests(spec) == {"cpu": expected}


def test_the_overhead_of_the_runtime_class_comes_on_top() -> None:
    runtime = {
        "apiVersion": "node.k8s.io/v1",
        "kind": "RuntimeClass",
        "metadata": {"name": "kata"},
        "overhead": {"podFixed": {"cpu": "250m", "memory": "1Gi"}},
    }
    spec = pod(container(requests={"cpu": "1"}, limits={"cpu": "2"}), runtimeClassName="kata")
    index = cluster(runtime, deployment(spec))
    demand = pod_demand(only(index), extra=overhead(index, only(index)))
    assert demand.requests == amounts(cpu="1250m", memory="1Gi")
    assert demand.limits == amounts(cpu="2250m")


def test_values_that_are_no_quantities_are_named_and_not_filled_in() -> None:
    read = declared(container(requests={"cpu": "${CPU}"}, limits={"memory": "1Gi"}))
    assert read.unread == ("cpu",)
    filled = with_defaults(read, Resources(requests=amounts(cpu="1", memory="2Gi")))
    assert filled.requests == amounts(memory="1Gi")


def limit_range(*entries: dict[str, Any], name: str = "limits") -> dict[str, Any]:
    return made("v1", "LimitRange", {"limits": list(entries)}, name=name)


@pytest.mark.parametrize(
    ("entry", "request_", "limit"),
    [
        ({"default": {"memory": "1Gi"}}, "1Gi", "1Gi"),
        ({"default": {"memory": "1Gi"}, "defaultRequest": {"memory": "512Mi"}}, "512Mi", "1Gi"),
        ({"max": {"memory": "2Gi"}}, "2Gi", "2Gi"),
        ({"min": {"memory": "64Mi"}}, "64Mi", None),
        ({"min": {"memory": "64Mi"}, "max": {"memory": "2Gi"}}, "2Gi", "2Gi"),
        ({"defaultRequest": {"memory": "64Mi"}}, "64Mi", None),
    ],
)
def test_defaults_of_a_limit_range(entry: dict[str, Any], request_: str, limit: str | None) -> None:
    index = cluster(limit_range({"type": "Container", **entry}))
    filled = defaults(index, "apps")
    assert filled.requests == amounts(memory=request_)
    assert filled.limits == (amounts(memory=limit) if limit else {})
    assert defaults(index, "elsewhere") == Resources()


@pytest.mark.parametrize(
    ("entry", "held", "reason"),
    [
        ({"max": {"memory": "1Gi"}}, {"limits": {"memory": "2Gi"}}, "has a limit of 2Gi of memory, at most 1Gi"),
        ({"max": {"memory": "1Gi"}}, {"requests": {"memory": "2Gi"}}, "requests 2Gi of memory, at most 1Gi"),
        ({"min": {"cpu": "100m"}}, {"requests": {"cpu": "50m"}}, "requests 50m of cpu, at least 100m"),
        ({"maxLimitRequestRatio": {"cpu": "2"}}, {"requests": {"cpu": "1"}, "limits": {"cpu": "3"}}, "at most 2 times"),
        ({"maxLimitRequestRatio": {"cpu": "2"}}, {"requests": {"cpu": "1"}}, "has no limit of cpu"),
    ],
)
def test_what_a_limit_range_refuses(entry: dict[str, Any], held: dict[str, Any], reason: str) -> None:
    index = cluster(limit_range({"type": "Container", **entry}), deployment(pod(container(**held))))
    (violation,) = pod_violations(index, only(index))
    assert reason in violation.reason
    assert violation.path[-1] == "resources"


@pytest.mark.parametrize(
    ("entry", "held"),
    [
        ({"max": {"memory": "1Gi"}}, {}),
        ({"max": {"memory": "1Gi"}}, {"limits": {"memory": "1Gi"}}),
        ({"min": {"cpu": "100m"}}, {}),
        ({"maxLimitRequestRatio": {"cpu": "3"}}, {"requests": {"cpu": "100m"}, "limits": {"cpu": "300m"}}),
        ({"max": {"memory": "1Gi"}}, {"limits": {"memory": "${MEMORY}"}}),
    ],
)
def test_what_a_limit_range_allows(entry: dict[str, Any], held: dict[str, Any]) -> None:
    index = cluster(limit_range({"type": "Container", **entry}), deployment(pod(container(**held))))
    assert list(pod_violations(index, only(index))) == []


def test_limits_of_a_pod_count_its_containers_together() -> None:
    entry = {"type": "Pod", "max": {"cpu": "1"}}
    both = pod(container("a", limits={"cpu": "600m"}), container("b", limits={"cpu": "600m"}))
    index = cluster(limit_range(entry), deployment(both))
    (violation,) = pod_violations(index, only(index))
    assert violation.who == "the pod"


def test_claims_have_a_largest_and_a_smallest_size() -> None:
    index = cluster(
        limit_range({"type": "PersistentVolumeClaim", "max": {"storage": "5Gi"}, "min": {"storage": "1Gi"}})
    )
    assert len(list(claim_violations(index, "apps", amounts(storage="6Gi")))) == 1
    assert len(list(claim_violations(index, "apps", amounts(storage="512Mi")))) == 1
    assert list(claim_violations(index, "apps", amounts(storage="5Gi"))) == []
