"""A container without requests, or without a limit of memory.

Without requests the scheduler takes a pod to need nothing, and the kernel kills it first when memory runs short;
without a limit of memory one leak takes the whole node with it. A limit of cpu is not asked for: it only slows down.
Defaults of a LimitRange count. Jobs that run once, and containers that only prepare the pod, are not judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.demand import Resources, declared, with_defaults
from elysium.evaluate.limit_ranges import defaults
from elysium.evaluate.workloads import Container, workloads
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="container-resources",
    severity=Severity.WARNING,
    summary="a container without requests or without a limit of memory",
    topic=Topic.SIZING,
    profiles=("review", "pre-commit"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each container."""
    for index in context.objects.values():
        for workload in workloads(index):
            filled = defaults(index, workload.namespace)
            once = workload.item.kind == "Job" or workload.spec.get("resources")
            for container in () if once else workload.containers:
                lacking = _lacking(with_defaults(declared(container.body), filled))
                if lacking and container.role != "init":
                    message = f"{workload.item}: container {container.name} has no {' and no '.join(lacking)}"
                    at = in_object(context, workload.item, _place(container))
                    yield about_object(RULE, workload.item, at, message, hint=_HINT)


_HINT = "declare what it normally uses under requests, and under limits the memory at which it is to be stopped"


def _lacking(resources: Resources) -> list[str]:
    lacking = []
    if not resources.requests and not resources.unread:
        lacking.append("requests")
    if "memory" not in resources.limits and "memory" not in resources.unread:
        lacking.append("limit of memory")
    return lacking


def _place(container: Container) -> tuple[str | int, ...]:
    return (*container.path, "resources") if container.body.get("resources") else container.path
