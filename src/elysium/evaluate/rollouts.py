"""How many pods of a workload there can be at the same time.

Deployments surge while they roll out: `maxSurge` is 25 % unless set, and rounds up; `maxUnavailable` is 25 % and rounds
down, and is 1 when both come to nothing (Kubernetes: deployment/util `ResolveFenceposts`). StatefulSets and DaemonSets
replace a pod after it is gone. Jobs run `parallelism` pods at once; a CronJob counts one run, although runs may overlap
where its `concurrencyPolicy` allows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from elysium.evaluate.autoscaling import autoscalers_of
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.nodes import Node, admits
from elysium.evaluate.workloads import Workload, mapping

__all__ = ["PodCount", "pod_count", "scaled", "share"]

_TESTS = {"test", "test-success", "test-failure"}


class PodCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many pods there are.

    `steady`: all the time, at the least; `peak`: when an autoscaler has scaled as far as it may; `surge`: how many more
    during a rollout; `unavailable`: how many of the old ones may go before the new ones are there; `transient`: how
    many while a job runs. `unknown` says why nothing is known.
    """

    steady: int = 0
    peak: int = 0
    surge: int = 0
    unavailable: int = 0
    transient: int = 0
    unknown: str = ""


def pod_count(index: ObjectIndex, workload: Workload, nodes: Sequence[Node] = ()) -> PodCount:
    """The pods of a workload; those of a DaemonSet only when the nodes are declared."""
    match workload.item.kind:
        case "Pod":
            return PodCount(steady=1, peak=1)
        case "Job":
            return _job(workload, mapping(workload.body.get("spec")))
        case "CronJob":
            spec = mapping(workload.body.get("spec"))
            template = mapping(mapping(spec.get("jobTemplate")).get("spec"))
            return PodCount() if spec.get("suspend") is True else _job(workload, template)
        case "DaemonSet":
            return _on_each_node(workload, nodes)
    return _replicated(index, workload)


def _replicated(index: ObjectIndex, workload: Workload) -> PodCount:
    range_ = scaled(index, workload)
    if range_ is None:
        return PodCount(unknown="its number of pods cannot be read")
    steady, peak = range_
    surge, unavailable = _strategy(workload, steady)
    return PodCount(steady=steady, peak=peak, surge=surge, unavailable=unavailable)


def _on_each_node(workload: Workload, nodes: Sequence[Node]) -> PodCount:
    if not nodes:
        return PodCount(unknown="a DaemonSet has a pod on each node, and the nodes are not declared")
    fitting = sum(1 for node in nodes if admits(node, workload) is not False)
    return PodCount(steady=fitting, peak=fitting, unavailable=1)


def scaled(index: ObjectIndex, workload: Workload) -> tuple[int, int] | None:
    """The smallest and the largest number of replicas that a workload can have; None when it cannot be read."""
    replicas = workload.replicas
    scalers = autoscalers_of(index, workload)
    if not scalers:
        return None if replicas is None else (replicas, replicas)
    smallest = [scaler.smallest for scaler in scalers if scaler.smallest is not None]
    largest = [scaler.largest for scaler in scalers if scaler.largest is not None]
    if not smallest or not largest:
        return None
    return min(smallest), max(*largest, *smallest)


def _strategy(workload: Workload, replicas: int) -> tuple[int, int]:
    """Surge and unavailability of a Deployment; None of both for the other kinds."""
    strategy = mapping(mapping(workload.body.get("spec")).get("strategy"))
    if workload.item.kind != "Deployment" or strategy.get("type") == "Recreate":
        return 0, replicas
    rolling = mapping(strategy.get("rollingUpdate"))
    surge = share(rolling.get("maxSurge", "25%"), replicas, up=True)
    unavailable = share(rolling.get("maxUnavailable", "25%"), replicas, up=False)
    if surge == 0 and unavailable == 0:
        return 0, 1
    return min(surge or 0, replicas), unavailable or 0


def share(value: Any, whole: int, *, up: bool) -> int | None:
    """A number, or a percentage of `whole`; None when it is neither."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.endswith("%") and value[:-1].isdigit():
        hundredths = int(value[:-1]) * whole
        return -(-hundredths // 100) if up else hundredths // 100
    return None


def _job(workload: Workload, spec: dict[str, Any]) -> PodCount:
    """A hook that runs only on `helm test` never runs by itself."""
    hook = workload.item.hook
    if spec.get("suspend") is True or (
        hook and hook.events and set(hook.events) <= {"test", "test-success", "test-failure"}
    ):
        return PodCount()
    numbers = [value for value in (spec.get("parallelism", 1), spec.get("completions")) if isinstance(value, int)]
    return PodCount(transient=min(numbers, default=1))
