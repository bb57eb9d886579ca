r"""An ImagePolicy that never selects a tag.

Its repository is not there, its pattern does not compile (Go's dialect has no look-around and no back references) or is
escaped once too often (`'\\.'` in single quotes wants a backslash), `extract` takes a group that the pattern does not
have, or the range of versions cannot be read. image-reflector-controller reports the policy as not ready, and every
marker that names it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from elysium.check.absence import makers
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.errors import EngineError
from elysium.evaluate import ObjectIndex
from elysium.evaluate.images import is_known
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="image-policy",
    severity=Severity.ERROR,
    summary="an ImagePolicy that never selects a tag",
    topic=Topic.IMAGES,
    profiles=("default", "gitops"),
)

_GROUP = "image.toolkit.fluxcd.io"
_TWICE = re.compile(r"\\\\[.\-+()\[\]dws]")
_GROUPS = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_NAMED = re.compile(r"\(\?P?<(\w+)>")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each fault of each policy."""
    for index in context.objects.values():
        for item in index.of_kind(_GROUP, "ImagePolicy"):
            spec = mapping(index.body(item).get("spec"))
            for severity, path, fault, hint in _faults(context, index, item, spec):
                at = in_object(context, item, ("spec", *path))
                yield about_object(RULE, item, at, f"{item} {fault}", hint=hint, severity=severity)


Fault = tuple[Severity, tuple[str, ...], str, str]


def _faults(context: Context, index: ObjectIndex, item: RenderedObject, spec: dict[str, Any]) -> Iterator[Fault]:
    yield from _repository(context, index, item, mapping(spec.get("imageRepositoryRef")))
    filters = mapping(spec.get("filterTags"))
    pattern, extract = filters.get("pattern"), filters.get("extract")
    if isinstance(pattern, str) and is_known(pattern):
        yield from _pattern(context, pattern, str(extract or ""))
    semver = mapping(mapping(spec.get("policy")).get("semver")).get("range")
    if isinstance(semver, str) and is_known(semver):
        yield from _range(context, semver)


def _repository(
    context: Context, index: ObjectIndex, item: RenderedObject, reference: dict[str, Any]
) -> Iterator[Fault]:
    name = str(reference.get("name") or "")
    namespace = str(reference.get("namespace") or item.namespace)
    if not is_known(name) or index.find(_GROUP, "ImageRepository", namespace, name):
        return
    unit = context.units.get(item.origin.unit)
    if unit is None or makers.may_be_made(context, unit, "ImageRepository", namespace, name):
        return
    known = {other.name for other in index.of_kind(_GROUP, "ImageRepository") if other.namespace == namespace}
    near = nearest(name, known)
    hint = f"did you mean {near}?" if near else f"add an ImageRepository {name} in namespace {namespace}"
    fault = f"takes its tags from ImageRepository/{namespace}/{name}, which nothing defines"
    yield Severity.ERROR, ("imageRepositoryRef", "name"), fault, hint


def _pattern(context: Context, pattern: str, extract: str) -> Iterator[Fault]:
    answer = context.ask("pattern.check", {"patterns": [pattern]})["patterns"][0]
    path = ("filterTags", "pattern")
    if answer["error"]:
        hint = "write it in Go's dialect (RE2): no look-around, no back references"
        yield Severity.ERROR, path, f"has a pattern that Go refuses: {answer['error']}", hint
        return
    if _TWICE.search(pattern):
        hint = "in single quotes one backslash is one backslash"
        yield Severity.WARNING, path, f"has the pattern {pattern}, which wants a backslash in the tag", hint
    groups = set(_NAMED.findall(pattern))
    numbers = len(re.findall(r"(?<!\\)\((?!\?[^P<])", pattern))
    for match in _GROUPS.finditer(extract.replace("$$", "")):
        name = match[1] or match[2]
        missing = int(name) > numbers if name.isdigit() else name not in groups
        if missing:
            hint = f"use one of {', '.join(sorted(groups))}" if groups else "name the group: (?P<name>…)"
            fault = f"extracts the group {name}, which its pattern does not have: nothing is left of any tag"
            yield Severity.ERROR, ("filterTags", "extract"), fault, hint


def _range(context: Context, text: str) -> Iterator[Fault]:
    params = {"range": text, "versions": ["1.0.0"], "prerelease": False, "filter": ""}
    try:
        context.ask("semver.select", params)
    except EngineError as error:
        yield Severity.ERROR, ("policy", "semver", "range"), f"has a range that cannot be read: {error.message}", ""
