"""A repository of somebody else that is followed by branch.

Whatever is pushed there reaches the cluster at the next interval, reviewed or not. A tag, a range of versions or a
commit says what is meant; the cluster's own repository, and others of the same owner, are followed by branch on
purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.objects import FluxObject, flux_objects
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="source-ref-branch",
    severity=Severity.WARNING,
    summary="a repository of somebody else that is followed by branch",
    topic=Topic.FLUX,
    profiles=(
        "security",
        "gitops",
    ),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each GitRepository of another owner without tag, semver, name or commit."""
    for index in context.objects.values():
        own = {_owner(str(found.spec.get("url") or "")) for found in _roots(context, index)} - {""}
        for found in flux_objects(context, "GitRepository"):
            url, reference = str(found.spec.get("url") or ""), mapping(found.spec.get("ref"))
            owner = _owner(url)
            pinned = any(reference.get(field) for field in ("tag", "semver", "commit", "name"))
            if found.index is index and own and owner and owner not in own and not pinned and "${" not in url:
                at = in_object(context, found.item, ("spec", "ref"))
                branch = reference.get("branch") or "master"
                message = f"{found.item} follows the branch {branch} of {owner}: whatever is pushed there is applied"
                yield about_object(RULE, found.item, at, message, hint="pin it: ref.tag, ref.semver or ref.commit")


def _roots(context: Context, index: ObjectIndex) -> Iterator[FluxObject]:
    roots = {(unit.id.namespace, unit.id.name) for unit in index.units if unit.parent is None}
    for found in flux_objects(context, "GitRepository"):
        if found.index is index and (found.item.namespace, found.item.name) in roots:
            yield found


def _owner(url: str) -> str:
    """Host and first part of the path: `github.com/example`."""
    match = re.match(r"(?:[a-z+]+://)?(?:[^@/]+@)?([\w.-]+)(?::\d+)?[/:]+([^/]+)/", url)
    return f"{match[1]}/{match[2]}".lower() if match else ""
