"""An ingress whose controller is not let through to the pods.

The controller connects to the pods of the Service by itself, from its own namespace. When policies isolate those pods
and name neither the controller's namespace nor its pods, every request ends in a timeout (502 or 504). Only a
controller whose pods are known, because it is rendered with the rest, is judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.controllers import controllers
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers import Means, Use, of_kind
from elysium.evaluate.dependencies import pod_port
from elysium.evaluate.endpoints import endpoint_of
from elysium.evaluate.reach import Answer, network_of
from elysium.evaluate.services import selected, service
from elysium.evaluate.verdicts import Verdict
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="policy-blocks-ingress",
    severity=Severity.WARNING,
    summary="a policy keeps the ingress controller from the pods of an ingress",
    topic=Topic.NETWORK,
    profiles=("default", "gitops", "security"),
)


_ROUTING = ("Ingress", "IngressRoute", "IngressRouteTCP")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each backend that no pod of the controller reaches."""
    for index in context.objects.values():
        if not network_of(index).policies:
            continue
        seen: set[tuple[object, str]] = set()
        for use in of_kind(index, "Service"):
            place = (use.item.id, str(use))
            if use.by is Means.BACKEND and use.item.kind in _ROUTING and place not in seen:
                seen.add(place)
                answers = list(_answers(index, use))
                if answers and all(answer.verdict is Verdict.DENIED for answer in answers):
                    yield _finding(context, use, answers[0])


def _answers(index: ObjectIndex, use: Use) -> Iterator[Answer]:
    found = service(index, use.namespace, use.name)
    port = found.port(use.key) if found and use.key else found.ports[0] if found and len(found.ports) == 1 else None
    if found is None or port is None or port.number is None:
        return
    for source in controllers(index, use.item):
        for target in selected(index, found):
            number = pod_port(found, port.number, target)
            if number is not None:
                yield network_of(index).reach(endpoint_of(source), endpoint_of(target), number, port.protocol)


def _finding(context: Context, use: Use, answer: Answer) -> Finding:
    at = in_object(context, use.item, use.path)
    message = f"{use.item}: the controller cannot reach {use}: {answer.reason}"
    hint = f"let {answer.source} in on {answer.protocol} {answer.port}, for example by its namespace"
    return about_object(RULE, use.item, at, message, hint=hint)
