"""A NetworkPolicy that selects no pod.

It is accepted and does nothing: what it was to protect is open, what it was to allow stays closed. Mostly a label was
renamed, or the policy is in another namespace than the pods: a policy selects pods of its own namespace only. Judged is
only what could be rendered completely, in a namespace that has pods and no object of an operator that makes others.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.certainty import complete
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate import ObjectIndex, operated, workloads
from elysium.evaluate.endpoints import Endpoint, endpoint_of
from elysium.evaluate.network_policies import Policy
from elysium.evaluate.reach import network_of
from elysium.evaluate.resources import BUILT_IN_GROUPS
from elysium.evaluate.selectors import decide
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="policy-selects-nothing",
    severity=Severity.WARNING,
    summary="a NetworkPolicy selects no pod",
    topic=Topic.NETWORK,
    profiles=("default", "gitops", "security"),
)


_INERT = BUILT_IN_GROUPS | {
    "bitnami.com",
    "cert-manager.io",
    "cilium.io",
    "external-secrets.io",
    "gateway.networking.k8s.io",
    "helm.toolkit.fluxcd.io",
    "image.toolkit.fluxcd.io",
    "kustomize.toolkit.fluxcd.io",
    "notification.toolkit.fluxcd.io",
    "source.toolkit.fluxcd.io",
    "traefik.io",
}
_WITHOUT_PODS = ("AlertmanagerConfig", "PodMonitor", "Probe", "PrometheusRule", "ScrapeConfig", "ServiceMonitor")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each policy without a pod."""
    for cluster, index in context.objects.items():
        if not network_of(index).policies or not complete(context, cluster):
            continue
        by_namespace = _endpoints(index)
        closed = by_namespace.keys() - _open_namespaces(index)
        for policy in network_of(index).policies:
            if policy.namespace in closed and not _selects(policy, by_namespace[policy.namespace]):
                yield _finding(context, policy, by_namespace)


def _endpoints(index: ObjectIndex) -> dict[str, list[Endpoint]]:
    """The pods of each namespace, those of known operators included."""
    found: dict[str, list[Endpoint]] = {}
    of_operators = (own for kind in operated.KINDS for own in operated.operated(index, kind))
    for own in (*map(endpoint_of, workloads(index)), *of_operators):
        found.setdefault(own.namespace, []).append(own)
    return found


def _selects(policy: Policy, found: list[Endpoint]) -> bool:
    return any(decide(policy.selector, own.labels, own.lacks) is not False for own in found)


def _open_namespaces(index: ObjectIndex) -> set[str]:
    """Namespaces with objects from which operators may make pods."""
    return {
        item.namespace
        for (group, kind), items in index.kinds.items()
        if group not in _INERT and not (group == operated.GROUP and kind in (*operated.KINDS, *_WITHOUT_PODS))
        for item in items
    }


def _finding(context: Context, policy: Policy, by_namespace: dict[str, list[Endpoint]]) -> Finding:
    at = in_object(context, policy.item, ("spec", "podSelector"))
    labels = mapping(mapping(policy.selector).get("matchLabels"))
    wanted = ", ".join(f"{key}={value}" for key, value in labels.items()) or "its podSelector"
    message = f"{policy}: no pod of namespace {policy.namespace} has {wanted}"
    elsewhere = [name for name, found in by_namespace.items() if name != policy.namespace and _selects(policy, found)]
    if labels and elsewhere:
        return about_object(RULE, policy.item, at, message, hint=f"such pods are in {', '.join(sorted(elsewhere)[:3])}")
    for key, value in labels.items():
        present = {
            str(workload.labels.get(key)) for workload in by_namespace[policy.namespace] if key in workload.labels
        }
        near = nearest(str(value), present - {str(value)})
        if near:
            return about_object(RULE, policy.item, at, message, hint=f"did you mean {key}={near}?")
    return about_object(RULE, policy.item, at, message, hint="correct the podSelector, or delete the policy")
