"""Findings that the repository accepts, with the reason why.

Three ways to say so: an annotation on the object (`elysium.dev/ignore: "rule-a, rule-b: reason"`), a comment on the
line of the finding or the lines before it (`# elysium: ignore rule-a (reason)`), and `[[ignore]]` in `elysium.toml`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase

import msgspec

from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.model import Edit, Finding, ObjectReference, Severity

__all__ = ["ANNOTATION", "UNUSED", "Suppression", "apply", "complaints"]

ANNOTATION = "elysium.dev/ignore"

UNUSED = Rule(
    id="unused-suppression",
    severity=Severity.INFO,
    summary="a suppression that suppresses nothing, gives no reason, or names no rule",
    topic=Topic.CONVENTIONS,
)


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """One acceptance: of rules, for a file (a pattern), a line of it, or an object. It needs a reason.

    `release` is the unit (`hr/namespace/name`) of an annotated HelmRelease: what its chart makes is meant, too.
    `written` is where it stands. `edits` remove it. `decidable`: whether everything that it may be about is known.
    """

    rules: tuple[str, ...]
    reason: str
    file: str = ""
    line: int = 0
    object: str = ""
    release: str = ""
    written: tuple[str, int] = ("", 0)
    edits: tuple[Edit, ...] = ()
    decidable: bool = True

    def covers(self, finding: Finding) -> bool:
        """Whether this finding is meant."""
        return (
            bool(self.reason)
            and finding.rule in self.rules
            and (not self.file or fnmatchcase(finding.file, self.file))
            and (not self.line or finding.line == self.line)
            and (not self.object or _is(finding.object, self.object) or self._made_by_release(finding))
        )

    def _made_by_release(self, finding: Finding) -> bool:
        return bool(self.release) and str(finding.unit) == self.release


def apply(findings: Iterable[Finding], suppressions: list[Suppression]) -> tuple[list[Finding], set[tuple[int, str]]]:
    """The findings that nobody accepted; and for each suppression, by number, the rules that it was needed for."""
    by_rule: dict[str, list[int]] = {}
    for number, item in enumerate(suppressions):
        for name in item.rules:
            by_rule.setdefault(name, []).append(number)
    used: set[tuple[int, str]] = set()
    kept: list[Finding] = []
    for finding in findings:
        covering = [number for number in by_rule.get(finding.rule, ()) if suppressions[number].covers(finding)]
        used.update((number, finding.rule) for number in covering)
        if not covering:
            kept.append(finding)
    return kept, used


def complaints(
    suppressions: list[Suppression], used: set[tuple[int, str]], known: Collection[str], ran: Collection[str]
) -> Iterator[Finding]:
    """What is wrong with the suppressions themselves. `known` are the rules that exist, `ran` those that were asked: of
    the others nobody can say whether they would find something.
    """
    for number, item in enumerate(suppressions):
        unknown = [name for name in item.rules if name not in known]
        for name in unknown:
            yield _unknown(item, name, known)
        if not item.rules:
            yield _complaint(item, "this suppression names no rule", _form("RULE"))
        elif not item.reason:
            names = ", ".join(item.rules)
            yield _complaint(item, f"the suppression of {names} has no effect: it gives no reason", _form(names))
        elif item.decidable:
            idle = [name for name in item.rules if name in ran and (number, name) not in used]
            if idle:
                yield _idle(item, idle)


def _unknown(item: Suppression, name: str, known: Collection[str]) -> Finding:
    near = nearest(name, known)
    hint = f"did you mean {near}?" if near else "docs/rules lists every rule"
    return _complaint(item, f"the suppression of {name} has no effect: there is no such rule", hint)


def _idle(item: Suppression, idle: list[str]) -> Finding:
    whole = len(idle) == len(item.rules)
    return Finding(
        rule=UNUSED.id,
        severity=UNUSED.severity,
        message=f"the suppression of {', '.join(idle)} is not needed: nothing is found here",
        hint="remove it" if whole else f"leave {', '.join(idle)} out",
        file=item.written[0],
        line=item.written[1],
        edits=item.edits if whole else (),
    )


def _complaint(item: Suppression, message: str, hint: str) -> Finding:
    file, line = item.written
    return Finding(rule=UNUSED.id, severity=Severity.WARNING, message=message, hint=hint, file=file, line=line)


def _form(names: str) -> str:
    return f'write `# elysium: ignore {names} (reason)`, or `{ANNOTATION}: "{names}: reason"`'


def _is(found: ObjectReference | None, wanted: str) -> bool:
    if found is None:
        return False
    parts = wanted.split("/")
    name_matches = fnmatchcase(found.kind, parts[0]) and fnmatchcase(found.name, parts[-1])
    return name_matches and (len(parts) < 3 or not found.namespace or fnmatchcase(found.namespace, parts[1]))
