"""JSON Schemas of what programs read, made from the records that are written."""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.check import Summary
from elysium.plans.exporting import documents
from elysium.present.plans_records import status_schema, verify_schema
from elysium.present.records import FORMAT, AssumptionRecord, CheckRecord, UnitRecord
from elysium.present.rehearsal_preview_records import preview_schema
from elysium.present.rehearsal_records import rehearsal_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """Schema by command."""
    plans = {"plan": documents.schema(), "plan-status": status_schema(), "plan-verify": verify_schema()}
    rehearsals = {"rehearse": rehearsal_schema(), "rehearse-preview": preview_schema()}
    return {"check": _check(), **plans, **rehearsals, "render": _render()}


def _check() -> dict[str, Any]:
    (record, summary), definitions = msgspec.json.schema_components(
        [CheckRecord, Summary], ref_template="#/$defs/{name}"
    )
    definitions["CheckRecord"]["properties"]["summary"] = summary
    return _document("What `elysium check -o json` prints", record, definitions)


def _render() -> dict[str, Any]:
    records = [UnitRecord, AssumptionRecord]
    (unit, assumption), definitions = msgspec.json.schema_components(records, ref_template="#/$defs/{name}")
    fields = definitions["UnitRecord"]
    fields["properties"]["objects"] = {"type": "array", "items": {"type": "object"}}
    fields["required"].append("objects")
    record = {
        "type": "object",
        "required": ["version", "revision", "units", "assumptions"],
        "properties": {
            "version": {"type": "integer"},
            "revision": {"type": "string"},
            "units": {"type": "array", "items": unit},
            "assumptions": {"type": "array", "items": assumption},
        },
    }
    return _document("What `elysium render -o json` prints", record, definitions)


def _document(title: str, record: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, "title": f"{title}, format {FORMAT}", **record, "$defs": definitions}
