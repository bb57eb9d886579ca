"""Run the rules over a render."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from elysium.api.opening import Opened
from elysium.api.report import Report
from elysium.check import PROFILES, Context, Selection, run, summarise, unknown_kinds
from elysium.check.spelling import nearest
from elysium.engine import EnginePool
from elysium.errors import SettingsError, UsageError
from elysium.load.documents import decoded_documents
from elysium.model import Finding, Render
from elysium.settings import Settings, place_in

__all__ = ["check_render", "of_units", "select_rules", "selected", "today"]

_LARGEST = 10 << 20


def check_render(render: Render, opened: Opened, selection: Selection, pool: EnginePool, settings: Settings) -> Report:
    """The findings of the selected rules over a render and the files that it came from."""
    context = _context(render, opened, pool, settings)
    findings = tuple(item for item in run(context, selection) if _within(item, opened.scope))
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


def _context(render: Render, opened: Opened, pool: EnginePool, settings: Settings) -> Context:
    files = f"files#{opened.tree.digest[:12]}"
    root = Path(opened.tree.root)

    def read_text(path: str) -> str:
        if path not in opened.tree.files:
            return ""
        try:
            with (root / path).open("rb") as stream:
                return stream.read(_LARGEST).decode()
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


def today() -> date:
    """What the age of certificates is counted from; an answer of another day does not count."""
    return datetime.now(tz=UTC).date()


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


def selected(render: Render, names: Iterable[str]) -> Render:
    """The part of a render that has the named units, all of it when none is named. Raises UsageError for a name that no
    unit has.
    """
    wanted = set(names)
    for name in sorted(wanted - {str(unit.id) for unit in render.units}):
        raise UsageError(f"no unit is named {name}", hint="`elysium check -o json` lists the units")
    units = tuple(unit for unit in render.units if str(unit.id) in wanted)
    return msgspec.structs.replace(render, units=units) if wanted else render


def select_rules(rules: tuple[str, ...], profile: str, settings: Settings, directory: Path) -> Selection:
    """The rules that are asked for, or else those of the profile that the settings (of a directory) name."""
    own = tuple(policy.id for policy in settings.policy)
    if rules or profile or not settings.profile:
        return Selection(rules=rules, profile=profile, own=own)
    if settings.profile not in PROFILES:
        near = nearest(settings.profile, PROFILES)
        hint = f"did you mean {near}?" if near else f"use one of {', '.join(PROFILES)}"
        where = place_in(directory, "profile")
        raise SettingsError(f"there is no profile {settings.profile!r}", subject=where, hint=hint)
    return Selection(profile=settings.profile, own=own)


def _within(finding: Finding, scope: str) -> bool:
    return not scope or finding.file == scope or finding.file.startswith(scope + "/")
