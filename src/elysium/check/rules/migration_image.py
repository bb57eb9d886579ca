"""Migrations with another version of the image than the application that they are for.

A migration brings the database to what the code of one version expects. When the two versions are named in two places,
one of them is forgotten: the application meets tables that it does not know, or misses those that it needs.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.images import UsedImage, used_images
from elysium.evaluate.index import ObjectIndex
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="migration-image",
    severity=Severity.WARNING,
    summary="migrations with another version of the image than their application",
    topic=Topic.IMAGES,
    profiles=("review",),
)

_SERVING = ("Deployment", "StatefulSet", "DaemonSet", "Rollout")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each container that migrates, where none of the application's has the same image."""
    for index in context.objects.values():
        serving = _serving(index)
        for used in used_images(index):
            if used.reference is None or not _migrates(used) or _of_its_version(used):
                continue
            versions = serving.get((used.workload.namespace, used.reference.name), {})
            if versions and used.text not in versions:
                item, other = used.workload.item, next(iter(versions))
                at = in_object(context, item, used.path)
                message = f"{item}: migrates with {used.text}, and {versions[other]} runs {other}"
                hint = "name the same image in both, best in one place that both take it from"
                yield about_object(RULE, item, at, message, hint=hint)


def _serving(index: ObjectIndex) -> dict[tuple[str, str], dict[str, str]]:
    """By namespace and image name: the images as they are written, and what runs each."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for used in used_images(index):
        if used.reference is not None and used.workload.item.kind in _SERVING and not _migrates(used):
            images = found.setdefault((used.workload.namespace, used.reference.name), {})
            images.setdefault(used.text, str(used.workload.item))
    return found


def _migrates(used: UsedImage) -> bool:
    named = used.container.name
    if used.workload.item.kind in ("Job", "CronJob"):
        named += f" {used.workload.item.name}"
    return "migrat" in named.lower()


def _of_its_version(used: UsedImage) -> bool:
    """Whether the name of the Job has the version: a record of one migration, which stays as it was."""
    tag = used.reference.tag if used.reference else ""
    return bool(tag) and tag.replace(".", "-").lower() in used.workload.item.name
