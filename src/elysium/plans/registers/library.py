"""The registers of a repository: which files they are, and what is wrong with all of them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

import msgspec

from elysium.check import registry
from elysium.errors import PlanError
from elysium.plans import checks, words
from elysium.plans.registers.change_lint import lint_changes
from elysium.plans.registers.changes import ChangeLog, read_changes
from elysium.plans.registers.decision_lint import lint_decisions
from elysium.plans.registers.decisions import DecisionRecord, read_decision
from elysium.plans.registers.findings import RegisterFinding
from elysium.plans.registers.risk_lint import lint_risks
from elysium.plans.registers.risks import RiskRegister, read_risks
from elysium.plans.registers.watchers import Known

__all__ = ["Registers", "find_registers", "known_watchers", "lint_registers"]

_RISKS = re.compile(r"risks?(?:[-_]?register)?\.md", re.IGNORECASE)
_CHANGES = re.compile(r"change(?:s|[-_]?log)\.md", re.IGNORECASE)
_DECISION = re.compile(r"\d{1,6}-[^/]{1,200}\.md")
_DECISIONS = frozenset({"decisions", "adr", "adrs"})


class Registers(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of each: documents with risks, decision records, change logs with entries."""

    risks: tuple[RiskRegister, ...] = ()
    decisions: tuple[DecisionRecord, ...] = ()
    changes: tuple[ChangeLog, ...] = ()


def find_registers(paths: Iterable[str], read: Callable[[str], str | None]) -> Registers:
    """The registers among the files of a repository, by their names: `RISK_REGISTER.md`, `decisions/0001-words.md`,
    `change-log.md`. A list of releases is no change log; `read` gives the text of a file, or None.
    """
    kept = sorted(path for path in paths if path.endswith(".md"))
    logs = (read_changes(text, path) for path, text in _texts(kept, read, _is_change_log))
    return Registers(
        risks=tuple(read_risks(text, path) for path, text in _texts(kept, read, _is_risk_register)),
        decisions=tuple(read_decision(text, path) for path, text in _texts(kept, read, _is_decision)),
        changes=tuple(log for log in logs if log.entries),
    )


def known_watchers(items: Iterable[str], policies: Iterable[str] | None = None) -> Known:
    """What may watch a risk: every rule of `elysium check`, these items of plans and policies, any check."""
    return Known(
        rules=frozenset(registry.identifiers()),
        items=frozenset(items),
        policies=None if policies is None else frozenset(policies),
        refuse_check=_refusal,
    )


def lint_registers(found: Registers, known: Known, today: datetime.date) -> tuple[RegisterFinding, ...]:
    """What is wrong with the registers, file by file. Numbers of decisions count within their folder."""
    risks = (finding for register in found.risks for finding in lint_risks(register, known))
    changes = (finding for log in found.changes for finding in lint_changes(log, today))
    folders: dict[str, list[DecisionRecord]] = {}
    for record in found.decisions:
        folders.setdefault(str(PurePosixPath(record.path).parent), []).append(record)
    decisions = (finding for records in folders.values() for finding in lint_decisions(records, today))
    return tuple(sorted((*risks, *decisions, *changes), key=lambda finding: (finding.file, finding.line)))


def _texts(
    paths: Iterable[str], read: Callable[[str], str | None], wanted: Callable[[PurePosixPath], bool]
) -> Iterable[tuple[str, str]]:
    for path in paths:
        if wanted(PurePosixPath(path)) and (text := read(path)) is not None:
            yield path, text


def _is_risk_register(path: PurePosixPath) -> bool:
    return bool(_RISKS.fullmatch(path.name))


def _is_change_log(path: PurePosixPath) -> bool:
    return bool(_CHANGES.fullmatch(path.name))


def _is_decision(path: PurePosixPath) -> bool:
    return path.parent.name.lower() in _DECISIONS and bool(_DECISION.fullmatch(path.name))


def _refusal(text: str) -> str:
    """What is wrong with a check that a risk names; empty where it can be made."""
    try:
        checks.read(words.split(text), "")
    except (PlanError, ValueError) as error:
        return str(error)
    return ""
