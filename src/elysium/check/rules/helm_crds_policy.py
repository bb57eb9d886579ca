"""A chart with CRDs that are never updated.

What a chart has under `crds/` is applied when the release is installed. On an upgrade helm-controller creates CRDs that
are new and leaves those that exist as they are, unless `upgrade.crds` is `CreateReplace`: a new version of the operator
then works with the definitions of the old one.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity, UnitKind

__all__ = ["RULE", "check"]

RULE = Rule(
    id="helm-crds-policy",
    severity=Severity.WARNING,
    summary="a chart with CRDs that are never updated",
    topic=Topic.FLUX,
    profiles=(
        "review",
        "gitops",
    ),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each release whose chart brings CRDs that an upgrade does not replace."""
    for unit in context.render.units:
        if unit.id.kind is not UnitKind.HELM_RELEASE or not any(item.crd for item in unit.objects):
            continue
        index = context.objects[unit.id.cluster]
        holder = index.definition(unit.id)
        upgrade = mapping(mapping(index.body(holder).get("spec")).get("upgrade")) if holder else {}
        if holder and upgrade.get("crds") not in ("CreateReplace", "Skip"):
            count = sum(item.crd for item in unit.objects)
            at = in_object(context, holder, ("spec", "upgrade"))
            definitions = "a CRD" if count == 1 else f"{count} CRDs"
            message = f"{holder} has a chart with {definitions}, and upgrades leave what exists as it is"
            yield about_object(RULE, holder, at, message, hint="set upgrade.crds: CreateReplace")
