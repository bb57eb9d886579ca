"""A field of a kustomization file that Kustomize has replaced.

`bases` became part of `resources` in Kustomize 2.1; `patchesStrategicMerge`, `patchesJson6902`, `commonLabels` and
`vars` are deprecated since 5.0 and are to be dropped from the next version of the format. Flux builds with Kustomize's
library: the day it drops them, the unit no longer builds or, worse, no longer patches.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from elysium.check.closure import KUSTOMIZATION_FILES
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.model import Edit, Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="kustomize-deprecated",
    severity=Severity.WARNING,
    summary="a field of a kustomization file that Kustomize has replaced",
    topic=Topic.VERSIONS,
    profiles=("default", "pre-commit"),
)

_REPLACED = {
    "bases": "resources",
    "patchesStrategicMerge": "patches",
    "patchesJson6902": "patches",
    "vars": "replacements",
    "commonLabels": "labels",
    "imageTags": "images",
}
_ENTRY = re.compile(r"(\s*- )([\w./-]+\.ya?ml)(\s*(?:#.*)?)\Z")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each field; new names that mean exactly the same come as an edit."""
    for file in context.documents.files:
        if posixpath.basename(file.path) not in KUSTOMIZATION_FILES or not _mentions(context.text(file.path)):
            continue
        for document, body in zip(file.documents, context.bodies(file.path).values(), strict=False):
            if isinstance(body, dict) and document.api_version.partition("/")[0] in ("", "kustomize.config.k8s.io"):
                yield from _fields(context, file.path, body)


def _mentions(text: str) -> bool:
    return any(f"{field}:" in text for field in _REPLACED)


def _fields(context: Context, path: str, body: dict[str, Any]) -> Iterator[Finding]:
    lines = context.text(path).splitlines(keepends=True)
    for field, successor in _REPLACED.items():
        if field not in body:
            continue
        number = next((at for at, line in enumerate(lines) if line.startswith(f"{field}:")), None)
        if number is None:
            continue
        renamed = successor not in body and sum(line.startswith(f"{successor}:") for line in lines) == 0
        yield Finding(
            rule=RULE.id,
            severity=Severity.INFO if field == "commonLabels" else RULE.severity,
            message=f"`{field}` is deprecated in Kustomize",
            hint=_hint(field, successor),
            file=path,
            line=number + 1,
            edits=_edits(path, lines, number, field) if renamed else (),
        )


def _hint(field: str, successor: str) -> str:
    if field == "commonLabels":
        return "write `labels:` with `pairs` and `includeSelectors: true`, which gives the same objects"
    return f"write `{successor}:`"


def _edits(path: str, lines: list[str], number: int, field: str) -> tuple[Edit, ...]:
    """The same content under the new name, where it is a matter of writing only."""
    line = lines[number]
    if field == "bases":
        return (Edit(file=path, line=number + 1, old=line, new=line.replace("bases:", "resources:", 1)),)
    if field != "patchesStrategicMerge" or line.split("#")[0].strip() != "patchesStrategicMerge:":
        return ()
    entries: list[str] = []
    for entry in lines[number + 1 :]:
        if not entry.startswith((" ", "-")):
            break
        match = _ENTRY.match(entry.rstrip("\r\n"))
        if match is None or not entry.endswith("\n"):
            return ()
        entries.append(f"{match[1]}path: {match[2]}{match[3]}\n")
    old = "".join(lines[number : number + 1 + len(entries)])
    new = line.replace("patchesStrategicMerge:", "patches:", 1) + "".join(entries)
    return (Edit(file=path, line=number + 1, old=old, new=new),) if entries else ()
