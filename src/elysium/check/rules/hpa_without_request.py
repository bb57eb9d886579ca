"""An autoscaler that is to keep a share of a request that nobody made.

`averageUtilization` is a share of what the containers request. When one of them requests nothing of the resource, the
autoscaler cannot compute it ("missing request for cpu in container …") and never scales. A limit counts as a request,
and so does the default of a LimitRange. Without metrics the autoscaler keeps 80 % of cpu.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.autoscaling import Autoscaler, autoscalers_of
from elysium.evaluate.demand import declared, with_defaults
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.limit_ranges import defaults
from elysium.evaluate.workloads import Path, Workload, mapping, sequence, workloads
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="hpa-without-request",
    severity=Severity.ERROR,
    summary="an autoscaler keeps a share of a request that a container does not make",
    topic=Topic.AVAILABILITY,
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each metric of each autoscaler."""
    for index in context.objects.values():
        for workload in workloads(index):
            for scaler in autoscalers_of(index, workload):
                for resource, only, path in _shares(scaler):
                    lacking = _without(index, workload, resource, only)
                    if lacking:
                        message = (
                            f"{scaler.item} keeps a share of the {resource} that {workload.item.kind} "
                            f"{workload.item.name} requests, but {', '.join(lacking)} requests none"
                        )
                        at = in_object(context, scaler.item, path)
                        hint = f"add resources.requests.{resource} to each container, or use averageValue"
                        yield about_object(RULE, scaler.item, at, message, hint=hint)


def _shares(scaler: Autoscaler) -> Iterator[tuple[str, str, Path]]:
    """The resources of which a share is kept, with the container if it is one alone."""
    if scaler.item.kind != "HorizontalPodAutoscaler":
        return
    spec = mapping(scaler.body.get("spec"))
    metrics = sequence(spec.get("metrics"))
    if not metrics:
        yield "cpu", "", ("spec",)
    for number, metric in enumerate(metrics):
        for kind, field in (("Resource", "resource"), ("ContainerResource", "containerResource")):
            source = mapping(mapping(metric).get(field))
            if mapping(metric).get("type") == kind and "averageUtilization" in mapping(source.get("target")):
                only = str(source.get("container") or "") if kind == "ContainerResource" else ""
                yield str(source.get("name")), only, ("spec", "metrics", number)


def _without(index: ObjectIndex, workload: Workload, resource: str, only: str) -> list[str]:
    """The containers that request nothing; none for a pod with resources of its own."""
    if workload.spec.get("resources"):
        return []
    filled = defaults(index, workload.namespace)
    lacking = []
    for container in workload.containers:
        resources = with_defaults(declared(container.body), filled)
        counts = container.role != "init" and only in ("", container.name)
        if counts and resource not in resources.requests and resource not in resources.unread:
            lacking.append(container.name)
    return lacking
