"""Run the rules that are asked for."""

from __future__ import annotations

import msgspec

from elysium.check import own_policies, registry, suppression
from elysium.check.context import Context
from elysium.check.folding import absorb, fold, supersede
from elysium.check.rule import LoadedRule
from elysium.check.selection import FAIL_ON, Selection
from elysium.check.spelling import nearest
from elysium.errors import ElysiumError, EngineError, SettingsError
from elysium.model import Finding, Severity

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
    folded = fold(absorb(context, supersede(found, supersedes), explains))
    leveled = [_leveled(finding, levels) for finding in folded]
    kept = suppression.apply(context, leveled, report_unused=selection.reports_unused and not context.partial)
    return tuple(sorted(kept, key=_order))


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
    if context.settings.fail_on not in FAIL_ON:
        hint = f"use one of {', '.join(FAIL_ON)}"
        raise SettingsError(f"`fail-on` cannot be {context.settings.fail_on!r}", subject="elysium.toml", hint=hint)
    own_policies.check_names(context.settings)
    known = (*registry.identifiers(), *own_policies.names(context.settings))
    for name, level in context.settings.rules.items():
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean {near}?" if near else f"rules: {', '.join(known)}"
            raise SettingsError(f"there is no rule {name!r}", subject="elysium.toml", hint=hint)
        if level not in _LEVELS:
            hint = f"use one of {', '.join(_LEVELS)}"
            raise SettingsError(f"rule {name} cannot have the severity {level!r}", subject="elysium.toml", hint=hint)
    return context.settings.rules


def _leveled(finding: Finding, levels: dict[str, str]) -> Finding:
    level = levels.get(finding.rule, "off")
    return finding if level == "off" else msgspec.structs.replace(finding, severity=Severity(level))


def _order(finding: Finding) -> tuple[int, str, int, str, str, str]:
    return finding.severity.rank, finding.file, finding.line, finding.rule, finding.message, str(finding.object)
