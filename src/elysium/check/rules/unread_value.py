"""A value of a release that no template of its chart reads: mostly a misspelt or misplaced key.

Helm hands every value to the templates and says nothing about one that none of them looks at. What templates can read
is found in their text, without running them: fields, `index`, `get`, `dig`, `with`, `range`, named templates,
conditions and tags of dependencies, and what subcharts read below their names. Where a template may read everything
(`toYaml .Values`, `tpl` of a text that is not known), nothing is said, nor about what the chart has a default for.

Keys that only hold YAML anchors, and those that begin with `_` or `x-`, are there for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Position, Severity, Unit, UnitKind, UnreadValue

__all__ = ["RULE", "check"]

RULE = Rule(
    id="unread-value",
    severity=Severity.WARNING,
    summary="a value that no template of the chart reads",
    topic=Topic.BUILD,
)

_ANCHOR = re.compile(r"(?:^|[\s:\-\[{,])&[A-Za-z0-9]")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each topmost key."""
    seen: set[tuple[str, int, tuple[str, ...]]] = set()
    for unit in context.render.units:
        if unit.id.kind is UnitKind.HELM_RELEASE and unit.unread_values:
            for finding, path in _of_release(context, unit):
                key = (finding.file, finding.line, path)
                if key not in seen:
                    seen.add(key)
                    yield finding


def _of_release(context: Context, unit: Unit) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    index = context.objects[unit.id.cluster]
    holder = index.definition(unit.id)
    if holder is None:
        return
    inline = mapping(mapping(index.body(holder).get("spec")).get("values"))
    for value in unit.unread_values:
        if not _is_given(inline, value.path) or value.path[0] == "global" or _is_for_readers(value):
            continue
        at = in_object(context, holder, ("spec", "values", *value.path))
        if not _holds_anchor(context, at):
            name = ".".join(value.path)
            message = f"nothing in the chart {unit.chart} reads the value {name} of {unit.id}"
            yield about_object(RULE, holder, at, message, hint=_hint(value, inline)), value.path


def _is_given(values: object, path: tuple[str, ...]) -> bool:
    """Whether it is among the release's own values; those of ConfigMaps and Secrets often serve several charts."""
    for key in path:
        if not isinstance(values, dict) or key not in values:
            return False
        values = values[key]
    return True


def _is_for_readers(value: UnreadValue) -> bool:
    return any(key.startswith(("_", "x-", ".")) for key in value.path) or "anchor" in value.path[-1].lower()


def _holds_anchor(context: Context, at: Position) -> bool:
    """Whether the key at a line, or something below it, is there to be repeated elsewhere."""
    lines = context.text(at.file).splitlines()[at.line - 1 :] if at.line else []
    for number, line in enumerate(lines):
        deeper = len(line) - len(line.lstrip()) > len(lines[0]) - len(lines[0].lstrip())
        if number and line.strip() and not deeper and not line.lstrip().startswith("- "):
            return False
        if _ANCHOR.search(line):
            return True
    return False


def _hint(value: UnreadValue, values: object) -> str:
    parent = "".join(f"{key}." for key in value.path[:-1])
    near = nearest(value.path[-1], value.siblings)
    if near:
        return f"did you mean {parent}{near}?"
    for key in value.path:
        values = mapping(values).get(key)
    lifted = [key for key in mapping(values) if key in value.siblings]
    if lifted:
        return f"the chart reads {parent}{lifted[0]}: move what is below {value.path[-1]} one level up"
    return "remove it, or look in the chart's values.yaml for the key that was meant"
