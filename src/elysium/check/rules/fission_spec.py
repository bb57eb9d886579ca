"""A Fission specification that cannot be applied, or whose function never runs.

`fission spec apply` validates the set as a whole: a function names an environment and a package, a package an
environment and an archive, a trigger a function, and all of them must be there. A missing one stops the whole
deployment; an archive whose patterns match no file deploys an empty function.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from elysium.check.context import Context
from elysium.check.files.fission_specs import Specification, SpecificationSet, specification_sets
from elysium.check.locate import in_document
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.cron import CronError, parse, parse_with_seconds
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, ObjectReference, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="fission-spec",
    severity=Severity.ERROR,
    summary="a Fission specification that cannot be applied, or whose function never runs",
    topic=Topic.CODE,
    profiles=("default", "pre-commit"),
)

_UID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_TRIGGERS = ("HTTPTrigger", "TimeTrigger", "MessageQueueTrigger", "KubernetesWatchTrigger")

Path = tuple[str | int, ...]
Problem = tuple[Specification, Path, str, str]
"""The document, the field, the message and the hint."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each reference, pattern and schedule."""
    for found in specification_sets(context):
        problems = (
            *_configuration(found),
            *_references(context, found),
            *_archives(context, found),
            *_schedules(found),
        )
        for item, path, message, hint in problems:
            at = in_document(context, item.file, item.index, path, line=item.line)
            yield Finding(
                rule=RULE.id,
                severity=RULE.severity,
                message=message,
                hint=hint,
                object=ObjectReference(
                    api_version=str(item.body.get("apiVersion") or ""),
                    kind=item.kind,
                    namespace=item.namespace,
                    name=item.name,
                ),
                file=at.file,
                line=at.line or item.line,
            )


def _configuration(found: SpecificationSet) -> Iterator[Problem]:
    configurations = found.of_kind("DeploymentConfig")
    for item in configurations[1:]:
        message = f"two DeploymentConfigs in {found.directory or 'one folder'}: Fission refuses to apply either"
        yield item, (), message, "keep one; each set of specifications has a folder of its own"
    for item in configurations[:1]:
        if not _UID.match(str(item.body.get("uid") or "")):
            message = "the uid of the DeploymentConfig is no UUID: Fission cannot tell what it owns"
            yield item, ("uid",), message, "make a new set with `fission spec init`"


def _references(context: Context, found: SpecificationSet) -> Iterator[Problem]:
    for item in (*found.of_kind("Function"), *found.of_kind("Package")):
        environment = mapping(item.spec.get("environment")).get("name")
        path: Path = ("spec", "environment", "name")
        yield from _missing(context, found, item, path, "Environment", environment)
    for item in found.of_kind("Function"):
        package = mapping(mapping(item.spec.get("package")).get("packageref")).get("name")
        yield from _missing(context, found, item, ("spec", "package", "packageref", "name"), "Package", package)
    for kind in _TRIGGERS:
        for item in found.of_kind(kind):
            reference = mapping(item.spec.get("functionref"))
            name = reference.get("name") if reference.get("type", "name") == "name" else None
            yield from _missing(context, found, item, ("spec", "functionref", "name"), "Function", name)
            for weighted in mapping(reference.get("functionweights")):
                yield from _missing(context, found, item, ("spec", "functionref"), "Function", weighted)


def _missing(
    context: Context, found: SpecificationSet, item: Specification, path: Path, kind: str, name: Any
) -> Iterator[Problem]:
    """What a document names and neither its set nor a cluster of the repository has."""
    if not isinstance(name, str) or not name or name in found.names(kind) or (kind, name) in context.declared:
        return
    near = nearest(name, found.names(kind))
    hint = f"did you mean {near}?" if near else f"add the {kind} to {found.directory}"
    yield item, path, f"{item.kind} {item.name} names {kind} {name}, which is not there", hint


def _archives(context: Context, found: SpecificationSet) -> Iterator[Problem]:
    archives = found.names("ArchiveUploadSpec")
    for item in found.of_kind("Package"):
        for field in ("source", "deployment"):
            url = mapping(item.spec.get(field)).get("url")
            if isinstance(url, str) and url.startswith("archive://") and url.removeprefix("archive://") not in archives:
                near = nearest(url.removeprefix("archive://"), archives)
                hint = f"did you mean {near}?" if near else "add an ArchiveUploadSpec of this name"
                message = f"Package {item.name} takes {url}, and there is no such ArchiveUploadSpec"
                yield item, ("spec", field, "url"), message, hint
    for item in found.of_kind("ArchiveUploadSpec"):
        root = posixpath.normpath(posixpath.join(found.directory, "..", str(item.body.get("rootdir") or "")))
        for number, pattern in enumerate(sequence(item.body.get("include"))):
            if isinstance(pattern, str) and not item.body.get("rootdir") and not _matched(context, root, pattern):
                message = f"`{pattern}` of archive {item.name} matches no file: the function would be empty"
                yield item, ("include", number), message, f"patterns count from {root or 'the root'}"


def _matched(context: Context, root: str, pattern: str) -> bool:
    """Whether a pattern matches a file, or a folder with files, below the folder around the specifications."""
    wanted = posixpath.normpath(posixpath.join("" if root == "." else root, pattern)).split("/")
    for path in context.paths:
        parts = path.split("/")
        if len(parts) >= len(wanted) and all(map(fnmatchcase, parts, wanted)):
            return True
    return False


def _schedules(found: SpecificationSet) -> Iterator[Problem]:
    for item in found.of_kind("TimeTrigger"):
        cron = item.spec.get("cron")
        if not isinstance(cron, str):
            continue
        try:
            parse_with_seconds(cron) if len(cron.split()) == 6 else parse(cron)
        except CronError as error:
            message = f"the schedule `{cron}` of TimeTrigger {item.name} cannot be read: {error}"
            yield item, ("spec", "cron"), message, "write five fields, six with seconds, or `@every 1h`"
