"""A Service whose selector matches no pod template of its namespace.

Such a Service has no endpoints, so every connection to it is refused. A selector must match the labels of the pods, not
those of the Deployment. Services without a selector, namespaces of which not everything is known, and selectors that
the pods of an operator might match, or that ask for a label which pods get while they run, are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.certainty import namespace_is_known, spoken_of
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex, Workload, workloads
from elysium.evaluate.services import Service, selected, services
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="service-selects-nothing",
    severity=Severity.WARNING,
    summary="the selector of a Service matches no pod template",
    topic=Topic.NETWORK,
    profiles=("default", "gitops"),
)

_BY_CONTROLLERS = ("statefulset.kubernetes.io/", "apps.kubernetes.io/", "batch.kubernetes.io/", "job-name")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Service without pods."""
    for cluster, index in context.objects.items():
        for service in services(index).values():
            if service.external or not service.selector or selected(index, service) or _is_set_later(index, service):
                continue
            namespace = service.item.namespace
            words = [str(value) for value in service.selector.values()]
            if not namespace_is_known(context, cluster, namespace) or spoken_of(index, namespace, words):
                continue
            at = in_object(context, service.item, ("spec", "selector"))
            message = f"{service.item}: the selector {_text(service)} matches no pod template in {namespace}"
            yield about_object(RULE, service.item, at, message, hint=_hint(index, service))


def _is_set_later(index: ObjectIndex, service: Service) -> bool:
    """Whether the pods may get what is lacking while they run: a role, their own name, the active one of several.

    So it is when all else fits the pods of a workload, and these have no label of that key yet.
    """
    for workload in workloads(index):
        if workload.namespace == service.item.namespace:
            lacking = [key for key, value in service.selector.items() if workload.labels.get(key) != value]
            given = any(key.startswith(_BY_CONTROLLERS) for key in lacking)
            if (given or len(lacking) < len(service.selector)) and not any(key in workload.labels for key in lacking):
                return True
    return False


def _text(service: Service) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(service.selector.items()))


def _hint(index: ObjectIndex, service: Service) -> str:
    """The workload that has the most in common with the selector, and what is different."""
    candidates = [item for item in workloads(index) if item.namespace == service.item.namespace]
    nearest = max(candidates, key=lambda item: _shared(item, service), default=None)
    if nearest is None:
        return "there are no pods in this namespace"
    if _shared(nearest, service) < 2:
        return "the selector must match the labels of the pods (spec.template.metadata.labels), not of the Deployment"
    different = (key for key, value in service.selector.items() if nearest.labels.get(key) != value)
    found = ", ".join(f"{key}={nearest.labels.get(key, '(none)')}" for key in sorted(different))
    return f"the pods of {nearest.item} have {found}"


def _shared(workload: Workload, service: Service) -> int:
    """Equal labels count more than keys in common."""
    labels = workload.labels
    return sum(2 if labels.get(key) == value else key in labels for key, value in service.selector.items())
