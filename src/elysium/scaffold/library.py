"""Which components there are: those that come with Elysium, and those of folders that somebody names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from elysium.errors import ScaffoldError
from elysium.scaffold.description import DESCRIPTION, Component, read_component

__all__ = ["BUILT_IN", "Folder", "Library"]

_OWN = Path(__file__).parent / "components"
_PRESETS = "presets"


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of components, and how it is called: `built in`, a path, or an address with a commit."""

    path: str
    origin: str


BUILT_IN = Folder(path=str(_OWN), origin="built in")


class Library:
    """Components by id. Where two folders have the same one, the first folder wins: a person's own come first."""

    def __init__(self, folders: Iterable[Folder] = ()) -> None:
        self.folders = (*folders, BUILT_IN)
        self._places: dict[str, tuple[Path, str]] = {}
        for folder in self.folders:
            for identifier, directory in _found(Path(folder.path)):
                self._places.setdefault(identifier, (directory, folder.origin))

    @property
    def ids(self) -> tuple[str, ...]:
        """Every component's id, in order."""
        return tuple(sorted(self._places))

    def components(self, kind: str = "") -> tuple[Component, ...]:
        """Every component, or those of a kind."""
        return tuple(self.get(name) for name in self.ids if not kind or name.split("/")[0] == kind)

    def get(self, identifier: str) -> Component:
        """A component by its id. Raises ScaffoldError when there is none, naming what is near."""
        if identifier not in self._places:
            near = difflib.get_close_matches(identifier, self.ids, 3, 0.5)
            hint = f"perhaps {' or '.join(near)}" if near else "`elysium new --list` names them all"
            raise ScaffoldError(f"there is no component {identifier}", hint=hint)
        directory, origin = self._places[identifier]
        return read_component(directory, identifier, origin)

    def find(self, kind: str, name: str, preset: str = "") -> Component:
        """The component that `elysium new KIND NAME` means. Raises ScaffoldError when there is none."""
        if preset:
            return self.get(f"{kind}/{_PRESETS}/{preset}")
        if kind in self._places:
            return self.get(kind)
        kinds = sorted({identifier.split("/")[0] for identifier in self.ids})
        if kind not in kinds:
            raise ScaffoldError(f"there is no kind {kind}", hint=f"there are {', '.join(kinds)}")
        return self.get(f"{kind}/{name}")


def _found(folder: Path) -> Iterator[tuple[str, Path]]:
    """Ids and folders, up to `KIND/presets/NAME`; links are not followed."""
    for file in sorted(folder.glob(f"*/{DESCRIPTION}")) + sorted(folder.glob(f"*/*/{DESCRIPTION}")):
        if not _linked(file.parent, folder):
            yield file.parent.relative_to(folder).as_posix(), file.parent
    for file in sorted(folder.glob(f"*/{_PRESETS}/*/{DESCRIPTION}")):
        if not _linked(file.parent, folder):
            yield file.parent.relative_to(folder).as_posix(), file.parent


def _linked(directory: Path, top: Path) -> bool:
    return any(part.is_symlink() for part in (directory, *directory.parents) if top in part.parents)
