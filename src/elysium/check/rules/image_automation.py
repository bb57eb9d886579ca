"""An ImageUpdateAutomation that never commits.

Its source is not there or is none that can be pushed to, the directory that it updates is not there, or its message
template uses fields that the API `v1` took away (`.Updated`, `.Changed.ImageResult`): the controller reports an error
instead of committing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from elysium.check.absence import makers
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="image-automation",
    severity=Severity.ERROR,
    summary="an ImageUpdateAutomation that never commits",
    topic=Topic.IMAGES,
    profiles=("default", "gitops"),
)

_REMOVED = re.compile(r"\.Updated\b|\.Changed\.ImageResult\b")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each fault of each automation."""
    for index in context.objects.values():
        for item in index.of_kind("image.toolkit.fluxcd.io", "ImageUpdateAutomation"):
            spec = mapping(index.body(item).get("spec"))
            for path, fault, hint in (
                *_source(context, index, item, mapping(spec.get("sourceRef"))),
                *_template(mapping(mapping(spec.get("git")).get("commit"))),
                *_directory(context, index, item, spec),
            ):
                yield about_object(RULE, item, in_object(context, item, path), f"{item} {fault}", hint=hint)


Fault = tuple[tuple[str, ...], str, str]


def _source(context: Context, index: ObjectIndex, item: RenderedObject, reference: dict[str, Any]) -> Iterator[Fault]:
    kind, name = str(reference.get("kind") or ""), str(reference.get("name") or "")
    namespace = str(reference.get("namespace") or item.namespace)
    if kind != "GitRepository" or not name or "${" in name:
        return
    unit = context.units.get(item.origin.unit)
    if (
        index.find("source.toolkit.fluxcd.io", kind, namespace, name)
        or unit is None
        or _is_root(index, namespace, name)
    ):
        return
    if not makers.may_be_made(context, unit, kind, namespace, name):
        hint = f"add a GitRepository {name} in namespace {namespace}"
        yield ("spec", "sourceRef", "name"), f"commits to GitRepository/{namespace}/{name}, which nothing defines", hint


def _is_root(index: ObjectIndex, namespace: str, name: str) -> bool:
    """Whether a root that stands in no file brings the source along."""
    roots = [unit for unit in index.units if unit.parent is None and index.definition(unit.id) is None]
    return any((unit.id.namespace, unit.id.name) == (namespace, name) or name == unit.id.name for unit in roots)


def _template(commit: dict[str, Any]) -> Iterator[Fault]:
    text = commit.get("messageTemplate")
    match = _REMOVED.search(text) if isinstance(text, str) else None
    if match:
        path = ("spec", "git", "commit", "messageTemplate")
        hint = "use .Changed.FileChanges, .Changed.Objects or .Changed.Changes"
        yield path, f"uses {match.group()} in its message, which is no longer there", hint


def _directory(context: Context, index: ObjectIndex, item: RenderedObject, spec: dict[str, Any]) -> Iterator[Fault]:
    """Only where it commits to the repository that the cluster itself is built from."""
    text = mapping(spec.get("update")).get("path")
    source = str(mapping(spec.get("sourceRef")).get("name") or "")
    own = {unit.id.name for unit in index.units if unit.parent is None}
    if not isinstance(text, str) or "${" in text or source not in own:
        return
    path = posixpath.normpath(text.lstrip("/") or ".")
    if path != "." and not any(file == path or file.startswith(path + "/") for file in context.paths) and context.paths:
        yield ("spec", "update", "path"), f"updates {text}, which is not in the repository", "name a directory of it"
