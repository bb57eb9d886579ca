"""The machines: those of the settings, those of the snapshot, or made-up ones that take whatever asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from elysium.evaluate import Workload, declared_nodes
from elysium.evaluate.demand import pod_demand
from elysium.evaluate.workloads import mapping, sequence
from elysium.rehearse.facts.found import Found
from elysium.rehearse.facts.rendered import Rendered
from elysium.rehearse.facts.snapshot import Snapshot
from elysium.rehearse.types import Unknown
from elysium.settings import NodeSettings

__all__ = ["gather_nodes"]

_PLENTY = {"cpu": "1k", "memory": "16Ti", "ephemeral-storage": "1Pi", "pods": "5k"}
_MADE_UP = 3
_MOST_SELECTIONS = 16
_REMEDY = 'declare them as `[[cluster."DIRECTORY".nodes]]` in elysium.toml, or run `elysium rehearse --snapshot` once'


class _Node(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    amounts: dict[str, str]
    labels: dict[str, str]
    taints: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        amounts = _PLENTY | self.amounts
        return {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": self.name, "labels": self.labels},
            "spec": {"taints": [_taint(text) for text in self.taints]},
            "status": {"capacity": amounts, "allocatable": amounts},
        }


def gather_nodes(rendered: Rendered, settings: Sequence[NodeSettings], snapshot: Snapshot) -> Found:
    """The nodes, and what is not judged because nobody says it."""
    found = Found()
    nodes = list(_declared(settings)) or [_seen(node) for node in snapshot.nodes]
    for node in nodes:
        lacking = [name for name in ("cpu", "memory") if name not in node.amounts]
        if lacking:
            found.assumptions.append(f"node {node.name} has as much {' and '.join(lacking)} as is asked of it")
    if not nodes:
        nodes = list(_made_up(rendered))
        found.made_up.add("nodes")
        if next(rendered.workloads(), None) is not None:
            message = f"no nodes are declared: {len(nodes)} made-up ones take every pod, so scheduling is not judged"
            found.unknown.append(Unknown(phase=rendered.phase(0), code="nodes", message=message, remedy=_REMEDY))
    found.nodes += [node.name for node in nodes]
    found.objects += [node.body() for node in nodes]
    return found


def _declared(settings: Sequence[NodeSettings]) -> Iterator[_Node]:
    for node in declared_nodes(settings):
        yield _Node(
            name=node.name,
            amounts={name: str(amount) for name, amount in node.capacity.items()},
            labels=node.labels,
            taints=tuple(str(taint) for taint in node.taints),
        )


def _seen(node: Any) -> _Node:
    return _Node(name=node.name, amounts=node.allocatable, labels=node.labels, taints=node.taints)


def _made_up(rendered: Rendered) -> Iterator[_Node]:
    """Three nodes in three zones, and one more for each choice of labels that pods make, with all that is asked for."""
    loads = list(rendered.workloads())
    extended = {name: "1k" for _, load in loads for name in pod_demand(load).requests if name not in _PLENTY}
    selections = {tuple(sorted(labels.items())): labels for _, load in loads if (labels := _selection(load))}
    choices: list[dict[str, str]] = [{}] * _MADE_UP + list(selections.values())[:_MOST_SELECTIONS]
    for number, chosen in enumerate(choices, 1):
        zone = {"topology.kubernetes.io/zone": f"zone-{number}", "topology.kubernetes.io/region": "region"}
        name = f"made-up-{number}"
        labels = zone | {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"} | chosen
        yield _Node(name=name, amounts=extended, labels=labels)


def _selection(workload: Workload) -> dict[str, str]:
    """Labels that a node needs to take a pod: those of the selector, and of the first term of its affinity."""
    labels = {str(key): str(value) for key, value in mapping(workload.spec.get("nodeSelector")).items()}
    affinity = mapping(mapping(workload.spec.get("affinity")).get("nodeAffinity"))
    required = mapping(affinity.get("requiredDuringSchedulingIgnoredDuringExecution"))
    terms = sequence(required.get("nodeSelectorTerms"))
    for entry in sequence(mapping(terms[0]).get("matchExpressions")) if terms else ():
        labels |= _satisfied(mapping(entry))
    return labels


def _satisfied(expression: Mapping[str, Any]) -> dict[str, str]:
    key, values = str(expression.get("key") or ""), sequence(expression.get("values"))
    match expression.get("operator"):
        case "In" if values:
            return {key: str(values[0])}
        case "Exists":
            return {key: "true"}
        case "Gt" | "Lt" as operator if values and str(values[0]).lstrip("-").isdigit():
            return {key: str(int(values[0]) + (1 if operator == "Gt" else -1))}
    return {}


def _taint(text: str) -> dict[str, str]:
    left, _, effect = text.rpartition(":")
    key, _, value = left.partition("=")
    return {"key": key, "effect": effect} | ({"value": value} if value else {})
