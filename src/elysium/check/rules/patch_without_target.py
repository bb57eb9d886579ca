"""A patch whose target is nowhere: Kustomize says nothing, and nothing is changed.

A patch with a `target` is applied to every object that the target selects, and to none if there is none (Kustomize,
`patches`). That is meant where the target is broad; a target that names one object has lost it: the name was changed,
or it was misspelt from the start.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from elysium.check.closure import KUSTOMIZATION_FILES
from elysium.check.context import Context
from elysium.check.locate import in_document
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity, Unit, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="patch-without-target",
    severity=Severity.WARNING,
    summary="a patch for an object that is not there",
    topic=Topic.BUILD,
    profiles=("default", "pre-commit", "gitops"),
)

_PLAIN = re.compile(r"[A-Za-z0-9.-]+\Z")
_FIELDS = ("patches", "patchesJson6902")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each patch of a kustomization file that is read and whose target names nothing."""
    for file in context.documents.files:
        if posixpath.basename(file.path) in KUSTOMIZATION_FILES and "target:" in context.text(file.path):
            units = [unit for unit in context.render.units if file.path in unit.read]
            if units and all(unit.state is UnitState.RENDERED for unit in units):
                for index, body in context.bodies(file.path).items():
                    yield from _patches(context, file.path, index, mapping(body), units)


def _patches(context: Context, path: str, index: int, body: dict[str, Any], units: list[Unit]) -> Iterator[Finding]:
    if not any(sequence(body.get(field)) for field in _FIELDS):
        return
    known = _known(context, units)
    for field in _FIELDS:
        for number, patch in enumerate(sequence(body.get(field))):
            target = mapping(mapping(patch).get("target"))
            kind, name = str(target.get("kind") or ""), str(target.get("name") or "")
            if not kind or not _PLAIN.match(name) or not _PLAIN.match(kind) or (kind, name) in known:
                continue
            at = in_document(context, path, index, (field, number, "target", "name"))
            near = nearest(name, {other for its, other in known if its == kind})
            yield Finding(
                rule=RULE.id,
                severity=RULE.severity,
                message=f"the patch for {kind} {name} changes nothing: there is no such object",
                hint=f"did you mean {near}?" if near else "remove the patch, or mend its target",
                unit=units[0].id,
                cluster=units[0].id.cluster,
                file=at.file,
                line=at.line,
            )


def _known(context: Context, units: list[Unit]) -> set[tuple[str, str]]:
    """Kind and name of what the units build, and of what stands in their files before anything is renamed."""
    found = {(item.kind, item.name) for unit in units for item in unit.objects}
    for path in {path for unit in units for path in unit.read}:
        file = context.files.get(path)
        found |= {(document.kind, document.name) for document in file.documents} if file else set()
        if posixpath.basename(path) in KUSTOMIZATION_FILES:
            found |= _generated(context, path)
    return found


def _generated(context: Context, path: str) -> set[tuple[str, str]]:
    """What the generators of a kustomization file make, under the name without a hash."""
    found: set[tuple[str, str]] = set()
    for body in context.bodies(path).values():
        for field, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
            found |= {(kind, str(mapping(entry).get("name"))) for entry in sequence(mapping(body).get(field))}
    return found
