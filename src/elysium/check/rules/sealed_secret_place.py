"""A SealedSecret that is not where the repository keeps its kind.

In this layout cluster-wide values, those that Flux takes variables from, are in `clusters/<name>/sealed-secrets.yaml`,
and those of an application beside it, in a file whose name ends in `-sealed-secret.yaml`. Who looks for a secret finds
it then, and hooks that treat sealed files by name see it. Only judged where the repository follows the layout.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.flux import references
from elysium.check.rule import Rule, Topic
from elysium.model import Document, Finding, IndexedFile, ObjectReference, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="sealed-secret-place",
    severity=Severity.INFO,
    summary="a SealedSecret is not where the repository keeps its kind",
    topic=Topic.CONVENTIONS,
    profiles=("review", "gitops"),
)

_OF_CLUSTER = re.compile(r"(^|/)clusters/[^/]+/sealed-secrets\.ya?ml$")
_OF_APPLICATION = re.compile(r"sealed-?secrets?\.ya?ml$")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each SealedSecret in another place."""
    sealed = context.documents.of_kind("SealedSecret", "bitnami.com")
    if not any(_OF_CLUSTER.search(file.path) for file, _ in sealed):
        return
    variables = {
        (item.namespace, item.name)
        for item in references.references(context)
        if item.kind == "Secret" and item.field == "substituteFrom"
    }
    for file, document in sealed:
        if (document.namespace, document.name) in variables:
            if "clusters" not in file.path.split("/"):
                hint = "keep it in clusters/<name>/sealed-secrets.yaml"
                yield _finding(
                    file, document, "gives variables to the whole cluster and stands among applications", hint
                )
        elif not _OF_APPLICATION.search(posixpath.basename(file.path)):
            hint = f"call it {document.name.removesuffix('-secret')}-sealed-secret.yaml"
            yield _finding(file, document, "stands in a file whose name does not say so", hint)


def _finding(file: IndexedFile, document: Document, message: str, hint: str) -> Finding:
    return Finding(
        rule=RULE.id,
        severity=RULE.severity,
        message=f"SealedSecret {document.name} {message}",
        hint=hint,
        object=ObjectReference(
            api_version=document.api_version, kind=document.kind, namespace=document.namespace, name=document.name
        ),
        file=file.path,
        line=document.line,
    )
