"""Pods that anybody may talk to.

A pod that no policy selects for ingress accepts connections from everywhere in the cluster: one program that is broken
into reaches all databases. A NetworkPolicy with an empty `podSelector` and no rules closes a namespace, the pods that
will be added later included; others then open what is needed. A cluster without any NetworkPolicy gets one finding, not
one for each namespace. Pods that declare no port are left alone, and where the network plugin's own policies are used
the rule is silent.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex, Workload, workloads
from elysium.evaluate.endpoints import endpoint_of
from elysium.evaluate.network_policies import foreign_policies
from elysium.evaluate.reach import network_of
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="no-default-deny",
    severity=Severity.WARNING,
    summary="pods accept connections from everywhere in the cluster",
    topic=Topic.NETWORK,
    profiles=("review", "security"),
)


_HINT = "add a NetworkPolicy with podSelector: {} and policyTypes: [Ingress], and policies for what has to be open"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each namespace with open pods, or one for a cluster that has no policies."""
    for index in context.objects.values():
        opened = {} if foreign_policies(index) else _open(index)
        if opened and not network_of(index).policies:
            listed = ", ".join(sorted(opened)[:5]) + (", ..." if len(opened) > 5 else "")
            message = f"the cluster has no NetworkPolicy: any pod may talk to any other in {listed}"
            yield _finding(context, _anchor(index, *next(iter(opened.items()))), message)
            continue
        for name, found in sorted(opened.items()):
            listed = ", ".join(f"{item.item.kind} {item.item.name}" for item in found[:5])
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            message = f"namespace {name}: no NetworkPolicy closes {listed}{more} to the rest of the cluster"
            yield _finding(context, _anchor(index, name, found), message)


def _finding(context: Context, item: RenderedObject, message: str) -> Finding:
    return about_object(RULE, item, in_object(context, item, ("metadata", "name")), message, hint=_HINT)


def _open(index: ObjectIndex) -> dict[str, list[Workload]]:
    """The workloads with ports that no policy isolates, by namespace; policies do not reach the host's network."""
    network = network_of(index)
    found: dict[str, list[Workload]] = {}
    for workload in workloads(index):
        own = endpoint_of(workload)
        lasting = workload.item.hook is None and workload.item.kind not in ("Job", "CronJob")
        if lasting and own.ports and not own.host_network and not network.isolating(own, "ingress"):
            found.setdefault(workload.namespace, []).append(workload)
    return {name: items for name, items in found.items() if name != "kube-system"}


def _anchor(index: ObjectIndex, name: str, found: list[Workload]) -> RenderedObject:
    declared = index.find("", "Namespace", "", name)
    return declared[0] if declared else found[0].item
