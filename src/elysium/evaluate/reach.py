"""Which pod may talk to which: NetworkPolicies evaluated over the pods of a cluster.

A connection needs the leave of both ends: of the policies that isolate the source's egress and of those that isolate
the target's ingress. Policies see the port of the pod, not that of a Service. What depends on addresses (`ipBlock`
against pods), on the host's network, on policies of the network plugin or on labels of namespaces that nothing in Git
declares is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from elysium.evaluate.endpoints import DNS, Endpoint
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.network_policies import Peer, Policy, PolicyPort, PolicyRule, foreign_policies, policies
from elysium.evaluate.selectors import decide
from elysium.evaluate.verdicts import Verdict, all_of, any_of
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import RenderedObject, group_of

__all__ = ["Answer", "Network", "Verdict", "matrix", "network_of"]

_NAME = "kubernetes.io/metadata.name"
_EVERYWHERE = ("0.0.0.0/0", "::/0")


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a connection and why. `deciding` are the policies that deny, or the one whose rule allows."""

    verdict: Verdict
    source: Endpoint
    target: Endpoint
    port: int
    protocol: str
    reason: str
    deciding: tuple[RenderedObject, ...] = ()
    direction: str = ""


_Judgement = tuple[Verdict, str, tuple[RenderedObject, ...]]


class Network:
    """The policies of a cluster, ready to be asked."""

    def __init__(self, index: ObjectIndex) -> None:
        self.policies = policies(index)
        self._by_namespace: dict[str, list[Policy]] = {}
        for policy in self.policies:
            self._by_namespace.setdefault(policy.namespace, []).append(policy)
        self._isolating: dict[tuple[int, str], tuple[Endpoint, list[tuple[Policy, bool | None]]]] = {}
        self._foreign = [(item, index.body(item)) for item in foreign_policies(index)]
        self._namespaces: dict[str, dict[str, Any]] = {
            item.name: mapping(mapping(index.body(item).get("metadata")).get("labels"))
            for item in index.of_kind("", "Namespace")
        }

    def reach(self, source: Endpoint, target: Endpoint, port: int, protocol: str = "TCP") -> Answer:
        """Whether pods of `source` may open a connection to a port of pods of `target`."""
        leaving = self.egress(source, target, port, protocol)
        if leaving.verdict is Verdict.DENIED:
            return leaving
        entering = self.ingress(source, target, port, protocol)
        if entering.verdict is Verdict.DENIED or leaving.verdict is Verdict.ALLOWED:
            return entering
        return leaving

    def egress(self, source: Endpoint, target: Endpoint, port: int, protocol: str = "TCP") -> Answer:
        """What the policies of the source say."""
        return self._answer("egress", source, target, port, protocol)

    def ingress(self, source: Endpoint, target: Endpoint, port: int, protocol: str = "TCP") -> Answer:
        """What the policies of the target say."""
        return self._answer("ingress", source, target, port, protocol)

    def dns(self, source: Endpoint, protocol: str = "UDP") -> Answer:
        """Whether pods may ask the cluster's DNS."""
        return self.egress(source, DNS, 53, protocol)

    def isolating(self, endpoint: Endpoint, direction: str) -> list[tuple[Policy, bool | None]]:
        """The policies that isolate pods in a direction; with None those of which it is not certain.

        Worked out once for an endpoint, which is kept so that no other gets its identity.
        """
        known = self._isolating.get((id(endpoint), direction))
        if known is None:
            known = self._isolating[id(endpoint), direction] = (endpoint, self._isolated(endpoint, direction))
        return known[1]

    def _isolated(self, endpoint: Endpoint, direction: str) -> list[tuple[Policy, bool | None]]:
        found: list[tuple[Policy, bool | None]] = []
        for policy in self._by_namespace.get(endpoint.namespace, ()):
            if policy.rules(direction) is None:
                continue
            selected = decide(policy.selector, endpoint.labels, endpoint.lacks)
            if selected is not False:
                found.append((policy, selected))
        return found

    def foreign(self, endpoint: Endpoint) -> RenderedObject | None:
        """A policy of the network plugin that may be about these pods."""
        return next((item for item, body in self._foreign if _may_concern(item, body, endpoint)), None)

    def _answer(self, direction: str, source: Endpoint, target: Endpoint, port: int, protocol: str) -> Answer:
        subject, other = (source, target) if direction == "egress" else (target, source)
        verdict, reason, deciding = self._judge(
            direction, subject, other, _Wanted(target=target, port=port, protocol=protocol)
        )
        return Answer(
            verdict=verdict,
            source=source,
            target=target,
            port=port,
            protocol=protocol,
            reason=reason,
            deciding=deciding,
            direction=direction,
        )

    def _judge(self, direction: str, subject: Endpoint, other: Endpoint, wanted: _Wanted) -> _Judgement:
        foreign = self.foreign(subject)
        isolating = self.isolating(subject, direction)
        if subject.outside:
            return Verdict.ALLOWED, f"no policy is about {subject}", ()
        if foreign is not None:
            return Verdict.UNKNOWN, f"{foreign} may decide", (foreign,)
        if not isolating:
            return Verdict.ALLOWED, f"no policy isolates the {direction} of {subject}", ()
        if subject.host_network:
            return Verdict.UNKNOWN, f"{subject} uses the host's network", ()
        return self._weigh(direction, isolating, other, wanted)

    def _weigh(
        self, direction: str, isolating: list[tuple[Policy, bool | None]], other: Endpoint, wanted: _Wanted
    ) -> _Judgement:
        # What comes from a node, or goes to one, is let through on that node whatever the policies say.
        unsure = other.host_network or any(selected is None for _, selected in isolating)
        for policy, selected in isolating:
            for rule in policy.rules(direction) or ():
                allows = self._allows(rule, policy, other, wanted)
                if allows and selected:
                    return Verdict.ALLOWED, f"{policy}, {direction} rule {rule.number + 1}", (policy.item,)
                unsure = unsure or allows is not False
        deciding = tuple(policy.item for policy, _ in isolating)
        named = ", ".join(str(item) for item in deciding)
        if unsure:
            return Verdict.UNKNOWN, f"whether {named} allows it is known only in the cluster", deciding
        what = f"{wanted.protocol} {wanted.port} {'to' if direction == 'egress' else 'from'} {other}"
        return Verdict.DENIED, f"no {direction} rule of {named} allows {what}", deciding

    def _allows(self, rule: PolicyRule, policy: Policy, other: Endpoint, wanted: _Wanted) -> bool | None:
        ports = any_of(wanted.fits(port) for port in rule.ports) if rule.ports else True
        if ports is False:
            return False
        peers = any_of(self._is_peer(peer, policy, other) for peer in rule.peers) if rule.peers else True
        return all_of((ports, peers))

    def _is_peer(self, peer: Peer, policy: Policy, other: Endpoint) -> bool | None:
        if peer.block:
            return True if other.outside and peer.block in _EVERYWHERE else None
        if other.outside:
            return False
        if other.host_network:
            return None
        if peer.namespaces is None:
            inside: bool | None = policy.namespace == other.namespace
        else:
            inside = self._in_namespaces(peer.namespaces, other.namespace)
        selector = {} if peer.pods is None else peer.pods
        return all_of((inside, decide(selector, other.labels, other.lacks)))

    def _in_namespaces(self, selector: Any, namespace: str) -> bool | None:
        declared = self._namespaces.get(namespace)
        labels = {**(declared or {}), _NAME: namespace}
        return decide(selector, labels, lambda _: declared is not None)


