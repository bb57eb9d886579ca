"""A SealedSecret that arrives in another namespace, or under another name, than the one it was sealed for.

A strict value opens only under its namespace and name, a namespace-wide one only in its namespace: both are part of the
encryption. `namespace:`, `namePrefix` and `nameSuffix` of an overlay, a patch, or `targetNamespace` of the
Kustomization change them after the fact; the controller then reports that no key could decrypt the Secret. kubeseal
keeps name and namespace in `spec.template.metadata`, which Kustomize does not touch: this is what they are held
against, and otherwise what the file itself says.
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
from elysium.sealing.sealed import GROUP, Scope, scope_of

__all__ = ["RULE", "check"]

RULE = Rule(
    id="sealed-secret-namespace",
    severity=Severity.ERROR,
    summary="a SealedSecret reaches another namespace or name than it was sealed for",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each SealedSecret that cannot be opened where it arrives."""
    arrivals: dict[tuple[str, int], list[RenderedObject]] = {}
    for index in context.objects.values():
        for item in index.of_kind(GROUP, "SealedSecret"):
            body = index.body(item)
            scope = scope_of(mapping(body.get("metadata")).get("annotations"))
            if scope is Scope.CLUSTER or not mapping(mapping(body.get("spec")).get("encryptedData")):
                continue
            found = _moved(context, item, body, scope)
            if found:
                yield found
            elif item.origin.position and not _template(body).get("namespace"):
                arrivals.setdefault((item.origin.file, item.origin.document), []).append(item)
    yield from _shared(context, arrivals)


def _moved(context: Context, item: RenderedObject, body: dict[str, Any], scope: Scope) -> Finding | None:
    """The first of namespace and name that is not what the values were sealed for."""
    written = _written(context, item)
    template = _template(body)
    fields = ("namespace",) if scope is Scope.NAMESPACE else ("namespace", "name")
    for field in fields:
        sealed_for = str(template.get(field) or written.get(field) or "")
        actual = item.namespace if field == "namespace" else item.name
        if sealed_for and sealed_for != actual and "${" not in sealed_for:
            at = in_object(context, item, ("metadata", field))
            message = (
                f"{item} is sealed ({scope}) for the {field} {sealed_for} and arrives with {actual}: it does not open"
            )
            hint = f"seal it again for {item.namespace}/{item.name}, or keep what changes the {field} away from it"
            return about_object(RULE, item, at, message, hint=hint)
    return None


def _shared(context: Context, arrivals: dict[tuple[str, int], list[RenderedObject]]) -> Iterator[Finding]:
    """A base without a namespace that reaches several: its values open in one of them at most."""
    for items in arrivals.values():
        places = sorted({item.namespace for item in items})
        if len(places) > 1:
            item = items[0]
            at = in_object(context, item, ("metadata", "name"))
            message = f"SealedSecret {item.name} arrives in {', '.join(places)}: its values open in one of them at most"
            hint = "seal one for each namespace, or seal it cluster-wide"
            yield about_object(RULE, item, at, message, hint=hint)


def _template(body: dict[str, Any]) -> dict[str, Any]:
    return mapping(mapping(mapping(body.get("spec")).get("template")).get("metadata"))


def _written(context: Context, item: RenderedObject) -> dict[str, Any]:
    if item.origin.position is None or item.origin.file not in context.files:
        return {}
    body = mapping(context.bodies(item.origin.file).get(item.origin.document))
    return mapping(body.get("metadata")) if body.get("kind") == "SealedSecret" else {}
