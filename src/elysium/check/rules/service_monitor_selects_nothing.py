"""A ServiceMonitor or PodMonitor that selects nothing, or names a port that what it selects does not have.

The Prometheus Operator looks for Services (or pods) by labels in the namespaces of the `namespaceSelector`, its own
unless it is said, and for ports by their names in the Service (or container). What is not found is not scraped, and
nothing says so. A ServiceMonitor selects by the labels of the Service itself, not by its selector.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.absence.certainty import complete, namespace_is_known, spoken_of
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate import ObjectIndex
from elysium.evaluate.monitors import Monitor, Target, monitors, targets
from elysium.evaluate.selectors import matches
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="service-monitor-selects-nothing",
    severity=Severity.WARNING,
    summary="a monitor selects nothing, or a port that is not there",
    topic=Topic.MONITORING,
    profiles=("default", "gitops"),
)

_API_SERVER = {"component": "apiserver", "provider": "kubernetes"}
"""The labels of the Service `kubernetes`, which is in every cluster."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each monitor without targets, and for each endpoint without its port."""
    for cluster, index in context.objects.items():
        for monitor in monitors(index):
            found = targets(index, monitor)
            if found:
                yield from _ports(context, monitor, found)
            elif _is_certain(context, cluster, index, monitor):
                at = in_object(context, monitor.item, ("spec", "selector"))
                what = f"no {'Service' if monitor.of_services else 'pod'} in {_where(monitor)}"
                message = f"{monitor.item}: the selector {_text(monitor.selector)} matches {what}"
                yield about_object(RULE, monitor.item, at, message, hint=_hint(index, monitor))


def _ports(context: Context, monitor: Monitor, found: tuple[Target, ...]) -> Iterator[Finding]:
    names = {name for target in found for name in target.ports if name}
    for number, endpoint in enumerate(monitor.endpoints):
        port = mapping(endpoint).get("port")
        if not isinstance(port, str) or port in names or "$" in port:
            continue
        near = nearest(port, names)
        known = ", ".join(sorted(names)) or "no ports with a name"
        hint = f"did you mean {near}?" if near else f"there is {known}"
        field = "endpoints" if monitor.of_services else "podMetricsEndpoints"
        at = in_object(context, monitor.item, ("spec", field, number, "port"))
        message = f"{monitor.item}: nothing that it selects ({found[0].item}) has a port {port}"
        yield about_object(RULE, monitor.item, at, message, hint=hint)


def _is_certain(context: Context, cluster: str, index: ObjectIndex, monitor: Monitor) -> bool:
    if monitor.of_services and matches(monitor.selector, _API_SERVER):
        return False
    if monitor.namespaces is None:
        return complete(context, cluster) and not spoken_of(index, None, _words(monitor.selector))
    return all(
        namespace_is_known(context, cluster, namespace) and not spoken_of(index, namespace, _words(monitor.selector))
        for namespace in monitor.namespaces
    )


def _words(selector: dict[str, Any]) -> list[str]:
    return [str(value) for value in mapping(selector.get("matchLabels")).values()]


def _text(selector: dict[str, Any]) -> str:
    labels = mapping(selector.get("matchLabels"))
    return ", ".join(f"{key}={value}" for key, value in sorted(labels.items())) or "by expressions"


def _where(monitor: Monitor) -> str:
    return "any namespace" if monitor.namespaces is None else ", ".join(monitor.namespaces)


def _hint(index: ObjectIndex, monitor: Monitor) -> str:
    """A target elsewhere, or the labels of one here that nearly fits."""
    elsewhere = targets(index, monitor, everywhere=True)
    if elsewhere:
        return f"{elsewhere[0].item} has these labels: name its namespace in namespaceSelector.matchNames"
    if monitor.of_services:
        return "it must match the labels of the Service itself (metadata.labels), not its selector"
    return "it must match the labels of the pods (spec.template.metadata.labels)"
