"""A Namespace of the repository without any label.

Labels tell what a namespace belongs to, and policies select namespaces by them: network policies, the Pod Security
standard (`pod-security.kubernetes.io/enforce`), quotas and backups. In the layered layout every application of
`apps/base` brings its namespace with labels, so there it is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.layout import layout_of
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="namespace-labels",
    severity=Severity.INFO,
    summary="a Namespace of the repository without any label",
    topic=Topic.CONVENTIONS,
    profiles=("review",),
)

_FROM_FLUX = ("kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/", "kubernetes.io/metadata.name")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Namespace that a file of the repository defines."""
    for index in context.objects.values():
        for item in index.of_kind("", "Namespace"):
            labels = mapping(mapping(index.body(item).get("metadata")).get("labels"))
            if item.origin.position is not None and not any(_own(str(label)) for label in labels):
                yield _finding(context, item)


def _own(label: str) -> bool:
    return not label.startswith(_FROM_FLUX)


def _finding(context: Context, item: RenderedObject) -> Finding:
    message = f"Namespace {item.name} has no labels"
    hint = "add `app.kubernetes.io/part-of`, and `pod-security.kubernetes.io/enforce` with the standard it keeps"
    at = in_object(context, item, ("metadata", "name"))
    severity = Severity.WARNING if _of_application(context, at.file) else RULE.severity
    return about_object(RULE, item, at, message, hint=hint, severity=severity)


def _of_application(context: Context, file: str) -> bool:
    return layout_of(context) is not None and file.startswith("apps/base/")
