"""A variable that is defined for substitution and that nothing uses.

Every key of a ConfigMap that `postBuild.substituteFrom` names is a variable of each Kustomization that names it. One
that none of them uses is a remainder, or the other half of a misspelling. Keys of Secrets are left alone, for they may
be read otherwise, too. So is a variable that any file of the repository mentions: something else may lead there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux import references
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity, Unit, UnitKind, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="unused-variable",
    severity=Severity.INFO,
    summary="a variable that no Kustomization uses",
    topic=Topic.SUBSTITUTION,
    profiles=("gitops", "review"),
)

_MENTION = re.compile(r"\$\{\s*#?([A-Za-z_][A-Za-z0-9_]*)")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each key of a ConfigMap, where everything that may use it is known."""
    readers: dict[str, list[Unit]] = {}
    items: dict[str, RenderedObject] = {}
    for reference in references.references(context):
        target = references.find(context, reference)
        for item in target.items if target and reference.kind == "ConfigMap" else ():
            key = f"{reference.unit.id.cluster} {item}"
            items[key] = item
            readers.setdefault(key, []).append(reference.unit)
    for key, item in items.items():
        if all(_is_known(unit) for unit in readers[key]):
            yield from _unused(context, item, readers[key])


def _is_known(unit: Unit) -> bool:
    return unit.id.kind is UnitKind.KUSTOMIZATION and unit.state in (UnitState.RENDERED, UnitState.SUSPENDED)


def _unused(context: Context, item: RenderedObject, units: list[Unit]) -> Iterator[Finding]:
    used = {name for unit in units for name in unit.used_variables}
    undefined = {name for unit in units for name in unit.undefined_variables}
    body = context.objects[item.origin.unit.cluster].body(item)
    for name in mapping(body.get("data")):
        if name not in used and name not in _mentioned(context):
            near = nearest(name, undefined)
            hint = f"did you mean {near}, which is used and not defined?" if near else "remove it"
            at = in_object(context, item, ("data", name))
            names = ", ".join(unit.id.name for unit in units[:3]) + (" …" if len(units) > 3 else "")
            message = f"{item}: no Kustomization that reads it ({names}) uses the variable {name}"
            yield about_object(RULE, item, at, message, hint=hint)


def _mentioned(context: Context) -> set[str]:
    """Every variable that stands in a file of the repository. Read once for a context."""
    found: set[str] | None = context.__dict__.get("mentioned_variables")
    if found is None:
        found = {name for file in context.documents.files for name in _MENTION.findall(context.text(file.path))}
        context.__dict__["mentioned_variables"] = found
    return found
