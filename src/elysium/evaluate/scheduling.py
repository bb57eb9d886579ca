"""Whether declared nodes can take the pods of a cluster.

Each pod is held against each node alone, as if the node were empty: what no node could ever take stays pending. Pods
together are held against the nodes together.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from elysium.evaluate.demand import Amounts, add, overhead, pod_demand
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.limit_ranges import defaults
from elysium.evaluate.nodes import Node, admits, matches_labels, untolerated, wanted_labels
from elysium.evaluate.quantities import ZERO, Quantity
from elysium.evaluate.rollouts import pod_count
from elysium.evaluate.workloads import Path, Workload, mapping, workloads

__all__ = ["Obstacle", "Total", "obstacle", "totals"]


class Obstacle(msgspec.Struct, frozen=True, kw_only=True):
    """Why no node takes a pod, and the field that keeps it away."""

    reason: str
    path: Path


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """What all pods request of a resource, and what all nodes have."""

    resource: str
    requested: Quantity
    available: Quantity


def obstacle(index: ObjectIndex, workload: Workload, nodes: Sequence[Node]) -> Obstacle | None:
    """Why none of the nodes takes a pod of this workload; None when one does, or may.

    A DaemonSet without a node is no defect: it waits for one. A pod that names its node is not scheduled at all.
    """
    if not nodes or workload.item.kind == "DaemonSet" or workload.spec.get("nodeName"):
        return None
    admitting = [node for node in nodes if admits(node, workload) is not False]
    if not admitting:
        return None if _labelled_by_rule(index, workload) else _kept_away(workload, nodes)
    requests = _requests(index, workload)
    if any(not _short(node, requests) for node in admitting):
        return None
    return _too_large(workload, admitting, requests)


def _labelled_by_rule(index: ObjectIndex, workload: Workload) -> bool:
    """Whether a NodeFeatureRule gives nodes a label that the pod selects by: which nodes, only the cluster knows."""
    wanted = wanted_labels(workload)
    rules = index.of_kind("nfd.k8s-sigs.io", "NodeFeatureRule")
    return any(f'"{key}"'.encode() in item.raw for key in wanted for item in rules)


def _kept_away(workload: Workload, nodes: Sequence[Node]) -> Obstacle:
    matching = [node for node in nodes if matches_labels(node, workload) is not False]
    if matching:
        taints = sorted({f"{node.name} ({untolerated(node, workload)})" for node in matching})
        reason = f"it does not tolerate the taints of {_listed(taints)}"
        return Obstacle(reason=reason, path=(*workload.spec_path, "tolerations"))
    selector = mapping(workload.spec.get("nodeSelector"))
    field = "nodeSelector" if selector else "affinity"
    wanted = ", ".join(f"{key}={value}" for key, value in selector.items())
    reason = f"no declared node has {wanted}" if wanted else "no declared node matches its node affinity"
    return Obstacle(reason=reason, path=(*workload.spec_path, field))


def _requests(index: ObjectIndex, workload: Workload) -> Amounts:
    filled = defaults(index, workload.namespace)
    return pod_demand(workload, filled, overhead(index, workload)).requests


def _short(node: Node, requests: Amounts) -> list[str]:
    """The resources of which an empty node has too little; for undeclared ones of the usual kind nothing is said."""
    short = [name for name, amount in requests.items() if name in node.capacity and amount > node.capacity[name]]
    device = [name for name, amount in requests.items() if "/" in name and name not in node.capacity and amount > ZERO]
    return [*short, *device]


def _too_large(workload: Workload, nodes: Sequence[Node], requests: Amounts) -> Obstacle:
    """Named by the node that comes nearest: the one with the fewest resources short."""
    nearest = min(nodes, key=lambda node: (len(_short(node, requests)), node.name))
    parts = []
    for name in _short(nearest, requests):
        has = nearest.capacity.get(name)
        offer = f"has {has.written(name)}" if has is not None else "offers none"
        parts.append(f"{requests[name].written(name)} of {name}, and {nearest.name} {offer}")
    return Obstacle(reason=f"it requests {'; '.join(parts)}", path=_field(workload, _short(nearest, requests)))


def _field(workload: Workload, names: list[str]) -> Path:
    """The first container that declares one of the resources."""
    for container in workload.containers:
        resources = mapping(container.body.get("resources"))
        for kind in ("requests", "limits"):
            for name in names:
                if name in mapping(resources.get(kind)):
                    return (*container.path, "resources", kind, name)
    return workload.spec_path


def totals(index: ObjectIndex, nodes: Sequence[Node]) -> tuple[Total, ...]:
    """What runs all the time against all nodes together, by resource; only what every node declares."""
    requested: Amounts = {}
    for workload in workloads(index):
        steady = pod_count(index, workload, nodes).steady
        if steady:
            amounts = _requests(index, workload) | {"pods": Quantity(nano=10**9)}
            requested = add(requested, {name: amount * steady for name, amount in amounts.items()})
    common = [name for name in requested if all(name in node.capacity for node in nodes)]
    available = add(*(node.capacity for node in nodes))
    return tuple(Total(resource=name, requested=requested[name], available=available[name]) for name in common)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
