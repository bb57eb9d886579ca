"""An application of `apps/base` that is not put together, or that nothing deploys.

Each folder below `apps/base` is one application with a `kustomization.yaml` that lists its files. A cluster gets it
when `apps/base/kustomization.yaml` or an overlay lists the folder; a forgotten line means that the application exists
in Git only.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from elysium.check.closure import KUSTOMIZATION_FILES
from elysium.check.context import Context
from elysium.check.files.layout import applications, layout_of
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity, UnitKind

__all__ = ["RULE", "check"]

RULE = Rule(
    id="application-layout",
    severity=Severity.WARNING,
    summary="an application of apps/base that is not put together, or that nothing deploys",
    topic=Topic.CONVENTIONS,
    profiles=("gitops",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each application."""
    layout = layout_of(context)
    if layout is None:
        return
    listed, commented = _listed(context)
    for folder in applications(layout):
        files = {posixpath.join(folder, name) for name in KUSTOMIZATION_FILES}
        name = posixpath.basename(folder)
        if not files & layout.files and not any(path.startswith(folder + "/") for path in listed):
            message = f"{folder} has no kustomization.yaml"
            hint = "add one that lists its namespace.yaml and release.yaml or other files"
            yield Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=folder)
        elif not any(path == folder or path.startswith(folder + "/") for path in listed) and name not in commented:
            message = f"nothing deploys {name}: no kustomization.yaml lists {folder}"
            hint = f"list it in apps/base/kustomization.yaml or in the overlay of a cluster, `- ../base/{name}`"
            yield Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=folder)


def _listed(context: Context) -> tuple[set[str], str]:
    """What kustomization files and Flux Kustomizations build, and what stands there in comments."""
    found = {posixpath.normpath(unit.path) for unit in context.render.units if unit.id.kind is UnitKind.KUSTOMIZATION}
    comments: list[str] = []
    for file in context.documents.files:
        if posixpath.basename(file.path) not in KUSTOMIZATION_FILES:
            continue
        own = posixpath.dirname(file.path)
        for body in context.bodies(file.path).values():
            for field in ("resources", "components", "bases"):
                for entry in sequence(mapping(body).get(field)):
                    target = posixpath.normpath(posixpath.join(own, entry)) if isinstance(entry, str) else ""
                    if target and not _inside(target, own):
                        found.add(target)
        comments += [line for line in context.text(file.path).splitlines() if line.lstrip().startswith("#")]
    return found, "\n".join(comments)


def _inside(target: str, own: str) -> bool:
    """Whether an application lists its own files: that alone deploys nothing."""
    return own.count("/") >= 2 and own.startswith("apps/base/") and target.startswith(own + "/")
