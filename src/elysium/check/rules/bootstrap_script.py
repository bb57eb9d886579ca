"""A bootstrap script that brings something else to a new cluster than what Flux's own manifests say.

`scripts/bootstrap_flux.sh` names the cluster, the address of the repository and the branch once, as variables. Where
one of them differs from the root source (or the FluxInstance) that stands in the repository, the new cluster follows
another branch or repository until somebody wonders why nothing arrives.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.layout import Layout, layout_of
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="bootstrap-script",
    severity=Severity.ERROR,
    summary="a bootstrap script that disagrees with Flux's own manifests",
    topic=Topic.FLUX,
    profiles=("default", "gitops"),
)

_VARIABLE = re.compile(r"(cluster|url|branch)=([\"']?)([^\"'$`\s]+)\2(?:\s+#.*)?")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each variable that disagrees."""
    layout = layout_of(context)
    for path in context.paths if layout else ():
        if layout and posixpath.basename(path) == "bootstrap_flux.sh":
            yield from _of_script(context, layout, path)


def _of_script(context: Context, layout: Layout, path: str) -> Iterator[Finding]:
    lines = enumerate(context.text(path).splitlines(), 1)
    said = {match[1]: (match[3], number) for number, line in lines if (match := _VARIABLE.fullmatch(line.strip()))}
    name, at = said.get("cluster", ("", 0))
    if name and name not in layout.clusters:
        known = ", ".join(sorted(layout.clusters))
        yield _finding(path, at, f"there is no clusters/{name}", f"the clusters of this repository are {known}")
        return
    directory = layout.clusters.get(name, "")
    index = context.objects.get(directory)
    if index is None:
        return
    for variable, (wanted, place) in _wanted(index).items():
        value, at = said.get(variable, ("", 0))
        if value and wanted and value != wanted:
            message = f"{variable} is {value}, and {place} says {wanted}"
            yield _finding(path, at, message, f"write {variable}={wanted}, or change the other one")


def _wanted(index: ObjectIndex) -> dict[str, tuple[str, str]]:
    """Address and branch of the root source, each with the object that says so."""
    for item in index.of_kind("fluxcd.controlplane.io", "FluxInstance"):
        sync = mapping(mapping(index.body(item).get("spec")).get("sync"))
        branch = str(sync.get("ref") or "").removeprefix("refs/heads/")
        return {"url": (str(sync.get("url") or ""), str(item)), "branch": (branch, str(item))}
    for item in index.of_kind("source.toolkit.fluxcd.io", "GitRepository"):
        if (item.namespace, item.name) == ("flux-system", "flux-system"):
            spec = mapping(index.body(item).get("spec"))
            branch = str(mapping(spec.get("ref")).get("branch") or "")
            return {"url": (str(spec.get("url") or ""), str(item)), "branch": (branch, str(item))}
    return {}


def _finding(path: str, line: int, message: str, hint: str) -> Finding:
    return Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=path, line=line)
