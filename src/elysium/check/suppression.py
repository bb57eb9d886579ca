"""Findings that the repository accepts, with the reason why.

Three ways to say so: an annotation on the object (`elysium.dev/ignore: "rule-a, rule-b: reason"`), a comment on the
line of the finding or the line before it (`# elysium: ignore rule-a (reason)`), and `[[ignore]]` in `elysium.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

import msgspec

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, ObjectReference, RenderedObject, Severity

__all__ = ["ANNOTATION", "UNUSED", "Suppression", "apply", "collect"]

ANNOTATION = "elysium.dev/ignore"

UNUSED = Rule(
    id="unused-suppression",
    severity=Severity.INFO,
    summary="a suppression that suppresses nothing, or gives no reason",
    topic=Topic.CONVENTIONS,
)

_COMMENT = re.compile(r"#\s*elysium:\s*ignore\s+([a-z0-9, -]+?)\s*(?:\((.*)\))?\s*$")
_MARK = "elysium:"


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """One acceptance: of rules, for a file (a pattern), a line of it, or an object. It needs a reason."""

    rules: tuple[str, ...]
    reason: str
    file: str = ""
    line: int = 0
    object: str = ""
    written: tuple[str, int] = ("", 0)

    def covers(self, finding: Finding) -> bool:
        """Whether this finding is meant."""
        return (
            bool(self.reason)
            and finding.rule in self.rules
            and (not self.file or fnmatchcase(finding.file, self.file))
            and (not self.line or finding.line in (self.line, self.line + 1))
            and (not self.object or _is(finding.object, self.object))
        )


def apply(context: Context, findings: Iterable[Finding], *, report_unused: bool) -> list[Finding]:
    """The findings that nobody accepted and, when asked, what the suppressions themselves do wrong."""
    suppressions = collect(context)
    used: set[int] = set()
    kept: list[Finding] = []
    for finding in findings:
        covering = [number for number, item in enumerate(suppressions) if item.covers(finding)]
        used.update(covering)
        if not covering:
            kept.append(finding)
    if report_unused:
        kept += [_unused(item) for number, item in enumerate(suppressions) if number not in used]
    return kept


def collect(context: Context) -> list[Suppression]:
    """Every suppression of the repository."""
    return [*_from_settings(context), *_from_comments(context), *_from_annotations(context)]


def _from_settings(context: Context) -> Iterator[Suppression]:
    for item in context.settings.ignore:
        yield Suppression(
            rules=(item.rule,),
            reason=item.reason.strip(),
            file=item.file,
            object=item.object,
            written=("elysium.toml", 0),
        )


def _from_comments(context: Context) -> Iterator[Suppression]:
    for file in context.documents.files:
        text = context.text(file.path)
        if _MARK not in text:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            match = _COMMENT.search(line) if _MARK in line else None
            if match:
                yield Suppression(
                    rules=_names(match[1]),
                    reason=(match[2] or "").strip(),
                    file=file.path,
                    line=number,
                    written=(file.path, number),
                )


def _from_annotations(context: Context) -> Iterator[Suppression]:
    mark = ANNOTATION.encode()
    seen: set[tuple[str, str]] = set()
    for unit in context.render.units:
        for item in unit.objects:
            if mark not in item.raw:
                continue
            text = _annotation(item)
            if text and (text, str(item)) not in seen:
                seen.add((text, str(item)))
                names, _, reason = text.partition(":")
                position = item.origin.position
                yield Suppression(
                    rules=_names(names),
                    reason=reason.strip(),
                    object=str(item),
                    written=(position.file, position.line) if position else (str(item), 0),
                )


def _annotation(item: RenderedObject) -> str:
    annotations = item.body().get("metadata", {}).get("annotations") or {}
    return str(annotations.get(ANNOTATION) or "")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in re.split(r"[,\s]+", text.strip()) if name)


def _is(found: ObjectReference | None, wanted: str) -> bool:
    if found is None:
        return False
    parts = wanted.split("/")
    name_matches = fnmatchcase(found.kind, parts[0]) and fnmatchcase(found.name, parts[-1])
    return name_matches and (len(parts) < 3 or not found.namespace or fnmatchcase(found.namespace, parts[1]))


def _unused(item: Suppression) -> Finding:
    names = ", ".join(item.rules)
    file, line = item.written
    if not item.reason:
        return Finding(
            rule=UNUSED.id,
            severity=Severity.WARNING,
            message=f"the suppression of {names} has no effect: it gives no reason",
            hint=f'write `# elysium: ignore {names} (reason)`, or `{ANNOTATION}: "{names}: reason"`',
            file=file,
            line=line,
        )
    return Finding(
        rule=UNUSED.id,
        severity=UNUSED.severity,
        message=f"the suppression of {names} is not needed: nothing is found here",
        hint="remove it",
        file=file,
        line=line,
    )
