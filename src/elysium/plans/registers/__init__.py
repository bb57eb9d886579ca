"""Registers next to plans: risks, decisions, changes. Each is Markdown that people keep, and that can be judged."""

from elysium.plans.registers.change_lint import lint_changes, lint_history
from elysium.plans.registers.changes import ChangeEntry, ChangeLog, compose_changes, read_changes, with_change
from elysium.plans.registers.decision_lint import lint_decisions
from elysium.plans.registers.decisions import DecisionRecord, compose_decision, read_decision
from elysium.plans.registers.findings import RegisterFinding
from elysium.plans.registers.library import Registers, find_registers, known_watchers, lint_registers
from elysium.plans.registers.risk_lint import lint_risks
from elysium.plans.registers.risks import Risk, RiskRegister, compose_risks, read_risks
from elysium.plans.registers.watchers import Known

__all__ = [
    "ChangeEntry",
    "ChangeLog",
    "DecisionRecord",
    "Known",
    "RegisterFinding",
    "Registers",
    "Risk",
    "RiskRegister",
    "compose_changes",
    "compose_decision",
    "compose_risks",
    "find_registers",
    "known_watchers",
    "lint_changes",
    "lint_decisions",
    "lint_history",
    "lint_registers",
    "lint_risks",
    "read_changes",
    "read_decision",
    "read_risks",
    "with_change",
]
