"""NetworkPolicies, read as the API defines them (networking.k8s.io/v1, "Network Policies").

A policy that names a pod isolates it in the directions that it is for; what its rules allow adds to what other policies
allow. `policyTypes` that are absent mean Ingress, and Egress only where there are egress rules.
"""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import RenderedObject

__all__ = ["FOREIGN", "Peer", "Policy", "PolicyPort", "PolicyRule", "foreign_policies", "policies"]

GROUP = "networking.k8s.io"
FOREIGN: tuple[tuple[str, str], ...] = (
    ("cilium.io", "CiliumNetworkPolicy"),
    ("cilium.io", "CiliumClusterwideNetworkPolicy"),
    ("crd.projectcalico.org", "NetworkPolicy"),
    ("crd.projectcalico.org", "GlobalNetworkPolicy"),
    ("projectcalico.org", "NetworkPolicy"),
    ("projectcalico.org", "GlobalNetworkPolicy"),
    ("policy.networking.k8s.io", "AdminNetworkPolicy"),
    ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"),
    ("policy.networking.k8s.io", "ClusterNetworkPolicy"),
)
"""Kinds of policies that network plugins bring: what they decide is not decided here."""


class PolicyPort(msgspec.Struct, frozen=True, kw_only=True):
    """A port of a rule: a number, a name that the target's containers give, or None for every port."""

    protocol: str = "TCP"
    port: int | str | None = None
    end: int | None = None


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a rule is about. Both selectors must hold; without a namespace selector it is the policy's own namespace."""

    pods: Any = None
    namespaces: Any = None
    block: str = ""


class PolicyRule(msgspec.Struct, frozen=True, kw_only=True):
    """One ingress or egress rule; no peers mean everyone, no ports every port. `number` counts from 0."""

    number: int
    peers: tuple[Peer, ...] = ()
    ports: tuple[PolicyPort, ...] = ()


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A NetworkPolicy. A direction that is None is not its business; an empty one allows nothing."""

    item: RenderedObject
    selector: Any
    ingress: tuple[PolicyRule, ...] | None
    egress: tuple[PolicyRule, ...] | None

    def rules(self, direction: str) -> tuple[PolicyRule, ...] | None:
        """The rules of `ingress` or `egress`."""
        return self.ingress if direction == "ingress" else self.egress

    @property
    def namespace(self) -> str:
        return self.item.namespace

    def __str__(self) -> str:
        return str(self.item)


def policies(index: ObjectIndex) -> tuple[Policy, ...]:
    """The NetworkPolicies of a cluster, each once."""
    found: dict[object, Policy] = {}
    for item in index.of_kind(GROUP, "NetworkPolicy"):
        found.setdefault(item.id, _policy(item, mapping(index.body(item).get("spec"))))
    return tuple(found.values())


def foreign_policies(index: ObjectIndex) -> tuple[RenderedObject, ...]:
    """The policies of network plugins."""
    return tuple(item for group, kind in FOREIGN for item in index.of_kind(group, kind))


def _policy(item: RenderedObject, spec: dict[str, Any]) -> Policy:
    egress = sequence(spec.get("egress"))
    types = sequence(spec.get("policyTypes")) or (["Ingress", "Egress"] if egress else ["Ingress"])
    # An absent podSelector is an empty one, which selects every pod (networking.k8s.io/v1 NetworkPolicySpec).
    selector = {} if spec.get("podSelector") is None else spec["podSelector"]
    return Policy(
        item=item,
        selector=selector,
        ingress=_rules(sequence(spec.get("ingress")), "from") if "Ingress" in types else None,
        egress=_rules(egress, "to") if "Egress" in types else None,
    )


def _rules(rules: list[Any], peers: str) -> tuple[PolicyRule, ...]:
    return tuple(
        PolicyRule(
            number=number,
            peers=tuple(_peer(mapping(peer)) for peer in sequence(mapping(rule).get(peers))),
            ports=tuple(_port(mapping(port)) for port in sequence(mapping(rule).get("ports"))),
        )
        for number, rule in enumerate(rules)
    )


def _peer(peer: dict[str, Any]) -> Peer:
    return Peer(
        pods=peer.get("podSelector"),
        namespaces=peer.get("namespaceSelector"),
        block=str(mapping(peer.get("ipBlock")).get("cidr") or ""),
    )


def _port(port: dict[str, Any]) -> PolicyPort:
    number = port.get("port")
    end = port.get("endPort")
    return PolicyPort(
        protocol=str(port.get("protocol") or "TCP"),
        port=number if isinstance(number, int | str) and not isinstance(number, bool) else None,
        end=end if isinstance(end, int) and not isinstance(end, bool) else None,
    )
