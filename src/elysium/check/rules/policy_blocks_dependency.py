"""A policy between a pod and the Service that it is told to use.

A variable, argument or ConfigMap names a Service of the cluster, and the NetworkPolicies of one end leave no way to the
port of its pods: the connection times out. Policies see the port of the pod, not that of the Service, and the names of
ports are those of the target's containers. What depends on addresses, on the host's network or on policies of the
network plugin is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import pods
from elysium.evaluate import ObjectIndex
from elysium.evaluate.dependencies import Dependency, backends, dependencies
from elysium.evaluate.endpoints import endpoint_of
from elysium.evaluate.reach import Answer, network_of
from elysium.evaluate.verdicts import Verdict
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="policy-blocks-dependency",
    severity=Severity.WARNING,
    summary="a pod is told of a Service that a policy keeps it from",
    topic=Topic.NETWORK,
    profiles=("default", "gitops", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Service that a workload is kept from."""
    for index, workload in pods(context):
        network = network_of(index)
        if not network.policies:
            continue
        for dependency in dependencies(index, workload):
            answers = _answers(index, dependency)
            if answers and all(answer.verdict is Verdict.DENIED for answer in answers):
                yield _finding(context, dependency, answers[0])


def _answers(index: ObjectIndex, dependency: Dependency) -> list[Answer]:
    source, network = endpoint_of(dependency.workload), network_of(index)
    return [
        network.reach(source, endpoint_of(target), port, dependency.protocol)
        for target, port in backends(index, dependency)
        if target.item.id != dependency.workload.item.id
    ]


def _finding(context: Context, dependency: Dependency, answer: Answer) -> Finding:
    item = dependency.workload.item
    at = in_object(context, item, dependency.path)
    message = f"{item}: {dependency.field} names {dependency.text}, but {answer.reason}"
    rule = "an ingress rule from" if answer.direction == "ingress" else "an egress rule to"
    other = answer.source if answer.direction == "ingress" else answer.target
    hint = f"add {rule} {other} on {answer.protocol} {answer.port}"
    return about_object(RULE, item, at, message, hint=hint)
