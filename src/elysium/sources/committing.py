"""Commits of files that were just written: exactly these paths, nothing else that is staged, and no hook runs.

The identity is that of the person's own git configuration.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from elysium.errors import RepositoryError
from elysium.sources import git

__all__ = ["commit_paths"]

_OWN = ("HOME", "XDG_CONFIG_HOME", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")


def commit_paths(directory: Path, paths: Sequence[str], message: str) -> str:
    """Commit these paths of a checkout, deleted ones among them.

    Gives the hash of the commit; an empty text when nothing in them differs.
    Raises RepositoryError when git refuses, for example without a name to commit as.
    """
    own: Mapping[str, str] = {name: os.environ[name] for name in _OWN if name in os.environ}
    try:
        git.run(directory, "add", "--all", "--", *paths, variables=own)
        if not git.run(directory, "status", "--porcelain", "--", *paths, variables=own).strip():
            return ""
        git.run(directory, "commit", "--quiet", "--no-gpg-sign", "--message", message, "--", *paths, variables=own)
        return git.run(directory, "rev-parse", "HEAD").decode().strip()
    except git.GitError as error:
        hint = "the files are written; commit them yourself, or mend this and run it again"
        raise RepositoryError(f"git cannot commit: {error.message}", subject=str(directory), hint=hint) from error
