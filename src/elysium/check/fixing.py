"""Apply the edits that findings carry to the texts of files, and nothing else.

An edit names whole lines and what they say. It is applied only where they still say it; a finding's edits are applied
all or not at all, and none that touches lines another one has changed. Everything else stays byte for byte: comments,
order, line ends, a missing newline at the end.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping

import msgspec

from elysium.model import Edit, Finding

__all__ = ["Plan", "Refusal", "apply", "plan", "unified_diff"]


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A finding whose edits were not applied, and why."""

    finding: Finding
    reason: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of changed files before and after, the findings that this mends, and those that it leaves."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    mended: tuple[Finding, ...]
    refused: tuple[Refusal, ...]


def plan(findings: Iterable[Finding], read: Callable[[str], str]) -> Plan:
    """What applying the edits of findings makes of the files; `read` gives a file's text."""
    texts: dict[str, str] = {}
    accepted: dict[str, list[Edit]] = {}
    mended: list[Finding] = []
    refused: list[Refusal] = []
    for finding in findings:
        for edit in finding.edits:
            if edit.file not in texts:
                texts[edit.file] = read(edit.file)
        reason = next((why for edit in finding.edits if (why := _objection(edit, texts, accepted))), "")
        if reason:
            refused.append(Refusal(finding=finding, reason=reason))
        elif finding.edits:
            mended.append(finding)
            for edit in finding.edits:
                known = accepted.setdefault(edit.file, [])
                known += [edit] if edit not in known else []
    before = {file: texts[file] for file in sorted(accepted)}
    after = {file: apply(text, accepted[file]) for file, text in before.items()}
    return Plan(before=before, after=after, mended=tuple(mended), refused=tuple(refused))


def apply(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits that do not overlap. One whose lines say something else is passed over."""
    lines = _split(text)
    for edit in sorted(edits, key=lambda item: item.line, reverse=True):
        if _reads(lines, edit):
            start, old = edit.line - 1, _split(edit.old)
            lines[start : start + len(old)] = _styled(_split(edit.new), lines, start, len(old))
    return "".join(lines)


def unified_diff(plan: Plan) -> str:
    """The changes as a unified diff."""
    parts = []
    for file, before in plan.before.items():
        made = difflib.unified_diff(_split(before), _split(plan.after[file]), f"a/{file}", f"b/{file}")
        parts += [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in made]
    return "".join(parts)


def _objection(edit: Edit, texts: Mapping[str, str], accepted: Mapping[str, list[Edit]]) -> str:
    """Why an edit cannot be applied; empty when it can."""
    if not _reads(_split(texts[edit.file]), edit):
        return f"{edit.file}:{edit.line} no longer reads as it did"
    for other in accepted.get(edit.file, ()):
        if other != edit and _overlap(edit, other):
            return f"{edit.file}:{edit.line} is changed by another fix"
    return ""


def _overlap(one: Edit, other: Edit) -> bool:
    """Whether two edits touch the same line, or one inserts where the other changes."""
    first, second = sorted((one, other), key=lambda item: item.line)
    return first.line == second.line or first.line + len(_split(first.old)) > second.line


def _reads(lines: list[str], edit: Edit) -> bool:
    old, start = _split(edit.old), edit.line - 1
    if start < 0 or start + len(old) > len(lines):
        return False
    return [_bare(line) for line in lines[start : start + len(old)]] == [_bare(line) for line in old]


def _styled(new: list[str], lines: list[str], start: int, count: int) -> list[str]:
    """New lines with the line ends of those around them; the last line of a file may have none."""
    near = [line for line in lines[max(start - 1, 0) : start + count + 1] if line.endswith("\n")]
    known = [line for line in lines[start : start + count] if line.endswith("\n")] or near
    end = "\r\n" if known and known[0].endswith("\r\n") else "\n"
    styled = [_bare(line) + end for line in new]
    if styled and count and start + count == len(lines) and not lines[-1].endswith("\n"):
        styled[-1] = _bare(styled[-1])
    return styled


def _split(text: str) -> list[str]:
    """The lines of a text with their ends: only a newline ends a line."""
    parts = text.split("\n")
    lines = [part + "\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


def _bare(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")
