"""A report without the findings of a baseline, and the baseline of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from elysium.api.report import Comparison, Report
from elysium.check import Selection, baseline
from elysium.check.identity import Identity, difference, of_finding
from elysium.check.suppression import UNUSED
from elysium.errors import SettingsError, UsageError
from elysium.kit.files import join_inside, write_atomically
from elysium.model import UnitState
from elysium.settings import place_in

__all__ = ["Updated", "beside_baseline", "decided", "place_of_setting", "update_baseline"]

_LARGEST = 64 << 20
_UPDATE = "--update-baseline"


class Updated(msgspec.Struct, frozen=True, kw_only=True):
    """A baseline that was written: how many findings it holds now, and how many came and went."""

    file: str
    findings: int
    added: int
    removed: int


def place_of_setting(root: Path, name: str) -> Path:
    """The file that the setting `baseline` names; it lies in the repository, whoever wrote the setting, and not where
    git keeps its own.
    """
    try:
        place = join_inside(root, name)
        if ".git" in (part.lower() for part in place.relative_to(root.resolve()).parts):
            raise ValueError(f"{name!r} is git's own")
        return place
    except ValueError as error:
        hint = "name a file of the repository, relative to elysium.toml"
        message = f"`baseline`: {name!r} leads out of the repository"
        raise SettingsError(message, subject=place_in(root, "baseline"), hint=hint) from error


def beside_baseline(report: Report, file: Path, selection: Selection, whole: Callable[[], bool]) -> Report:
    """The report with only what the baseline does not hold. `whole` tells whether the report is about all of the
    repository, so that what it does not name is gone.
    """
    known = _read(file)
    found = difference(report.findings, known)
    gone = len(_gone(found.gone, report, selection)) if found.gone and whole() else 0
    remedy = f"run with {_UPDATE}" if gone else ""
    comparison = Comparison(against=file.name, known=len(found.known), gone=gone, remedy=remedy)
    return msgspec.structs.replace(report.with_findings(found.new), comparisons=(*report.comparisons, comparison))


def update_baseline(report: Report, file: Path, selection: Selection) -> Updated:
    """Write the report's findings as the new baseline. Entries of rules that did not run stay, and those about what
    could not be rendered.
    """
    found = difference(report.findings, _read(file) if file.exists() else ())
    gone = set(_gone(found.gone, report, selection))
    kept = [item for item in found.gone if item not in gone]
    after = [*map(of_finding, report.findings), *kept]
    if not file.parent.is_dir():
        raise UsageError("its directory is not there", subject=str(file), hint="make the directory first")
    write_atomically(file, baseline.write(after).encode(), 0o644)
    removed = len(found.gone) - len(kept)
    return Updated(file=str(file), findings=len(after), added=len(found.new), removed=removed)


def _read(file: Path) -> tuple[Identity, ...]:
    hint = f"name an existing file, or write it with {_UPDATE}"
    try:
        if file.is_file() and file.stat().st_size > _LARGEST:
            raise SettingsError("larger than 64 MiB", subject=str(file), hint="this cannot be a baseline")
        text = file.read_bytes().decode()
    except OSError as error:
        raise SettingsError(error.strerror or str(error), subject=str(file), hint=hint) from error
    except UnicodeDecodeError as error:
        raise SettingsError("it is not UTF-8 text", subject=str(file), hint=hint) from error
    return baseline.parse(text, str(file))


def _gone(missing: Iterable[Identity], report: Report, selection: Selection) -> list[Identity]:
    """Entries that are certainly mended: their rule ran, and what they are about was rendered."""
    ran = {rule.rule.id for rule in selection.load()} | set(selection.policies)
    if selection.reports_unused:
        ran.add(UNUSED.id)
    return [item for item in decided(missing, report) if item.rule in ran]


def decided(missing: Iterable[Identity], report: Report) -> list[Identity]:
    """Findings of another time that are not there now, without those about what did not render."""
    files, directories = _undecided(report)
    return [item for item in missing if not _is_below(item.file, files, directories)]


def _undecided(report: Report) -> tuple[set[str], list[str]]:
    """Where units are defined that did not render, and the directories that they build."""
    units = [unit for unit in report.units if unit.state in (UnitState.UNKNOWN, UnitState.FAILED)]
    files = {unit.defined_by.file for unit in units if unit.defined_by is not None}
    paths = {unit.path.removeprefix("./").strip("/") for unit in units} - {"", "."}
    return files, sorted(f"{path}/" for path in paths)


def _is_below(file: str, files: set[str], directories: list[str]) -> bool:
    return file in files or any(file.startswith(directory) for directory in directories)
