"""A plan as Markdown for people and as JSON for programs. Both hold the whole plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from elysium.kit.terminal import escaped_json
from elysium.plans.document import annotating
from elysium.plans.exporting.entries import Entry, entries
from elysium.plans.types import Mark, Plan

__all__ = ["FORMAT", "ExportRecord", "ItemRecord", "as_json", "as_markdown", "item_records", "schema"]

FORMAT = 1
"""The version of the JSON document; fields are added, never changed."""

_NOT_ASKED = "not verified: `elysium plan verify` tells"


class ItemRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An item in the words that `plan verify -o json` uses. An export asks nothing, so the result is `unknown`."""

    id: str
    title: str
    phase: str
    section: str
    step: str
    owner: str
    due: str
    role: str
    state: str
    checks: tuple[str, ...]
    needs: tuple[str, ...]
    line: int
    result: str = "unknown"
    reason: str = _NOT_ASKED
    evidence: tuple[Any, ...] = ()


class ExportSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How much there is: items, those with a check, by owner, by role."""

    items: int
    checked: int
    owners: dict[str, int]
    roles: dict[str, int]


class ExportRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of `elysium plan export --format json`: the typed plan, and its items as one flat list."""

    version: int
    plan: Plan
    items: tuple[ItemRecord, ...]
    summary: ExportSummary


def as_markdown(plan: Plan) -> str:
    """The document without Elysium's annotations, byte for byte as people wrote it."""
    return annotating.without(plan.text)


def as_json(plan: Plan, states: Mapping[str, Mark] | None = None) -> str:
    """The document of docs/schemas/plan.json. `plan.text` is every byte, so nothing is lost."""
    found = entries(plan, states)
    record = ExportRecord(
        version=FORMAT,
        plan=plan,
        items=item_records(plan, states),
        summary=ExportSummary(
            items=len(found),
            checked=sum(bool(entry.item.checks) for entry in found),
            owners=_counts(entry.owner for entry in found),
            roles=_counts(entry.item.role.value for entry in found),
        ),
    )
    return escaped_json(msgspec.json.format(msgspec.json.encode(record), indent=2).decode()) + "\n"


def item_records(plan: Plan, states: Mapping[str, Mark] | None = None) -> tuple[ItemRecord, ...]:
    """The items of a plan as one flat list; notes are text and no items."""
    return tuple(map(_record, entries(plan, states)))


def schema() -> dict[str, Any]:
    """The JSON Schema of the export."""
    (record,), definitions = msgspec.json.schema_components([ExportRecord], ref_template="#/$defs/{name}")
    title = f"What `elysium plan export --format json` prints, format {FORMAT}"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **record, "$defs": definitions}


def _record(entry: Entry) -> ItemRecord:
    item = entry.item
    phase, section, step = entry.numbers
    return ItemRecord(
        id=item.id,
        title=entry.title,
        phase=phase,
        section=section,
        step=step,
        owner=entry.owner,
        due=entry.due,
        role=item.role.value,
        state=entry.state.value if entry.state else Mark.UNKNOWN.value,
        checks=tuple(map(str, item.checks)),
        needs=item.needs,
        line=item.line,
    )


def _counts(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))
