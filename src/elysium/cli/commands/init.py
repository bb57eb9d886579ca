"""`elysium init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from elysium.cli.options import Switch
from elysium.errors import UsageError

__all__ = ["init"]


def init(
    repository: Annotated[str, Parameter(name="REPOSITORY", help="The repository to look at.")] = ".",
    /,
    *,
    existing: Annotated[bool, Switch, Parameter(help="Look at the repository that is there.")] = False,
    dry_run: Annotated[bool, Switch, Parameter(help="Print what would be written, and write nothing.")] = False,
) -> int:
    """Write a fitting elysium.toml for a repository that is there.

    For example:

    * `elysium init --existing`: the repository in this directory
    * `elysium init --existing --dry-run`: see it first
    """
    if not existing:
        raise UsageError("what is to begin?", hint="--existing writes elysium.toml for the repository that is there")
    from elysium.api import begin
    from elysium.cli.progress import progress

    drawn = progress()
    try:
        made = begin(Path(repository), dry_run=dry_run, progress=drawn)
    finally:
        if drawn:
            drawn.clear()
    print(made.text if dry_run else f"wrote {made.file}; next: elysium check", end="" if dry_run else "\n")
    return 0
