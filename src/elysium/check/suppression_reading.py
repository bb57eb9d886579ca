"""Where the repository says what it accepts: settings, comments, annotations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from elysium.check.closure import reachable
from elysium.check.context import Context
from elysium.check.locate import in_object
from elysium.check.plaintext.formats import may_hold_secrets
from elysium.check.suppression import ANNOTATION, Suppression
from elysium.evaluate.workloads import mapping
from elysium.model import Edit, Finding, RenderedObject, UnitState, group_of

__all__ = ["collect"]

_MARK = "elysium:"
_COMMENT = re.compile(r"(?:^|\s)(?:#|//|<!--)\s*elysium:(.*)")
_FORM = re.compile(r"ignore\s++([A-Za-z0-9, \t_-]++)(?:\((.*)\))?$")


def collect(context: Context, findings: Iterable[Finding]) -> list[Suppression]:
    """Every suppression of the repository. Files that are no YAML are looked at where something is found in them."""
    others = sorted({finding.file for finding in findings} - context.files.keys())
    undecided = _undecided(context)
    return [
        *_from_settings(context),
        *(item for file in (*context.files, *others) for item in _from_comments(context, file, undecided)),
        *_from_annotations(context),
    ]


def _from_settings(context: Context) -> Iterator[Suppression]:
    known = all(unit.state is not UnitState.UNKNOWN for unit in context.render.units)
    for item in context.settings.ignore:
        yield Suppression(
            rules=(item.rule,),
            reason=item.reason.strip(),
            file=item.file,
            object=item.object,
            written=("elysium.toml", item.line),
            decidable=known,
        )


def _from_comments(context: Context, file: str, undecided: set[str]) -> Iterator[Suppression]:
    text = context.text(file)
    if _MARK not in text:
        return
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line) if _MARK in line else None
        said = match[1].strip().removesuffix("-->").strip() if match else ""
        form = _FORM.match(said)
        if match is None or not (form or said.startswith(("ignore", "ingore", "disable"))):
            continue
        alone = not line[: match.start()].strip()
        yield Suppression(
            rules=_names(form[1], with_reason=bool(form[2])) if form else (),
            reason=(form[2] or "").strip() if form else "",
            file=_literally(file),
            line=_next(lines, number) if alone else number,
            written=(file, number),
            edits=_removal(file, number, line, match.start(), text),
            decidable=file not in undecided,
        )


def _next(lines: list[str], number: int) -> int:
    """The line that a comment of its own line is about: the next that is no comment."""
    for following, line in enumerate(lines[number:], number + 1):
        if line.strip() and not line.lstrip().startswith(("#", "//", "<!--")):
            return following
    return number


def _removal(file: str, number: int, line: str, start: int, text: str) -> tuple[Edit, ...]:
    """The edit that removes a comment. A line that may hold a secret is copied nowhere, not even into an edit."""
    old = line.removesuffix("\r") + "\n"
    if not line[:start].strip():
        return (Edit(file=file, line=number, old=old, new=""),)
    if may_hold_secrets(text):
        return ()
    return (Edit(file=file, line=number, old=old, new=line[:start].rstrip() + "\n"),)


def _undecided(context: Context) -> set[str]:
    """The files of units that did not render, and those that define them: what would be found in them is not known."""
    files: set[str] = set()
    for unit in context.render.units:
        if unit.state in (UnitState.FAILED, UnitState.UNKNOWN):
            files |= reachable(context, unit)
            if unit.defined_by is not None:
                files.add(unit.defined_by.file)
    return files


def _from_annotations(context: Context) -> Iterator[Suppression]:
    mark = ANNOTATION.encode()
    seen: set[tuple[str, str]] = set()
    unmade = {str(unit.id) for unit in context.render.units if unit.state is not UnitState.RENDERED}
    for unit in context.render.units:
        for item in unit.objects:
            if mark not in item.raw:
                continue
            text = _annotation(context, item)
            if text and (text, str(item)) not in seen:
                seen.add((text, str(item)))
                names, _, reason = text.partition(":")
                at = in_object(context, item, ("metadata", "annotations", ANNOTATION))
                release = f"hr/{item.namespace}/{item.name}" if _is_release(item) else ""
                yield Suppression(
                    rules=_names(names, with_reason=bool(reason.strip())),
                    reason=reason.strip(),
                    object=str(item),
                    release=release,
                    written=(at.file, at.line) if at.file else (str(item), 0),
                    decidable=release not in unmade,
                )


def _is_release(item: RenderedObject) -> bool:
    return item.kind == "HelmRelease" and group_of(item.api_version) == "helm.toolkit.fluxcd.io"


def _annotation(context: Context, item: RenderedObject) -> str:
    body = context.objects[item.origin.unit.cluster].body(item)
    return str(mapping(mapping(body.get("metadata")).get("annotations")).get(ANNOTATION) or "")


def _names(text: str, *, with_reason: bool) -> tuple[str, ...]:
    """The rules of a list. Where no reason is given, the words behind a name were meant as one."""
    if with_reason:
        return tuple(name for name in re.split(r"[,\s]+", text.strip()) if name)
    return tuple(part.split()[0] for part in text.split(",") if part.split())


def _literally(file: str) -> str:
    """A pattern that this file alone fits."""
    return re.sub(r"([*?\[])", r"[\1]", file)
