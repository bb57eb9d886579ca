"""Spaces at the end of lines, line ends of Windows, a last line without an end.

None of it changes what a cluster gets, but it makes diffs of what nobody changed. Lines of block scalars are content
and are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.plaintext.formats import may_hold_secrets
from elysium.check.rule import Rule, Topic
from elysium.check.yaml_lines import content_lines
from elysium.model import Edit, Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="yaml-style",
    severity=Severity.INFO,
    summary="spaces at the end of lines, line ends of Windows, a last line without an end",
    topic=Topic.CONVENTIONS,
    profiles=("pre-commit",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each file and each kind; the edits change no value, and copy none of a file with secrets."""
    for file in context.documents.files:
        if not file.problems:
            yield from _file(file.path, context.text(file.path))


def _file(path: str, text: str) -> Iterator[Finding]:
    if "\r\n" in text:
        line = text[: text.index("\r\n")].count("\n") + 1
        message = "the lines end as on Windows (CR LF)"
        yield Finding(
            rule=RULE.id, severity=RULE.severity, message=message, hint="save it with LF", file=path, line=line
        )
        return
    if " \n" not in text and "\t\n" not in text and (text.endswith("\n") or not text):
        return
    lines = text.splitlines(keepends=True)
    content = content_lines(text)
    spaced = [
        number
        for number, line in enumerate(lines, 1)
        if number not in content and line.rstrip("\n").endswith((" ", "\t"))
    ]
    if spaced:
        many = f"{len(spaced)} lines end" if len(spaced) > 1 else "the line ends"
        edits = tuple(
            Edit(file=path, line=number, old=lines[number - 1], new=lines[number - 1].rstrip() + "\n")
            for number in spaced
            if lines[number - 1].endswith("\n")
        )
        edits = () if may_hold_secrets(text) else edits
        yield _found(path, spaced[0], f"{many} with spaces", "remove them", edits)
    if not text.endswith("\n") and len(lines) not in content:
        edit = Edit(file=path, line=len(lines), old=lines[-1], new=lines[-1].rstrip() + "\n")
        edits = () if may_hold_secrets(text) else (edit,)
        yield _found(path, len(lines), "the last line has no end", "end the file with a newline", edits)


def _found(path: str, line: int, message: str, hint: str, edits: tuple[Edit, ...]) -> Finding:
    return Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=path, line=line, edits=edits)
