"""An autoscaler whose target does not exist.

It waits for ever with "the HPA controller was unable to get the target's current scale", and nothing scales. What an
operator or a unit that is not known offline may make is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence import makers
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.autoscaling import Autoscaler, autoscalers
from elysium.evaluate.index import ObjectIndex
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="hpa-target-missing",
    severity=Severity.ERROR,
    summary="an autoscaler whose target does not exist",
    topic=Topic.AVAILABILITY,
)

_KINDS = {"Deployment": "apps", "StatefulSet": "apps", "ReplicaSet": "apps", "ReplicationController": ""}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each autoscaler of a built-in kind."""
    for index in context.objects.values():
        for scaler in autoscalers(index):
            group = _KINDS.get(scaler.target_kind)
            if group is None or not scaler.target_name or _exists(context, index, scaler):
                continue
            same = {item.name for item in index.of_kind(group, scaler.target_kind) if _beside(item.namespace, scaler)}
            near = nearest(scaler.target_name, same)
            message = f"{scaler.item} scales {scaler.target_kind} {scaler.target_name}, which does not exist"
            if scaler.target_group != group:
                message = f"{scaler.item} scales a {scaler.target_kind} of the API group {scaler.target_group or 'v1'}"
                near = ""
            at = in_object(context, scaler.item, ("spec", "scaleTargetRef", "name"))
            hint = f"did you mean {near}?" if near else f"apiVersion {group}/v1, and a name of the same namespace"
            yield about_object(RULE, scaler.item, at, message, hint=hint)


def _beside(namespace: str, scaler: Autoscaler) -> bool:
    return namespace == scaler.item.namespace


def _exists(context: Context, index: ObjectIndex, scaler: Autoscaler) -> bool:
    kind, namespace, name = scaler.target_kind, scaler.item.namespace, scaler.target_name
    if index.find(scaler.target_group, kind, namespace, name):
        return True
    unit = context.units[scaler.item.origin.unit]
    return makers.may_be_made(context, unit, kind, namespace, name)
