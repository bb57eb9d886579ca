"""Run the rules that are asked for."""

from __future__ import annotations

import msgspec

from elysium.check import registry, suppression
from elysium.check.context import Context
from elysium.check.folding import absorb, fold, supersede
from elysium.check.policies import own as own_policies
from elysium.check.rule import LoadedRule
from elysium.check.selection import Selection
from elysium.check.spelling import nearest
from elysium.check.suppression_reading import collect
from elysium.errors import ElysiumError, EngineError, SettingsError
from elysium.model import Finding, Severity
from elysium.settings import place

__all__ = ["run"]

_LEVELS = (*Severity, "off")


def run(context: Context, selection: Selection) -> tuple[Finding, ...]:
    """The findings of the selected rules, the worst first, then by file and line.

    A rule that raises is a defect of Elysium, not a finding: EngineError names the rule.
    """
    levels = _levels(context)
    loaded = [rule for rule in selection.load() if levels.get(rule.rule.id) != "off" or rule.rule.id in selection.rules]
    found = [finding for rule in loaded for finding in _execute(rule, context)]
    own = [name for name in selection.policies if levels.get(name) != "off" or name in selection.rules]
    found += own_policies.evaluate(context, own)
    explains = {rule.rule.id: rule.rule.explains for rule in loaded}
    supersedes = {rule.rule.id: rule.rule.supersedes for rule in loaded}
    causes = absorb(context, supersede(found, supersedes), explains)
    accepted = collect(context, causes)
    kept, used = suppression.apply((_leveled(finding, levels) for finding in causes), accepted)
    if selection.reports_unused and levels.get(suppression.UNUSED.id) != "off" and not context.partial:
        ran = {*(rule.rule.id for rule in loaded), *own}
        about = suppression.complaints(accepted, used, _known(context), ran)
        kept += [_leveled(finding, levels) for finding in about]
    return tuple(sorted(fold(kept), key=_order))


def _execute(rule: LoadedRule, context: Context) -> list[Finding]:
    try:
        return list(rule.check(context))
    except ElysiumError:
        raise
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        hint = "this is a defect of Elysium; leave the rule out with `[rules]` in elysium.toml until it is mended"
        raise EngineError(message, subject=f"rule {rule.rule.id}", hint=hint) from error


def _levels(context: Context) -> dict[str, str]:
    """The severities that the settings give to rules, after a look at whether the settings make sense."""
    own_policies.check_names(context.settings)
    known = _known(context)
    for name, level in context.settings.rules.items():
        _require_rule(context, name, known, ("rules", name))
        if level not in _LEVELS:
            subject, hint = _place(context, "rules", name), f"use one of {', '.join(_LEVELS)}"
            raise SettingsError(f"rule {name} cannot have the severity {level!r}", subject=subject, hint=hint)
    for index, ignore in enumerate(context.settings.ignore):
        _require_rule(context, ignore.rule, known, ("ignore", index, "rule"))
    return context.settings.rules


def _require_rule(context: Context, name: str, known: tuple[str, ...], path: tuple[str | int, ...]) -> None:
    if name not in known:
        near = nearest(name, known)
        hint = f"did you mean {near}?" if near else f"rules: {', '.join(known)}"
        raise SettingsError(f"there is no rule {name!r}", subject=_place(context, *path), hint=hint)


def _place(context: Context, *path: str | int) -> str:
    """The line of a setting, where `elysium.toml` is among the files that are looked at."""
    return place(context.text("elysium.toml"), *path)


def _known(context: Context) -> tuple[str, ...]:
    return (*registry.identifiers(), *own_policies.names(context.settings))


def _leveled(finding: Finding, levels: dict[str, str]) -> Finding:
    level = levels.get(finding.rule, "off")
    return finding if level == "off" else msgspec.structs.replace(finding, severity=Severity(level))


def _order(finding: Finding) -> tuple[int, str, int, str, str, str]:
    return finding.severity.rank, finding.file, finding.line, finding.rule, finding.message, str(finding.object)
