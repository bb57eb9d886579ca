"""Git repositories for tests: made and changed by git itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

__all__ = ["commit", "git"]

_WHO = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")


def git(root: Path, *arguments: str, **variables: str) -> str:
    """What a git command in `root` prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | variables
    command = ["git", *_WHO, "-C", str(root), *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def commit(root: Path, message: str = "Change") -> str:
    """Commit everything in `root`, which becomes a repository if it is none; the commit's id."""
    if not (root / ".git").exists():
        git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--no-verify", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")
