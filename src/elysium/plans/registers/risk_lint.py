"""What a risk register lacks: words that mean something, somebody who watches, ids that name one risk."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.registers.findings import RegisterFinding
from elysium.plans.registers.risks import Risk, RiskRegister
from elysium.plans.registers.watchers import Known, WatcherKind, refusal

__all__ = ["LIKELIHOODS", "SEVERITIES", "STATUSES", "lint_risks"]

SEVERITIES = ("critical", "high", "medium", "low")
LIKELIHOODS = ("certain", "likely", "high", "medium", "possible", "low", "unlikely", "rare")
STATUSES = ("open", "mitigated", "accepted", "closed")

_Defect = tuple[str, str, str]
"""The rule, the message, the hint."""


def lint_risks(register: RiskRegister, known: Known) -> tuple[RegisterFinding, ...]:
    """What is wrong with the register and with each risk, in the order of the text."""
    found = [*_whole(register)]
    seen: dict[str, int] = {}
    for risk in register.risks:
        defects = [*_words(risk, register.rated), *_watching(risk, known), *_identity(risk, seen)]
        found += [
            RegisterFinding(
                rule=rule, message=f"{_name(risk)}: {message}", hint=hint, file=register.path, line=risk.line
            )
            for rule, message, hint in defects
        ]
        seen.setdefault(risk.id, risk.line)
    return tuple(found)


def _whole(register: RiskRegister) -> Iterator[RegisterFinding]:
    if not register.risks:
        yield RegisterFinding(
            rule="risk-none",
            message="the register has no risk that can be read",
            hint="write a table with the columns Id, Risk, Severity, Likelihood, Status, Mitigation, Watched by",
            file=register.path,
            line=1,
        )
    elif not register.rated:
        yield RegisterFinding(
            rule="risk-likelihood",
            message="the register does not say how likely its risks are",
            hint=f"add a column Likelihood: {', '.join(LIKELIHOODS)}",
            file=register.path,
            line=register.risks[0].line,
            severity=Severity.WARNING,
        )


def _words(risk: Risk, rated: bool) -> Iterator[_Defect]:
    yield from _one_of("risk-severity", "severity", risk.severity, SEVERITIES)
    yield from _one_of("risk-status", "status", risk.status, STATUSES)
    if rated:
        yield from _one_of("risk-likelihood", "likelihood", risk.likelihood, LIKELIHOODS)
    if not risk.mitigation.strip(" -–—"):
        yield "risk-mitigation", "nothing is said about what is done", "say what makes it unlikely or harmless"


def _one_of(rule: str, what: str, value: str, allowed: tuple[str, ...]) -> Iterator[_Defect]:
    """The first word counts: `mitigated (2026-03-01)` is mitigated."""
    word = value.replace("(", " ").replace(",", " ").replace(";", " ").split()[:1]
    hint = f"one of {', '.join(allowed)}"
    if not word:
        yield rule, f"no {what} is stated", hint
    elif word[0] not in allowed:
        yield rule, f"{value!r} is no {what}", hint


def _watching(risk: Risk, known: Known) -> Iterator[_Defect]:
    refusals = [refusal(watcher, known) for watcher in risk.watchers]
    for reason in filter(None, refusals):
        yield "risk-watcher", reason, "`elysium rules` lists the rules; an item needs a plan that has its id"
    looked_up = any(watcher.kind is not WatcherKind.OTHER for watcher in risk.watchers)
    if not looked_up and not risk.status.startswith("closed"):
        hint = "name what tells that it comes true: rule `image-latest`, item `P5-2`, check `exists docs/scaling.md`"
        yield "risk-unwatched", "no rule, item or check watches it", hint


def _identity(risk: Risk, seen: dict[str, int]) -> Iterator[_Defect]:
    if risk.id and risk.id in seen:
        yield "risk-duplicate", f"line {seen[risk.id]} has the same id", "give each risk an id of its own"


def _name(risk: Risk) -> str:
    return risk.id or risk.title
