"""A variable that an outer Kustomization replaces before the inner one, which it was meant for, sees it.

Substitution works on the text of everything that a Kustomization builds, the definitions of inner Kustomizations
included. `${HOST}` in a patch of the inner one becomes the outer one's value, its default, or an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.closure import reachable
from elysium.check.context import Context
from elysium.check.findings import about_unit
from elysium.check.flux import substitution
from elysium.check.rule import Rule, Topic
from elysium.model import Document, Finding, Position, Severity, Unit, UnitId, UnitKind, group_of

__all__ = ["RULE", "check"]

RULE = Rule(
    id="two-level-substitution",
    severity=Severity.ERROR,
    summary="an outer substitution takes a variable that is meant for an inner Kustomization",
    topic=Topic.SUBSTITUTION,
    profiles=("default", "gitops"),
    explains=("substitute",),
    supersedes=("undefined-variable",),
)

_GROUP = "kustomize.toolkit.fluxcd.io"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each variable of an inner Kustomization that the outer one would replace by something else."""
    for outer in context.render.units:
        own = substitution.variables(context, outer)
        if not own:
            continue
        for file in sorted(reachable(context, outer)):
            inner_documents = _inner_documents(context, file, outer)
            if not inner_documents:
                continue
            for use in substitution.uses(context, file):
                if use.document and use.document.index in inner_documents:
                    theirs = _variables(context, outer, file, use.document)
                    if use.name in theirs and _differs(own.get(use.name), theirs[use.name]):
                        yield _finding(context, outer, use, use.document)


def _inner_documents(context: Context, file: str, outer: Unit) -> set[int]:
    indexed = context.files.get(file)
    return {
        document.index
        for document in (indexed.documents if indexed else ())
        if document.kind == "Kustomization"
        and group_of(document.api_version) == _GROUP
        and (document.name, document.namespace or outer.id.namespace) != (outer.id.name, outer.id.namespace)
    }


def _variables(context: Context, outer: Unit, file: str, document: Document) -> dict[str, str | None]:
    """The variables of an inner Kustomization: rendered, or as its file has them where the outer one failed."""
    namespace = document.namespace or outer.id.namespace
    inner = context.units.get(UnitId(outer.id.cluster, UnitKind.KUSTOMIZATION, namespace, document.name))
    if inner is not None:
        known = substitution.variables(context, inner)
        if known:
            return {name: variable.value for name, variable in known.items()}
    body: Any = context.bodies(file).get(document.index)
    for field in ("spec", "postBuild", "substitute"):
        body = body.get(field) if isinstance(body, dict) else None
    return {str(name): str(value) for name, value in body.items()} if isinstance(body, dict) else {}


def _differs(own: substitution.Variable | None, theirs: str | None) -> bool:
    """Whether the outer Kustomization would put something else there; values that are not known are left alone."""
    if own is None:
        return True
    return own.value is not None and theirs is not None and own.value != theirs


def _finding(context: Context, outer: Unit, use: substitution.Use, document: Document) -> Finding:
    return about_unit(
        RULE,
        context,
        outer,
        Position(file=use.file, line=use.line),
        f"Kustomization {outer.id.name} replaces ${{{use.name}}} before {document.name}, which defines it, is built",
        hint=f"write $${{{use.name}}}, or annotate {document.name} with "
        "kustomize.toolkit.fluxcd.io/substitute: disabled",
    )
