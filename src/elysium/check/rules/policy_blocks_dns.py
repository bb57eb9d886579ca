"""An egress policy that forgets DNS.

A pod that an egress policy selects may only talk to what its policies name, and the cluster's DNS is no exception: UDP
and TCP 53 to the pods of CoreDNS in `kube-system`. Without it no name resolves, so whatever else the policies allow is
only reached by address. Pods that may talk to nothing at all, and are told of no Service, are meant that way. DNS over
UDP alone works until an answer is too long for it, which is only information.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import pods
from elysium.evaluate import ObjectIndex, Workload
from elysium.evaluate.dependencies import dependencies
from elysium.evaluate.endpoints import Endpoint, endpoint_of
from elysium.evaluate.network_policies import Policy, PolicyRule
from elysium.evaluate.reach import Network, network_of
from elysium.evaluate.verdicts import Verdict
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="policy-blocks-dns",
    severity=Severity.WARNING,
    summary="an egress policy does not allow DNS",
    topic=Topic.NETWORK,
    profiles=("default", "gitops", "security"),
)


_HINT = (
    "allow it: egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, "
    "podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]}]"
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each policy, or set of policies, that leaves pods without DNS."""
    blocked: dict[tuple[object, ...], list[tuple[Workload, list[Policy], str]]] = {}
    for index, workload in pods(context):
        network = network_of(index)
        for protocol in _missing(index, network, workload):
            selecting = [policy for policy, _ in network.isolating(endpoint_of(workload), "egress")]
            key = (id(index), protocol, *(policy.item.id for policy in selecting))
            blocked.setdefault(key, []).append((workload, selecting, protocol))
    for found in blocked.values():
        yield _finding(context, found)


def _missing(index: ObjectIndex, network: Network, workload: Workload) -> Iterator[str]:
    """The protocol that is missed first, for pods that resolve names of the cluster."""
    own = endpoint_of(workload)
    if workload.spec.get("dnsPolicy", "ClusterFirst") != "ClusterFirst" or own.host_network:
        return
    if network.dns(own, "UDP").verdict is Verdict.DENIED:
        if _uses_names(index, network, own, workload):
            yield "UDP"
    elif network.dns(own, "UDP").verdict is Verdict.ALLOWED and network.dns(own, "TCP").verdict is Verdict.DENIED:
        yield "TCP"


def _uses_names(index: ObjectIndex, network: Network, own: Endpoint, workload: Workload) -> bool:
    rules = [rule for policy, _ in network.isolating(own, "egress") for rule in policy.egress or ()]
    return any(not _by_address(rule) for rule in rules) or any(True for _ in dependencies(index, workload))


def _by_address(rule: PolicyRule) -> bool:
    """Whether a rule names single hosts by their addresses, which need no DNS."""
    return bool(rule.peers) and all(peer.block.endswith(("/32", "/128")) for peer in rule.peers)


def _finding(context: Context, found: list[tuple[Workload, list[Policy], str]]) -> Finding:
    workload, selecting, protocol = found[0]
    named = ", ".join(str(policy) for policy in selecting)
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    item = selecting[0].item
    at = in_object(context, item, ("spec", "egress"))
    if protocol == "TCP":
        message = f"{named}: {workload.item}{more} may ask DNS over UDP only, so long answers fail"
        return about_object(RULE, item, at, message, hint="allow TCP 53 beside UDP 53", severity=Severity.INFO)
    message = f"{named}: {workload.item}{more} may not ask the cluster's DNS, so names do not resolve"
    return about_object(RULE, item, at, message, hint=_HINT)