class _Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The port that somebody wants to reach; names of ports are those of the target's containers."""

    target: Endpoint
    port: int
    protocol: str

    def fits(self, allowed: PolicyPort) -> bool | None:
        if allowed.protocol != self.protocol:
            return False
        if allowed.port is None:
            return True
        if isinstance(allowed.port, int):
            return allowed.port <= self.port <= (allowed.end or allowed.port)
        number = self.target.number_of(allowed.port, self.protocol)
        if number is None:
            return False if self.target.complete else None
        return number == self.port


def network_of(index: ObjectIndex) -> Network:
    """The network of a cluster. Made once for an index."""
    found: Network | None = index.__dict__.get("network")
    if found is None:
        found = index.__dict__["network"] = Network(index)
    return found


def matrix(
    network: Network, sources: Iterable[Endpoint], targets: Iterable[tuple[Endpoint, int, str]]
) -> Iterator[Answer]:
    """Every source against every target, port and protocol."""
    wanted = tuple(targets)
    for source in sources:
        for target, port, protocol in wanted:
            yield network.reach(source, target, port, protocol)


def _may_concern(item: RenderedObject, body: dict[str, Any], endpoint: Endpoint) -> bool:
    """Selectors of Cilium are understood as far as they use plain labels, those of others are not."""
    if item.namespace and item.namespace != endpoint.namespace:
        return False
    if group_of(item.api_version) != "cilium.io":
        return True
    specs = [body.get("spec"), *sequence(body.get("specs"))]
    return any(_cilium_selects(mapping(spec), endpoint) for spec in specs if spec)


def _cilium_selects(spec: dict[str, Any], endpoint: Endpoint) -> bool:
    selector = spec.get("endpointSelector")
    if selector is None:
        return endpoint.host_network
    labels = mapping(mapping(selector).get("matchLabels"))
    plain = {
        key: value for key, value in labels.items() if not str(key).startswith(("k8s:", "any:", "io.", "reserved"))
    }
    return decide({"matchLabels": plain}, endpoint.labels, endpoint.lacks) is not False
