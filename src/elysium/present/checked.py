"""The result of a check, as JSON."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from elysium.check import Summary
from elysium.model import Assumption, Finding, Unit
from elysium.present.records import FORMAT, CheckRecord, assumption_records, finding_record, unit_records

__all__ = ["check_json"]


def check_json(
    revision: str,
    findings: Iterable[Finding],
    units: Iterable[Unit],
    summary: Summary,
    assumptions: Iterable[Assumption] = (),
) -> bytes:
    """The document of docs/schemas/check.json."""
    record = CheckRecord(
        version=FORMAT,
        revision=revision,
        findings=[finding_record(finding) for finding in findings],
        units=unit_records(units),
        summary=summary,
        assumptions=assumption_records(assumptions),
    )
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
