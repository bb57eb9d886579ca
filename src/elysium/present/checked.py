"""The result of a check, as JSON."""

from __future__ import annotations

import msgspec

from elysium.api import Report
from elysium.check.checklists import LineResult
from elysium.present.records import (
    FORMAT,
    ChecklistRecord,
    CheckRecord,
    ComparisonRecord,
    UnknownKindRecord,
    assumption_records,
    finding_record,
    unit_records,
)
from elysium.present.run import Run

__all__ = ["document"]


def document(report: Report, _run: Run) -> str:
    """The document of docs/schemas/check.json."""
    record = CheckRecord(
        version=FORMAT,
        revision=report.revision,
        findings=[finding_record(finding) for finding in report.findings],
        units=unit_records(report.units),
        summary=report.summary,
        assumptions=assumption_records(report.assumptions),
        checklist=[_line(item) for item in report.checklist],
        comparisons=[
            ComparisonRecord(against=item.against, known=item.known, gone=item.gone) for item in report.comparisons
        ],
        unknown_kinds=[msgspec.convert(kind, UnknownKindRecord, from_attributes=True) for kind in report.unknown_kinds],
    )
    return msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n"


def _line(item: LineResult) -> ChecklistRecord:
    return ChecklistRecord(
        title=item.title,
        state=item.state,
        findings=item.findings,
        objects=list(item.objects),
        reason=item.reason,
    )
