"""A report without the findings of a baseline, and the baseline of a report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from elysium.api.report import Comparison, Report
from elysium.check import Selection, baseline
from elysium.check.identity import Identity, difference
from elysium.errors import SettingsError, UsageError
from elysium.kit.files import join_inside, write_atomically
from elysium.settings import place_in

__all__ = ["Updated", "beside_baseline", "place_of_setting", "update_baseline"]

_LARGEST = 64 << 20
_UPDATE = "--update-baseline"


class Updated(msgspec.Struct, frozen=True, kw_only=True):
    """A baseline that was written: how many findings it holds now, and how many came and went."""

    file: str
    findings: int
    added: int
    removed: int


def place_of_setting(root: Path, name: str) -> Path:
    """The file that the setting `baseline` names; it lies in the repository, whoever wrote the setting."""
    try:
        return join_inside(root, name)
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
    gone = len(_of_rules(found.gone, selection)) if found.gone and whole() else 0
    remedy = f"run with {_UPDATE}" if gone else ""
    comparison = Comparison(against=file.name, known=len(found.known), gone=gone, remedy=remedy)
    return msgspec.structs.replace(report.with_findings(found.new), comparisons=(*report.comparisons, comparison))


def update_baseline(report: Report, file: Path, selection: Selection) -> Updated:
    """Write the report's findings as the new baseline; entries of rules that did not run stay."""
    before = _read(file) if file.exists() else ()
    ran = _identifiers(selection)
    after = baseline.merged(report.findings, before, ran)
    if not file.parent.is_dir():
        raise UsageError("its directory is not there", subject=str(file), hint="make the directory first")
    write_atomically(file, baseline.write(after).encode(), 0o644)
    lost = difference(report.findings, [item for item in before if item.rule in ran])
    return Updated(file=str(file), findings=len(after), added=len(lost.new), removed=len(lost.gone))


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


def _identifiers(selection: Selection) -> set[str]:
    ids = {rule.rule.id for rule in selection.load()}
    return ids | {"unused-suppression"} if selection.reports_unused else ids


def _of_rules(identities: tuple[Identity, ...], selection: Selection) -> list[Identity]:
    ran = _identifiers(selection)
    return [item for item in identities if item.rule in ran]
