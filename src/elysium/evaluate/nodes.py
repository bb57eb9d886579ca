"""The declared nodes of a cluster, and which pods they admit.

A node admits a pod whose `nodeSelector` and required node affinity match its labels, and that tolerates its taints
(Kubernetes documentation, "Assigning Pods to Nodes" and "Taints and Tolerations").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from elysium.evaluate.demand import Amounts
from elysium.evaluate.quantities import Quantity, parse_quantity
from elysium.evaluate.workloads import Workload, mapping, sequence
from elysium.settings import NodeSettings

__all__ = ["Node", "Taint", "admits", "declared_nodes", "matches_labels", "tolerates", "untolerated", "wanted_labels"]

_HOSTNAME = "kubernetes.io/hostname"
_ALWAYS = {"kubernetes.io/os": "linux", "beta.kubernetes.io/os": "linux"}
_KNOWN_BY_CLUSTER = ("kubernetes.io", "k8s.io", "nvidia.com", "intel.com", "amd.com", "k3s.io", "rke2.io", "talos.dev")


class Taint(msgspec.Struct, frozen=True, kw_only=True):
    """A taint that keeps pods away."""

    key: str
    value: str
    effect: str

    def __str__(self) -> str:
        return f"{self.key}={self.value}:{self.effect}" if self.value else f"{self.key}:{self.effect}"


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A machine: what it offers (`capacity`, only what is declared), its labels and its taints."""

    name: str
    capacity: Amounts
    labels: dict[str, str]
    taints: tuple[Taint, ...] = ()


def declared_nodes(settings: Iterable[NodeSettings]) -> tuple[Node, ...]:
    """The nodes of the settings; `count` of them that are alike are numbered."""
    return tuple(
        _node(entry, f"{entry.name}-{number}" if entry.count > 1 else entry.name)
        for entry in settings
        for number in range(1, entry.count + 1)
    )


def _node(entry: NodeSettings, name: str) -> Node:
    texts = {"cpu": entry.cpu, "memory": entry.memory, "ephemeral-storage": entry.ephemeral_storage, **entry.extended}
    read = {resource: parse_quantity(text) for resource, text in texts.items() if text}
    return Node(
        name=name,
        capacity={resource: amount for resource, amount in read.items() if amount is not None}
        | {"pods": Quantity(nano=entry.pods * 10**9)},
        labels=_ALWAYS | {_HOSTNAME: name} | entry.labels,
        taints=tuple(_taint(text) for text in entry.taints),
    )


def _taint(text: str) -> Taint:
    left, _, effect = text.rpartition(":")
    key, _, value = left.partition("=")
    return Taint(key=key, value=value, effect=effect)


def admits(node: Node, workload: Workload) -> bool | None:
    """Whether labels and taints let a pod onto a node; None where a label that only the cluster knows decides."""
    if untolerated(node, workload):
        return False
    return matches_labels(node, workload)


def untolerated(node: Node, workload: Workload) -> Taint | None:
    """The first taint of a node that keeps the pods of a workload away."""
    tolerations = [mapping(entry) for entry in sequence(workload.spec.get("tolerations"))]
    for taint in node.taints:
        if taint.effect != "PreferNoSchedule" and not any(tolerates(entry, taint) for entry in tolerations):
            return taint
    return None


def tolerates(toleration: Mapping[str, Any], taint: Taint) -> bool:
    """Whether a toleration covers a taint: no effect means all, no key with `Exists` means every taint."""
    if toleration.get("effect") not in (None, "", taint.effect):
        return False
    if toleration.get("operator") == "Exists":
        return toleration.get("key") in (None, "", taint.key)
    return toleration.get("key") == taint.key and (toleration.get("value") or "") == taint.value


def matches_labels(node: Node, workload: Workload) -> bool | None:
    """Whether a node has what `nodeSelector` and required node affinity ask for."""
    answers = [_equals(node, key, value) for key, value in mapping(workload.spec.get("nodeSelector")).items()]
    affinity = mapping(mapping(workload.spec.get("affinity")).get("nodeAffinity"))
    required = mapping(affinity.get("requiredDuringSchedulingIgnoredDuringExecution"))
    terms = [_term(node, mapping(term)) for term in sequence(required.get("nodeSelectorTerms"))]
    if terms:
        answers.append(_any(terms))
    return _all(answers)


def wanted_labels(workload: Workload) -> set[str]:
    """The keys of the labels that a pod selects its node by."""
    affinity = mapping(mapping(workload.spec.get("affinity")).get("nodeAffinity"))
    required = mapping(affinity.get("requiredDuringSchedulingIgnoredDuringExecution"))
    terms = [mapping(term) for term in sequence(required.get("nodeSelectorTerms"))]
    expressions = [mapping(entry) for term in terms for entry in sequence(term.get("matchExpressions"))]
    return {*mapping(workload.spec.get("nodeSelector")), *(str(entry.get("key") or "") for entry in expressions)}


def _term(node: Node, term: dict[str, Any]) -> bool | None:
    """An empty term matches no node."""
    answers = [_expression(node, mapping(entry)) for entry in sequence(term.get("matchExpressions"))]
    for entry in sequence(term.get("matchFields")):
        answers.append(_operator(mapping(entry), node.name))
    return _all(answers) if answers else False


def _equals(node: Node, key: str, value: Any) -> bool | None:
    if key not in node.labels and _only_cluster_knows(key):
        return None
    return bool(node.labels.get(key) == value)


def _expression(node: Node, expression: dict[str, Any]) -> bool | None:
    key = str(expression.get("key") or "")
    if key not in node.labels and _only_cluster_knows(key):
        return None
    return _operator(expression, node.labels.get(key))


def _operator(expression: dict[str, Any], label: str | None) -> bool | None:
    values = sequence(expression.get("values"))
    match expression.get("operator"):
        case "In":
            return label in values
        case "NotIn":
            return label not in values
        case "Exists":
            return label is not None
        case "DoesNotExist":
            return label is None
        case "Gt" | "Lt" as operator:
            return _compares(label, values, operator)
    return None


def _compares(label: str | None, values: list[Any], operator: str) -> bool | None:
    try:
        wanted, value = int(str(values[0])), int(label or "")
    except (IndexError, ValueError):
        return False
    return value > wanted if operator == "Gt" else value < wanted


def _only_cluster_knows(key: str) -> bool:
    """Labels that the kubelet, a cloud, the distribution or node feature discovery set."""
    domain = key.partition("/")[0] if "/" in key else ""
    return any(domain == known or domain.endswith(f".{known}") for known in _KNOWN_BY_CLUSTER)


def _all(answers: list[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _any(answers: list[bool | None]) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False
