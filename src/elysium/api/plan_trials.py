"""What writing files does to a repository, tried in a copy of it: both renders are of the copy, so that only the files
differ. Charts of the repository itself, for one, carry its revision in their version, which a copy has none of.
"""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Iterable
from pathlib import Path

import msgspec

from elysium.api.copied import CopiedWorkspace
from elysium.api.workspace import Workspace
from elysium.model import Finding, Render, RenderedObject, Severity, Unit, UnitKind, UnitState
from elysium.scaffold import Action, Change, write_files

__all__ = ["Trial", "try_changes"]

_SETTINGS = "elysium.toml"
_KUSTOMIZATION = ("kustomization.yaml", "kustomization.yml")


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """The repository before and after, and what the rules find in the files that were written.

    Where the unit that applies a new folder is unknown, `after` has the objects of the folder, built alone, in it.
    """

    before: Render
    after: Render
    findings: tuple[Finding, ...]


def try_changes(workspace: Workspace, changes: Iterable[Change]) -> Trial:
    """Write changes into a copy in the cache, and look at both. The repository itself is only read."""
    written = [change for change in changes if change.action is not Action.KEEP]
    with workspace.cache.staging() as staged:
        _copy(workspace, staged)
        with CopiedWorkspace(staged, workspace) as copy:
            before = copy.render()
        write_files(staged, written)
        with CopiedWorkspace(staged, workspace) as copy:
            paths = {change.path for change in written}
            found = copy.check().findings
            serious = (item for item in found if item.file in paths and item.severity is not Severity.INFO)
            return Trial(before=before, after=_complete(copy, staged, written), findings=tuple(serious))


def _copy(workspace: Workspace, staged: Path) -> None:
    for path in workspace.tree.files:
        source, target = workspace.root / path, staged / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.exists() or source.is_symlink():
            shutil.copyfile(source, target, follow_symlinks=False)
    settings = workspace.settings_directory / _SETTINGS
    if settings.is_file() and not (staged / _SETTINGS).exists():
        shutil.copyfile(settings, staged / _SETTINGS)


def _complete(copy: Workspace, staged: Path, written: Iterable[Change]) -> Render:
    """The render of the copy, with the new folders that an unknown unit would apply."""
    render = copy.render()
    unknown = [unit for unit in render.units if _is_unknown(unit)]
    folders = sorted(
        posixpath.dirname(change.path)
        for change in written
        if change.action is Action.CREATE and posixpath.basename(change.path) in _KUSTOMIZATION
    )
    alone: list[RenderedObject] = []
    for folder in folders if unknown else ():
        if not any(item.origin.file.startswith(f"{folder}/") for unit in render.units for item in unit.objects):
            alone += _built(copy, staged / folder, unknown[0])
    if not alone:
        return render
    filled = msgspec.structs.replace(unknown[0], objects=(*unknown[0].objects, *alone))
    units = tuple(filled if unit is unknown[0] else unit for unit in render.units)
    return msgspec.structs.replace(render, units=units)


def _is_unknown(unit: Unit) -> bool:
    return unit.id.kind is UnitKind.KUSTOMIZATION and unit.state is UnitState.UNKNOWN


def _built(copy: Workspace, folder: Path, unit: Unit) -> Iterable[RenderedObject]:
    """The objects of a folder as the unit would apply them, but for its variables."""
    for built in copy.render_kustomize(str(folder)).units:
        for item in built.objects:
            yield msgspec.structs.replace(item, origin=msgspec.structs.replace(item.origin, unit=unit.id))
