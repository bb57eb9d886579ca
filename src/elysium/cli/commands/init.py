"""`elysium init`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from elysium.cli.options import Many, Output, Switch  # noqa: F401 - Many: the annotations of Answers are read here
from elysium.cli.scaffolding_options import ANSWERS, WRITING, Answers, Writing
from elysium.errors import UsageError

if TYPE_CHECKING:
    from elysium.api.initializing import Wanted

__all__ = ["init"]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class _Answers(Answers):
    sealing_key: Annotated[
        str,
        Parameter(
            group=ANSWERS,
            help="Where the private key is, or is written; outside of the repository.",
            show_default=False,
        ),
    ] = ""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class _Writing(Writing):
    git: Annotated[bool, Switch, Parameter(group=WRITING, help="Make it a git repository, too.")] = False


_NOTHING_SAID = _Answers()
_AS_USUAL = _Writing()


def init(
    directory: Annotated[
        str, Parameter(name="DIR", help="An empty folder, or with --existing the repository to look at.")
    ] = ".",
    /,
    *,
    cluster: Annotated[
        str, Parameter(help="The name of the cluster; the folder's by default.", show_default=False)
    ] = "",
    answers: _Answers = _NOTHING_SAID,
    writing: _Writing = _AS_USUAL,
    existing: Annotated[
        bool, Switch, Parameter(help="Write a fitting elysium.toml for the repository that is there.")
    ] = False,
    output: Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")] = "text",
    **options: Annotated[str, Parameter(group=ANSWERS, help="An answer by its name: --domain home.example.com.")],
) -> int:
    """Write a repository for a cluster, or elysium.toml for one that is there.

    A key pair is made for sealed secrets. The certificate goes into the repository, the private key
    into a file of the user, from where the bootstrap script loads it into the cluster.

    `elysium new --list cluster` explains the answers.

    For example:

    * `elysium init kyrion --dry-run`: see it first
    * `elysium init kyrion --domain home.example.com --timezone Europe/Berlin`
    * `elysium init . --cluster kyrion --answers answers.toml --yes`: for a script
    * `elysium init --existing`: the repository in this directory
    """
    if existing:
        if cluster or options or answers != _NOTHING_SAID or writing.git:
            raise UsageError("--existing only looks", hint="leave the other options out, or leave out --existing")
        return _look(Path(directory), dry_run=writing.dry_run)
    if directory == "." and not cluster:
        hint = "elysium init DIR --cluster NAME; --existing writes elysium.toml for the repository that is there"
        raise UsageError("what is to begin?", hint=hint)
    return _write(Path(directory), _wanted(cluster, answers, options), writing, output)


def _wanted(cluster: str, answers: _Answers, options: Mapping[str, str]) -> Wanted:
    from elysium.api.initializing import Wanted
    from elysium.cli import scaffolding

    return Wanted(
        cluster=cluster,
        answers=scaffolding.given(answers.set_, answers.answers, options),
        certificate=Path(answers.cert) if answers.cert else None,
        sealing_key=Path(answers.sealing_key) if answers.sealing_key else None,
    )


def _write(directory: Path, wanted: Wanted, writing: _Writing, output: str) -> int:
    """Write a repository for a cluster."""
    from elysium.api.initializing import begin_repository, fresh_repository
    from elysium.cli import scaffolding

    fresh = fresh_repository(directory, wanted)
    return scaffolding.finish(
        fresh.scaffold,
        dry_run=writing.dry_run,
        ask=not writing.yes,
        output=output,
        write=lambda: begin_repository(fresh, with_git=writing.git),
    )


def _look(repository: Path, *, dry_run: bool) -> int:
    """Write a fitting elysium.toml for a repository that is there."""
    from elysium.api import begin
    from elysium.cli.progress import progress

    drawn = progress()
    try:
        made = begin(repository, dry_run=dry_run, progress=drawn)
    finally:
        if drawn:
            drawn.clear()
    print(made.text if dry_run else f"wrote {made.file}; next: elysium check", end="" if dry_run else "\n")
    return 0
