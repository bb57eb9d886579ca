"""An interval of Flux that is too short, or so long that nobody waits for it.

Below 30 seconds every Kustomization is rebuilt, and below a minute every chart rendered, most of the time for
nothing: controllers and registries are busy without end. A source that is looked at less often than every ten minutes
and that no Receiver announces shows a push only then; one of more than a day is likely a mistake.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.objects import NOTIFICATION, FluxObject, flux_objects
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="interval",
    severity=Severity.WARNING,
    summary="an interval of Flux that is too short or too long",
    topic=Topic.FLUX,
    profiles=(
        "review",
        "gitops",
    ),
)

_SHORTEST = {"HelmRelease": 60, "HelmRepository": 60, "OCIRepository": 60, "ImageRepository": 60}
_DAY = 24 * 3600
_KINDS = (
    "Kustomization",
    "HelmRelease",
    "GitRepository",
    "OCIRepository",
    "HelmRepository",
    "Bucket",
    "ImageRepository",
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such interval."""
    for found in flux_objects(context, *_KINDS):
        seconds, text = found.seconds("interval"), found.spec.get("interval")
        if seconds is None or found.spec.get("suspend") is True:
            continue
        severity, fault, hint = _fault(found, seconds)
        if fault:
            at = in_object(context, found.item, ("spec", "interval"))
            message = f"{found.item} has the interval {text}, {fault}"
            yield about_object(RULE, found.item, at, message, hint=hint, severity=severity)


def _fault(found: FluxObject, seconds: int) -> tuple[Severity, str, str]:
    shortest = _SHORTEST.get(found.kind, 30)
    if seconds < shortest:
        hint = f"use {shortest}s or more, and a Receiver where changes have to come at once"
        return Severity.WARNING, "which keeps controllers busy for nothing", hint
    if seconds > 7 * _DAY:
        return Severity.WARNING, "so drift is mended and changes of sources are seen that late", "use a day or less"
    slow = found.kind == "GitRepository" and seconds > 600 and _is_own(found) and not _is_announced(found)
    hint = "add a Receiver for the repository's webhook, or shorten the interval"
    return Severity.INFO, "so a push is seen that late: no Receiver announces it" if slow else "", hint


def _is_own(found: FluxObject) -> bool:
    """Whether a root of the cluster is built from this source."""
    roots = (unit.id for unit in found.index.units if unit.parent is None)
    return any((root.namespace, root.name) == (found.item.namespace, found.item.name) for root in roots)


def _is_announced(found: FluxObject) -> bool:
    """Whether a Receiver is told of pushes to a source."""
    for receiver in found.index.of_kind(NOTIFICATION, "Receiver"):
        spec = mapping(found.index.body(receiver).get("spec"))
        for entry in sequence(spec.get("resources")):
            wanted = mapping(entry)
            namespace = wanted.get("namespace") or receiver.namespace
            named = wanted.get("name") in ("*", found.item.name) or bool(wanted.get("matchLabels"))
            if wanted.get("kind") == found.kind and namespace == found.item.namespace and named:
                return True
    return False
