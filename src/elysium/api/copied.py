"""A copy of a repository's files, looked at in place of the repository."""

from __future__ import annotations

from pathlib import Path

import msgspec

from elysium.api.workspace import Workspace

__all__ = ["CopiedWorkspace"]


class CopiedWorkspace(Workspace):
    """A copy of a workspace's files. What its settings name beside the repository is beside the original."""

    def __init__(self, path: Path, original: Workspace, *, revision: str = "") -> None:
        options = msgspec.structs.replace(original.options, revision=revision or None, staged=False, fetch=False)
        super().__init__(path, options=options)
        self._original = original.checkout

    @property
    def checkout(self) -> Path:
        """Where the settings' directory is on disk: that of the original."""
        return self._original
