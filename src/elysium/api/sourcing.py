"""Sources of a workspace: mapped directories, the library, committed inputs."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elysium.api.fingerprints import digest
from elysium.engine import Call
from elysium.errors import SettingsError, UsageError
from elysium.settings import place_in
from elysium.sources import Cache, Tree, git
from elysium.sources.mapping import SourceMapping, parse_mapping
from elysium.sources.working import open_folder

if TYPE_CHECKING:
    from elysium.sources.library import Library

__all__ = [
    "input_texts",
    "mapped_sources",
    "open_library",
    "read_inputs",
    "remotes",
    "remotes_fingerprint",
    "schema_directories",
    "sources_fingerprint",
]

_LARGEST = 10 << 20


def mapped_sources(
    arguments: Iterable[str], settings: Iterable[str], root: Path, checkout: Path
) -> tuple[SourceMapping, ...]:
    """Directories in place of sources: the arguments' (relative to here) before the settings' (relative to their
    file). A revision's settings may name what lies beside the `checkout`: there, where the revision has it not.
    """
    given = tuple(parse_mapping(text) for text in arguments)
    return given + tuple(_setting(text, root, checkout) for text in settings)


def _setting(text: str, root: Path, checkout: Path) -> SourceMapping:
    inside = (root / text.rpartition("=")[2]).is_dir()
    try:
        return parse_mapping(text, root if inside else checkout)
    except UsageError as error:
        message = f"`sources`: {text}: {error.message}"
        raise SettingsError(message, subject=place_in(root, "sources"), hint=error.hint) from error


def open_library(
    cache: Cache, mappings: Sequence[SourceMapping], own: Tree, urls: frozenset[str], call: Call
) -> Library:
    """The library for a tree, which stands for the sources with these addresses."""
    from elysium.sources.library import Library  # noqa: PLC0415 - a remembered result needs it not

    return Library(cache=cache.directory, mappings=mappings, own=own, own_urls=urls, call=call)


def remotes(path: Path) -> frozenset[str]:
    """The addresses of the git remotes of the checkout around a path."""
    try:
        lines = git.text(path, "config", "--get-regexp", r"^remote\..*\.url$").splitlines()
    except git.GitError:
        return frozenset()
    return frozenset(line.split(" ", 1)[1] for line in lines if " " in line)


def remotes_fingerprint(path: Path) -> str:
    """What `remotes` depends on, without a process where the checkout keeps its configuration itself."""
    place = next((parent / ".git" for parent in (path, *path.parents) if (parent / ".git").exists()), None)
    if place is None:
        return ""
    try:
        return (place / "config").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "\n".join(sorted(remotes(path)))


def sources_fingerprint(cache: Cache, mappings: Iterable[SourceMapping]) -> str:
    """What the library's answers depend on: the content of mapped directories, and what was fetched."""
    trees = [(mapping.target, open_folder(mapping.path, cache).digest) for mapping in mappings]
    records = cache.directory / "records"
    fetched = sorted((item.name, item.stat().st_mtime_ns) for item in records.iterdir()) if records.is_dir() else []
    return digest([trees, fetched])


def schema_directories(folders: Iterable[str], tree: Tree, settings: Path) -> tuple[str, ...]:
    """Folders that the settings in a directory name, as directories of the tree; one outside it is none of them."""
    base = settings.relative_to(tree.root).as_posix()
    return tuple(posixpath.normpath(posixpath.join(base, folder)) for folder in folders)


def read_inputs(files: Mapping[str, str], root: Path, call: Call) -> dict[str, tuple[dict[str, object], ...]]:
    """Inputs of ResourceSetInputProviders from the committed files that the settings name."""
    return {name: _inputs(name, text, root, call) for name, text in input_texts(files, root).items()}


def input_texts(files: Mapping[str, str], root: Path) -> dict[str, str]:
    """The same files, not yet parsed."""
    return {name: _input_text(name, root / path, root) for name, path in files.items()}


def _input_text(name: str, path: Path, root: Path) -> str:
    subject = place_in(root, "inputs", name)
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            raise SettingsError(
                f"`inputs` of {name}: the file is outside the repository", subject=subject, hint="commit it"
            )
        return path.read_bytes()[:_LARGEST].decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not UTF-8 text"
        message = f"`inputs` of {name}: {path.name}: {reason}"
        raise SettingsError(message, subject=subject, hint="name a file of the repository") from error


def _inputs(name: str, text: str, root: Path, call: Call) -> tuple[dict[str, object], ...]:
    found: list[Any] = call("yaml.decode", {"text": text})["documents"]
    items = found[0] if len(found) == 1 and isinstance(found[0], list) else found
    if not all(isinstance(item, dict) for item in items):
        message, hint = f"`inputs` of {name}: the file has no list of mappings", "write one mapping for each input set"
        raise SettingsError(message, subject=place_in(root, "inputs", name), hint=hint)
    return tuple(items)
