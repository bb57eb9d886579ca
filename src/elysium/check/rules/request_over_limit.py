"""A request that is larger than the limit of the same resource.

The API server refuses the pod: "must be less than or equal to memory limit". A limit may also come from a LimitRange's
default, which then lies below the request that the manifest declares.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.demand import Resources, declared, with_defaults
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.limit_ranges import defaults
from elysium.evaluate.workloads import Path, Workload, workloads
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="request-over-limit",
    severity=Severity.ERROR,
    summary="a request larger than its limit",
    topic=Topic.SIZING,
    profiles=("default", "pre-commit", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each resource of each container, and of each pod with resources of its own."""
    for index in context.objects.values():
        for workload in workloads(index):
            for who, path, resources, own in _holders(index, workload):
                for name, request in resources.requests.items():
                    limit = resources.limits.get(name)
                    if limit is None or request <= limit or "/" in name or name.startswith("hugepages-"):
                        continue
                    given = "limit is" if name in own.limits else "LimitRange's default limit is"
                    message = f"{workload.item}: {who} requests {request} of {name}, and its {given} {limit}"
                    at = in_object(context, workload.item, (*path, "resources", "requests", name))
                    hint = "the pod is refused: lower the request or raise the limit"
                    yield about_object(RULE, workload.item, at, message, hint=hint)


def _holders(index: ObjectIndex, workload: Workload) -> Iterator[tuple[str, Path, Resources, Resources]]:
    filled = defaults(index, workload.namespace)
    for container in workload.containers:
        own = declared(container.body)
        yield f"container {container.name}", container.path, with_defaults(own, filled), own
    own = declared(workload.spec)
    yield "the pod", workload.spec_path, own, own
