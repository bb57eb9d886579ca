"""What an upgrade of Flux or Kubernetes changes in this repository: both ends are rendered, checked and compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from elysium.api.options import Options
from elysium.api.report import Report
from elysium.api.workspace import Progress, Workspace
from elysium.check.flux.changes import FluxChange, flux_changes
from elysium.check.identity import difference, of_finding
from elysium.compare import Change, Comparison, FieldChange, UnitChange, compare
from elysium.errors import UsageError
from elysium.model import Finding, ObjectId, Render, Severity, UnitId, UnitState

__all__ = ["ObjectChange", "UnitChange", "Upgrade", "compare_versions", "version_range"]

_APIS = ("removed-api", "removed-flux-api")
_WORDS = {
    Change.ADDED: "added",
    Change.REMOVED: "removed",
    Change.CHANGED: "changed",
    Change.RECREATED: "changed",
    Change.RENAMED: "changed",
}


class ObjectChange(msgspec.Struct, frozen=True, kw_only=True):
    """An object that is `added`, `removed` or `changed`, with the fields that differ."""

    unit: UnitId
    object: ObjectId
    change: str
    fields: tuple[FieldChange, ...] = ()


class Upgrade(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that differs. Versions are `(Flux, Kubernetes)`. `apis` are all findings about versions of APIs that
    are removed or deprecated afterwards, whether or not they are among those that `appeared`.
    """

    revision: str
    before: tuple[str, str]
    after: tuple[str, str]
    units: tuple[UnitChange, ...]
    objects: tuple[ObjectChange, ...]
    apis: tuple[Finding, ...]
    appeared: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    flux_changes: tuple[FluxChange, ...]

    @property
    def breaks(self) -> bool:
        """Whether something fails afterwards that did not before."""
        failing = any(item.after == UnitState.FAILED.value for item in self.units)
        errors = any(item.severity is Severity.ERROR for item in self.appeared)
        return failing or errors


def version_range(text: str) -> tuple[str, str]:
    """The ends of `2.8..2.9`; a single version is both."""
    before, dots, after = text.partition("..")
    if dots and (not before or not after or before == after):
        raise UsageError(f"{text!r} is no range of versions", hint="write OLD..NEW, such as 2.8..2.9")
    return before, after or before


def compare_versions(
    path: Path, options: Options, *, rules: tuple[str, ...] = (), profile: str = "", progress: Progress | None = None
) -> Upgrade:
    """What changes when the versions of the options, of which one at least is a range, go from one end to the other."""
    flux, kubernetes = version_range(options.flux or ""), version_range(options.kubernetes or "")
    ends = []
    for number in (0, 1):
        chosen = msgspec.structs.replace(options, flux=flux[number] or None, kubernetes=kubernetes[number] or None)
        with Workspace(path, options=chosen, progress=progress) as workspace:
            ends.append((workspace.render(), workspace.check(rules=rules, profile=profile)))
    return _compared(*ends[0], *ends[1])


def _compared(before: Render, earlier: Report, after: Render, later: Report) -> Upgrade:
    old, new = earlier.findings, later.findings
    comparison = compare(before, after)
    return Upgrade(
        revision=after.revision,
        before=(before.flux, before.kubernetes),
        after=(after.flux, after.kubernetes),
        units=comparison.units,
        objects=tuple(_objects(comparison)),
        apis=tuple(item for item in new if item.rule in _APIS),
        appeared=difference(new, map(of_finding, old)).new,
        gone=difference(old, map(of_finding, new)).new,
        flux_changes=tuple(flux_changes(before, before.flux, after.flux)),
    )


def _objects(comparison: Comparison) -> Iterator[ObjectChange]:
    """What is known to differ: that a unit has no result is said by the unit."""
    for item in comparison.objects:
        words = _WORDS.get(item.change)
        if words and item.owner is None:
            yield ObjectChange(unit=item.units[0], object=item.object, change=words, fields=item.fields)
