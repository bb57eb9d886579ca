"""Run the rules over a render."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from elysium.api.opening import Opened
from elysium.api.report import Report
from elysium.api.selecting import today
from elysium.check import Selection, summarise
from elysium.check.context import Context
from elysium.check.rule import Topic
from elysium.check.run import run
from elysium.check.unknown_kinds import unknown_kinds
from elysium.engine import EnginePool
from elysium.load.documents import decoded_documents
from elysium.model import Documents, Finding, Render
from elysium.settings import Settings

__all__ = ["check_render", "of_units"]

_LARGEST = 10 << 20
_OF_FILES = {Topic.SYNTAX, Topic.SECRETS, Topic.WORKFLOWS, Topic.CODE}


def check_render(render: Render, opened: Opened, selection: Selection, pool: EnginePool, settings: Settings) -> Report:
    """The findings of the selected rules over a render and the files that it came from."""
    context = _context(render, opened, pool, settings)
    inside = [item for item in run(context, selection) if _within(item, opened.scope)]
    findings = (*inside, *_outside(render, opened, selection, pool, settings))
    units = tuple(msgspec.structs.replace(unit, objects=(), read=()) for unit in render.units)
    kinds = unknown_kinds(render)
    return Report(
        revision=render.revision,
        findings=findings,
        units=units,
        summary=summarise(render, findings, kinds),
        assumptions=render.assumptions,
        unknown_kinds=kinds,
    )


def _outside(
    render: Render, opened: Opened, selection: Selection, pool: EnginePool, settings: Settings
) -> Iterator[Finding]:
    """What is found in the files of the checkout that Flux does not get, by the rules that need no cluster."""
    around = opened.around
    if around is None or opened.scope:
        return
    rules = tuple(rule.rule.id for rule in selection.load() if rule.rule.topic in _OF_FILES)
    if not rules:
        return
    nothing = msgspec.structs.replace(render, units=(), clusters=())
    outer = tuple(file for file in around.documents.files if not file.path.startswith(around.inner + "/"))
    whole = Opened(tree=around.tree, documents=Documents(files=outer), clusters=(), partial=True)
    for finding in run(_context(nothing, whole, pool, settings), Selection(rules=rules)):
        if finding.file and not finding.file.startswith(around.inner + "/"):
            yield msgspec.structs.replace(finding, file=posixpath.relpath(finding.file, around.inner), edits=())


def _context(render: Render, opened: Opened, pool: EnginePool, settings: Settings) -> Context:
    files = f"files#{opened.tree.digest[:12]}"
    root = opened.tree.root

    def read_text(path: str) -> str:
        if path not in opened.tree.files:
            return ""
        try:
            with open(f"{root}/{path}", "rb") as stream:  # noqa: PTH123 - thousands of files
                size = os.fstat(stream.fileno()).st_size
                return stream.read(min(size, _LARGEST)).decode()  # room for the largest would cost more than the file
        except (OSError, UnicodeDecodeError):
            return ""

    def positions(file: str, queries: list[dict[str, Any]]) -> list[dict[str, int] | None]:
        if file not in opened.tree.files:
            return [None] * len(queries)
        found: list[dict[str, int] | None] = pool.call(
            "positions.find", {"tree": files, "file": file, "queries": queries}
        )["positions"]
        return found

    def decode(text: str) -> list[Any]:
        documents: list[Any] = pool.call("yaml.decode", {"text": text})["documents"]
        return documents

    def bodies(paths: Sequence[str]) -> dict[str, dict[int, Any]]:
        return decoded_documents(pool, files, paths)

    return Context(
        ask=pool.call,
        read_bodies=bodies,
        paths=tuple(sorted(opened.tree.files)),
        today=today(),
        render=render,
        documents=opened.documents,
        read_text=read_text,
        positions=positions,
        decode=decode,
        settings=settings,
        partial=opened.partial,
    )


def of_units(report: Report, render: Render) -> Report:
    """The part of a report that is about the units of a render. The rules saw everything: references cross units."""
    known = {unit.id for unit in render.units}
    findings = tuple(finding for finding in report.findings if finding.unit in known)
    units = tuple(unit for unit in report.units if unit.id in known)
    kinds = unknown_kinds(render)
    names = {"", *(str(identity) for identity in known)}
    assumptions = tuple(item for item in report.assumptions if item.unit in names)
    return msgspec.structs.replace(
        report,
        findings=findings,
        units=units,
        summary=summarise(render, findings, kinds),
        assumptions=assumptions,
        unknown_kinds=kinds,
    )


def _within(finding: Finding, scope: str) -> bool:
    return not scope or finding.file == scope or finding.file.startswith(scope + "/")
