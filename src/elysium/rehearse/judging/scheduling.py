"""Why the scheduler found no node for a Pod, as a person would say it.

The scheduler's words are `0/3 nodes are available: 1 node(s) had untolerated taint {…}, 2 Insufficient cpu. …`
(kube-scheduler, `FitError`); what follows the first full stop is about preemption and says nothing new.
"""

from __future__ import annotations

import re

from elysium.evaluate import Node

__all__ = ["is_about_claims", "is_about_nodes", "obstacle_of", "scheduling_hint"]

_AVAILABLE = re.compile(r"\d+/\d+ nodes are available: (.*)", re.DOTALL)
_INSUFFICIENT = re.compile(r"Insufficient ([^\s,.]+(?:\.[^\s,.]+)*(?:/[^\s,.]+)?)")
_TAINT = re.compile(r"untolerated taint(?:\(s\)|s)? \{([^}]*)\}")
_CLAIM = re.compile(r"persistentvolumeclaim \"([^\"]+)\" not found")
_END = re.compile(r"\. (?:no new claims to deallocate|preemption:|not found)|\.\s*$")
_UNBOUND = "unbound immediate PersistentVolumeClaims"


def obstacle_of(message: str) -> str:
    """The scheduler's message without what it says of preemption."""
    found = _END.search(message)
    return message[: found.start()] if found else message


def is_about_claims(message: str) -> bool:
    """Whether a Pod only waits for a claim to be bound, which is judged by itself."""
    return _UNBOUND in message


def is_about_nodes(message: str) -> bool:
    """Whether the reason lies in the nodes, so that it is worth no more than what is known of them."""
    return _AVAILABLE.search(message) is not None and _CLAIM.search(message) is None


def scheduling_hint(message: str, nodes: tuple[Node, ...]) -> str:
    """What to change, and which node comes closest."""
    if found := _CLAIM.search(message):
        return f"nothing makes PersistentVolumeClaim {found[1]} in this namespace: add it, or mount another one"
    resources = list(dict.fromkeys(_INSUFFICIENT.findall(message)))
    if resources:
        return "; ".join(_lacking(resource, nodes) for resource in resources)
    if found := _TAINT.search(message):
        return f"add a toleration for {_taint(found[1])}, or let it run elsewhere"
    return next((hint for words, hint in _BY_WORDS if words in message), "")


_BY_WORDS = (
    (
        "anti-affinity rules",
        "lower the replicas to what the nodes allow, or prefer the anti-affinity instead of requiring it",
    ),
    ("didn't match Pod's node affinity/selector", "no node has the labels that nodeSelector and nodeAffinity ask for"),
    ("pod affinity rules", "the Pod that it must stand beside is nowhere: see podAffinity"),
    ("topology spread constraints", "use whenUnsatisfiable: ScheduleAnyway, or fewer replicas"),
    ("free ports", "another Pod has the host port on every node: use one replica a node, or drop hostPort"),
    ("volume node affinity conflict", "its volume is on a node that cannot take the Pod"),
    ("were unschedulable", "the nodes are cordoned"),
)


def _taint(text: str) -> str:
    key, _, value = text.partition(": ")
    return f"{key}={value}" if value else key.rstrip(": ")


def _lacking(resource: str, nodes: tuple[Node, ...]) -> str:
    """Which nodes offer most of a resource. A Pod may need less than that and find it taken by others."""
    offers = {node.name: node.capacity[resource] for node in nodes if resource in node.capacity}
    if not offers:
        return f"no node offers {resource}" if nodes else f"the nodes have too little {resource}"
    most = max(offers.values(), key=lambda amount: amount.nano)
    names = sorted(name for name, amount in offers.items() if amount.nano == most.nano)
    return (
        f"{_listed(names)} {'has' if len(names) == 1 else 'have'} most {resource} ({most}): ask for less, or free some"
    )


def _listed(names: list[str], limit: int = 3) -> str:
    shown = ", ".join(names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown
