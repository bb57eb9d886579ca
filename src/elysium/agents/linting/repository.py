"""What a lint knows of the repository around the files that it judges."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from functools import cached_property

import msgspec

__all__ = ["Repository"]


class Repository(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Every path, how a file is read, the commands of this version, and which generated files are out of date.

    `read` raises ElysiumError for what is no readable text. `commands` has the options of each command by its words
    (`"secrets create generic"`); a command that takes any option has `*`. `stale` says by path why. `links` are files
    that are links to others of the repository, such as a CLAUDE.md to its AGENTS.md.
    """

    files: frozenset[str]
    read: Callable[[str], str | None]
    commands: Mapping[str, frozenset[str]] = {}
    stale: Mapping[str, str] = {}
    links: frozenset[str] = frozenset()

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every directory that has a file in it or deeper."""
        found: set[str] = set()
        for path in self.files:
            while (path := posixpath.dirname(path)) and path not in found:
                found.add(path)
        return frozenset(found)

    @cached_property
    def names(self) -> frozenset[str]:
        """The last part of every file's path."""
        return frozenset(posixpath.basename(path) for path in self.files)

    def has(self, path: str) -> bool:
        """Whether there is a file or a directory of this path."""
        return path in self.files or path in self.folders or path in ("", ".")
