"""Values that the chart's `values.schema.json` refuses.

Helm validates the composed values before it renders: the release fails until they fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_unit
from elysium.check.locate import in_object, of_unit
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity, UnitKind, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="values-schema",
    severity=Severity.ERROR,
    summary="values that the chart's schema refuses",
    topic=Topic.SCHEMA,
    profiles=("default", "pre-commit"),
    explains=("schema",),
)


_POINTER = re.compile(r"at '((?:/[^']*)?)'")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each release whose values do not fit."""
    for unit in context.render.units:
        failure = unit.failure
        if unit.state is not UnitState.FAILED or failure is None or failure.code != "schema":
            continue
        if unit.id.kind is not UnitKind.HELM_RELEASE or failure.cause:
            continue
        holder = context.objects[unit.id.cluster].definition(unit.id)
        complaints = [line.strip(" -") for line in failure.message.splitlines() if _POINTER.search(line)]
        at = in_object(context, holder, ("spec", "values", *_path(complaints))) if holder else of_unit(unit)
        said = "; ".join(complaints) or failure.message
        message = f"the values of {unit.id} do not fit the chart's schema: {said}"
        yield about_unit(RULE, context, unit, at, message, hint=failure.hint)


def _path(complaints: list[str]) -> list[str | int]:
    """The value that the first complaint is about."""
    match = _POINTER.search(complaints[0]) if complaints else None
    parts = match[1].split("/")[1:] if match else []
    unescaped = [part.replace("~1", "/").replace("~0", "~") for part in parts]
    return [int(part) if part.isdigit() else part for part in unescaped]
