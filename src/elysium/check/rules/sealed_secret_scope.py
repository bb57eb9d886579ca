"""The scope of a SealedSecret is written in two places, and they differ.

The controller reads the scope from `metadata.annotations` when it opens the values; kubeseal writes it there and into
`spec.template.metadata.annotations`. Where the template says a wider scope than the object, the values were sealed for
the wider one and cannot be opened, or a rotation would widen them (bitnami/sealed-secrets#1885). Only the text `"true"`
counts as a value of these annotations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity
from elysium.sealing.sealed import ANNOTATIONS, GROUP, scope_of

__all__ = ["RULE", "check"]

RULE = Rule(
    id="sealed-secret-scope",
    severity=Severity.ERROR,
    summary="the scope of a SealedSecret differs between the object and its template",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each SealedSecret whose annotations disagree or mean nothing."""
    for index in context.objects.values():
        for item in index.of_kind(GROUP, "SealedSecret"):
            body = index.body(item)
            own = mapping(mapping(body.get("metadata")).get("annotations"))
            template = mapping(mapping(body.get("spec")).get("template")).get("metadata")
            inner = mapping(mapping(template).get("annotations"))
            yield from _meaningless(context, item, own)
            yield from _different(context, item, own, inner)


def _different(context: Context, item: RenderedObject, own: dict[str, Any], inner: dict[str, Any]) -> Iterator[Finding]:
    outside, inside = scope_of(own), scope_of(inner)
    silent = not any(name in inner for name in ANNOTATIONS)
    if outside is inside or (silent and outside.width > inside.width):
        return  # the controller opens the values by the object's own annotations
    wider = inside.width > outside.width
    path = ("spec", "template", "metadata", "annotations") if wider else ("metadata", "annotations")
    message = f"{item} is {outside} by its own annotations and {inside} by those of its template"
    why = ": values that were sealed that way do not open" if wider else ""
    hint = "give both the same annotation, the one that the values were sealed with"
    severity = Severity.ERROR if wider else Severity.WARNING
    yield about_object(RULE, item, in_object(context, item, path), message + why, hint=hint, severity=severity)


def _meaningless(context: Context, item: RenderedObject, own: dict[str, Any]) -> Iterator[Finding]:
    for name in ANNOTATIONS:
        value = own.get(name)
        if isinstance(value, str) and value.lower() in ("yes", "1", "on", "true") and value != "true":
            at = in_object(context, item, ("metadata", "annotations", name))
            message = f'{item}: the annotation {name} is {value!r}, and only "true" counts: the scope stays strict'
            yield about_object(RULE, item, at, message, hint='write "true"')
