"""A part of the repository that is missing, or stands where nobody looks for it.

In the layered layout every cluster has one entry file for each layer, and the layers wait for each other: controllers
before what needs their kinds, infrastructure before applications. Where a part is missing or a chain is broken, Flux
may still come to rest on a running cluster and never on a new one. A repository that `elysium init` wrote is expected
to keep what else belongs to it, too: variables, certificate, bootstrap script, functions and templates for Coder.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

import msgspec

from elysium.check.context import Context
from elysium.check.files.coder_templates import coder_templates
from elysium.check.files.fission_specs import specification_sets
from elysium.check.files.layout import Layout, layout_of
from elysium.check.locate import of_unit
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity, Unit, UnitKind

__all__ = ["RULE", "check"]

RULE = Rule(
    id="layout",
    severity=Severity.WARNING,
    summary="a part of the repository that is missing, or stands where nobody looks for it",
    topic=Topic.CONVENTIONS,
    profiles=("gitops",),
)

_LAYERS = {
    "infrastructure.yaml": (("infra-controllers", ""), ("infra-configs", "infra-controllers")),
    "apps.yaml": (("apps", "infra-configs"),),
    "monitoring.yaml": (("monitoring-controllers", ""), ("monitoring-configs", "monitoring-controllers")),
}
"""For each entry file its Kustomizations, each with the one that it waits for."""

_VARIABLES = {
    "sealed-secrets.yaml": ("SealedSecret", "cluster-secret-vars"),
    "config-map.yaml": ("ConfigMap", "cluster-vars"),
}
_NAMED = {"pub-sealed-secrets.pem": "etc/certs", "bootstrap_flux.sh": "scripts"}
_KUSTOMIZED = ("infrastructure/controllers", "infrastructure/configs", "monitoring/controllers", "monitoring/configs")
_WHOLE = {
    "apps/base": (Severity.WARNING, "the applications that overlays take"),
    "etc/certs/pub-sealed-secrets.pem": (Severity.WARNING, "the certificate that secrets are sealed with"),
    "scripts/bootstrap_flux.sh": (Severity.WARNING, "what brings Flux to a new cluster"),
    "coder/templates": (Severity.INFO, "the templates for Coder"),
    "functions": (Severity.INFO, "the functions"),
}
"""What else a repository has that `elysium init` wrote."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each part."""
    layout = layout_of(context)
    if layout is None:
        return
    for name, directory in layout.clusters.items():
        yield from _entries(context, layout, name, directory)
        yield from _variables(context, directory)
        yield from _bootstrap(context, layout, directory)
        if f"apps/{name}" not in layout.folders:
            yield _missing(f"apps/{name}", "the overlay of the applications for this cluster", directory)
    for folder in _KUSTOMIZED:
        layer = posixpath.dirname(folder)
        expected = layer in layout.folders or (layout.written and layer == "infrastructure")
        if expected and folder not in layout.folders:
            yield _missing(folder, "one half of its layer", layer)
    yield from _misplaced(context, layout)
    if layout.written:
        yield from _written(context, layout)


def _entries(context: Context, layout: Layout, name: str, directory: str) -> Iterator[Finding]:
    """The entry file of each layer that there is, and the chain of its Kustomizations."""
    units = {unit.id.name: unit for unit in context.units_of(directory) if unit.id.kind is UnitKind.KUSTOMIZATION}
    for file, chain in _LAYERS.items():
        layer = "infrastructure" if file.startswith("infra") else posixpath.splitext(file)[0]
        if layer not in layout.folders:
            continue
        if not any(unit in units for unit, _ in chain) and f"{directory}/{file}" not in layout.files:
            yield _missing(f"{directory}/{file}", f"what makes Flux deploy {layer}/ to {name}", directory)
            continue
        for unit, before in chain:
            yield from _chained(units, unit, before)


def _chained(units: dict[str, Unit], name: str, before: str) -> Iterator[Finding]:
    unit = units.get(name)
    if unit is None or not before or before not in units:
        return
    if not _waits(units, unit, before, set()):
        at = of_unit(unit)
        yield Finding(
            rule=RULE.id,
            severity=RULE.severity,
            message=f"Kustomization {name} does not wait for {before}",
            hint=f"add `dependsOn: [{{name: {before}}}]`",
            unit=unit.id,
            cluster=unit.id.cluster,
            file=at.file,
            line=at.line,
        )


def _waits(units: dict[str, Unit], unit: Unit, before: str, seen: set[str]) -> bool:
    """Whether a unit waits for another, be it through others."""
    for dependency in unit.depends_on:
        if dependency.name == before:
            return True
        if dependency.name in units and dependency.name not in seen:
            seen.add(dependency.name)
            if _waits(units, units[dependency.name], before, seen):
                return True
    return False


def _variables(context: Context, directory: str) -> Iterator[Finding]:
    """The variables of the cluster belong beside its entry files."""
    for file, (kind, name) in _VARIABLES.items():
        places = [
            (item.path, document.line)
            for item in context.documents.files
            for document in item.documents
            if (document.kind, document.name) == (kind, name)
        ]
        if places and not any(posixpath.dirname(path) == directory for path, _ in places):
            path, line = places[0]
            if path.startswith("clusters/"):
                continue
            yield Finding(
                rule=RULE.id,
                severity=RULE.severity,
                message=f"{kind} {name} stands in {path}",
                hint=f"move it to {directory}/{file}, where the variables of the cluster are looked for",
                file=path,
                line=line,
            )


def _bootstrap(context: Context, layout: Layout, directory: str) -> Iterator[Finding]:
    declared = any(kind == "FluxInstance" or name == "flux-instance" for kind, name in context.declared)
    if f"{directory}/flux-system" not in layout.folders and not declared:
        yield _missing(f"{directory}/flux-system", "what `flux bootstrap` writes", directory)


def _written(context: Context, layout: Layout) -> Iterator[Finding]:
    """What is gone of a repository that was whole when it was written; what only moved is named already."""
    there = layout.folders | layout.files | {place for _, place in _moves(layout)}
    for part, (severity, what) in _WHOLE.items():
        if part not in there:
            yield msgspec.structs.replace(_missing(part, what, ""), severity=severity)
    for name in sorted(layout.written):
        for file, variables in _VARIABLES.items():
            if variables not in context.declared:
                directory = layout.clusters[name]
                yield _missing(f"{directory}/{file}", f"{' '.join(variables)}, the variables of the cluster", directory)


def _misplaced(context: Context, layout: Layout) -> Iterator[Finding]:
    for path, place in _moves(layout):
        yield _moved(path, place)
    for template in coder_templates(context):
        if not template.directory.startswith("coder/templates/") and template.blocks:
            name = posixpath.basename(template.directory)
            yield _moved(template.blocks[0][0], f"coder/templates/{name}")
    for found in specification_sets(context):
        if not found.directory.startswith("functions"):
            yield _moved(found.items[0].file, "functions/specs")


def _moves(layout: Layout) -> Iterator[tuple[str, str]]:
    """Files whose name says where they belong, which are elsewhere: where each is, and its place."""
    for path in sorted(layout.files):
        name = posixpath.basename(path)
        if name in _NAMED and posixpath.dirname(path) != _NAMED[name]:
            yield path, f"{_NAMED[name]}/{name}"


def _missing(path: str, what: str, directory: str) -> Finding:
    message = f"{path} is missing: {what}"
    return Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=f"add {path}", file=directory)


def _moved(path: str, place: str) -> Finding:
    message = f"{path} is not where it is looked for"
    return Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=f"move it to {place}", file=path)
