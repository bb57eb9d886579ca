"""`elysium init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Group, Parameter

from elysium.cli.options import Many, Output, Switch
from elysium.errors import UsageError

__all__ = ["init"]

_ANSWERS = Group("Answers", sort_key=1)
_WRITING = Group("Writing", sort_key=2)


def init(  # noqa: PLR0913 - one option each
    directory: Annotated[
        str, Parameter(name="DIR", help="An empty folder, or with --existing the repository to look at.")
    ] = ".",
    /,
    *,
    cluster: Annotated[
        str, Parameter(help="The name of the cluster; the folder's by default.", show_default=False)
    ] = "",
    set_: Annotated[
        tuple[str, ...], Many, Parameter(name="--set", group=_ANSWERS, help="An answer: KEY=VALUE. Repeatable.")
    ] = (),
    answers: Annotated[
        str, Parameter(group=_ANSWERS, help="A TOML or JSON file with answers.", show_default=False)
    ] = "",
    cert: Annotated[
        str, Parameter(group=_ANSWERS, help="The certificate of a controller that is there.", show_default=False)
    ] = "",
    sealing_key: Annotated[
        str,
        Parameter(
            group=_ANSWERS,
            help="Where the private key is, or is written; outside of the repository.",
            show_default=False,
        ),
    ] = "",
    git: Annotated[bool, Switch, Parameter(group=_WRITING, help="Make it a git repository, too.")] = False,
    dry_run: Annotated[
        bool, Switch, Parameter(group=_WRITING, help="Show what would be written, and write nothing.")
    ] = False,
    yes: Annotated[bool, Switch, Parameter(group=_WRITING, help="Ask nothing.")] = False,
    existing: Annotated[
        bool, Switch, Parameter(help="Write a fitting elysium.toml for the repository that is there.")
    ] = False,
    output: Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")] = "text",
    **options: str,
) -> int:
    """Write a repository for a cluster into an empty folder, or elysium.toml for one that is there.

    A key pair is made for sealed secrets: the certificate is in the repository, the private key in a file of the user,
    from where the bootstrap script loads it into the cluster. Answers are also options of their own:
    `--domain home.example.com` is `--set domain=home.example.com`. `elysium new --list cluster` explains them.

    For example:

    * `elysium init kyrion --dry-run`: see it first
    * `elysium init kyrion --domain home.example.com --timezone Europe/Berlin`
    * `elysium init . --cluster kyrion --answers answers.toml --yes`: for a script
    * `elysium init --existing`: the repository in this directory
    """
    place = Path(directory)
    if existing:
        if cluster or set_ or answers or cert or sealing_key or git or options:
            raise UsageError("--existing only looks", hint="leave the other options out, or leave out --existing")
        return _look(place, dry_run=dry_run)
    if directory == "." and not cluster:
        hint = "elysium init DIR --cluster NAME; --existing writes elysium.toml for the repository that is there"
        raise UsageError("what is to begin?", hint=hint)
    from elysium.api.initializing import Wanted, begin_repository, fresh_repository
    from elysium.cli import scaffolding

    wanted = Wanted(
        cluster=cluster,
        answers=scaffolding.given(set_, answers, options),
        certificate=Path(cert) if cert else None,
        sealing_key=Path(sealing_key) if sealing_key else None,
    )
    fresh = fresh_repository(place, wanted)
    return scaffolding.finish(
        fresh.scaffold,
        dry_run=dry_run,
        ask=not yes,
        output=output,
        write=lambda: begin_repository(fresh, with_git=git),
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
