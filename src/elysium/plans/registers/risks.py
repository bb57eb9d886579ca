"""The risk register: what can go wrong, how bad it is, what is done about it, and what watches it (requirement 3.10).

A table with the columns Id, Risk, Severity, Likelihood, Status, Mitigation and Watched by, or a heading or list entry
per risk with lines such as `Severity: high`. Further columns and text are kept and not looked at.
"""

from __future__ import annotations

import re

import msgspec

from elysium.plans.registers.records import Record, read_records, with_value
from elysium.plans.registers.tables import row
from elysium.plans.registers.watchers import Watcher, read_watchers
from elysium.plans.words import plain

__all__ = ["Risk", "RiskRegister", "compose_risks", "read_risks", "with_risk_value"]

_NAMES = {
    "id": "id", "no": "id", "number": "id",
    "risk": "title", "title": "title", "what": "title",
    "severity": "severity", "impact": "severity",
    "likelihood": "likelihood", "probability": "likelihood",
    "status": "status", "mitigation-status": "status", "state": "status",
    "mitigation": "mitigation", "mitigations": "mitigation", "plan": "mitigation", "response": "mitigation",
    "watched-by": "watched", "watched": "watched", "watcher": "watched", "watch": "watched",
    "rule": "watched", "rules": "watched", "check": "watched", "checks": "watched",
    "owner": "owner",
}  # fmt: skip
_HEADER = ["Id", "Risk", "Severity", "Likelihood", "Status", "Mitigation", "Watched by"]
_ID = re.compile(r"(?P<id>[A-Za-z]{1,5}-?\d{1,4})\b[ \t]*[:.–—-]?[ \t]*(?P<rest>.*)")


class Risk(msgspec.Struct, frozen=True, kw_only=True):
    """One risk as it is written; `watchers` is what `watched` says."""

    id: str = ""
    title: str
    severity: str = ""
    likelihood: str = ""
    status: str = ""
    mitigation: str = ""
    watched: str = ""
    owner: str = ""
    line: int = 0

    @property
    def watchers(self) -> tuple[Watcher, ...]:
        """What watches the risk."""
        return read_watchers(self.watched)


class RiskRegister(msgspec.Struct, frozen=True, kw_only=True):
    """A document with risks. `text` is every byte of it; `rated` says whether it tells how likely risks are."""

    path: str
    text: str
    risks: tuple[Risk, ...]
    rated: bool = False


def read_risks(text: str, path: str = "") -> RiskRegister:
    """The risks in a document, in their order."""
    records = read_records(text, _NAMES, topic="risk")
    return RiskRegister(
        path=path,
        text=text,
        risks=tuple(map(_risk, records)),
        rated=any("likelihood" in record.fields for record in records),
    )


def compose_risks(risks: tuple[Risk, ...]) -> str:
    """A register of these risks; reading it gives them back."""
    cells = ([risk.id, risk.title, risk.severity, risk.likelihood, risk.status, risk.mitigation] for risk in risks)
    rows = [row([*found, risk.watched]) for found, risk in zip(cells, risks, strict=True)]
    return "\n".join(("# Risk register", "", row(_HEADER), row(["---"] * len(_HEADER)), *rows, ""))


def with_risk_value(register: RiskRegister, number: int, name: str, value: str) -> RiskRegister:
    """The register with one value of its risk `number` (from 0) replaced, and every other byte as it was.

    Raises KeyError where the risk has no place for it: a table without such a column.
    """
    record = read_records(register.text, _NAMES, topic="risk")[number]
    return read_risks(with_value(register.text, record.fields[name], value), register.path)


def _risk(record: Record) -> Risk:
    named = _ID.fullmatch(plain(record.title)) if "id" not in record.fields else None
    title = named["rest"] if named and named["rest"] else plain(record.title)
    mitigation = record.value("mitigation")
    if not mitigation and "title" not in record.fields and ": " in title:
        title, _, mitigation = title.partition(": ")
    return Risk(
        id=record.value("id") or (named["id"] if named else ""),
        title=title,
        severity=plain(record.value("severity")).lower(),
        likelihood=plain(record.value("likelihood")).lower(),
        status=plain(record.value("status")).lower(),
        mitigation=mitigation,
        watched=record.value("watched"),
        owner=record.value("owner"),
        line=record.line,
    )
