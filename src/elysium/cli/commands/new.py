"""`elysium new`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Group, Parameter

from elysium.cli.options import DEFAULTS, Common, Many, Output, Switch
from elysium.errors import UsageError

if TYPE_CHECKING:
    pass

__all__ = ["new"]

_ANSWERS = Group("Answers", sort_key=1)
_WRITING = Group("Writing", sort_key=2)


def new(  # noqa: PLR0913 - one option each
    kind: Annotated[str, Parameter(name="KIND", help="What is wanted: app, infra, chart, image, workflow, …")] = "",
    name: Annotated[str, Parameter(name="NAME", help="Its name, or of infra and workflow the component.")] = "",
    /,
    *,
    set_: Annotated[
        tuple[str, ...], Many, Parameter(name="--set", group=_ANSWERS, help="An answer: KEY=VALUE. Repeatable.")
    ] = (),
    answers: Annotated[
        str, Parameter(group=_ANSWERS, help="A TOML or JSON file with answers.", show_default=False)
    ] = "",
    preset: Annotated[
        str, Parameter(group=_ANSWERS, help="A ready composition of the kind, such as media.", show_default=False)
    ] = "",
    secret: Annotated[
        tuple[str, ...],
        Many,
        Parameter(group=_ANSWERS, help="A value to seal, from a file or - for standard input: KEY=FILE. Repeatable."),
    ] = (),
    cert: Annotated[
        str,
        Parameter(
            group=_ANSWERS, help="The certificate to seal with; the repository's by default.", show_default=False
        ),
    ] = "",
    list_: Annotated[
        bool, Switch, Parameter(name="--list", help="List the components, or explain the one that is named.")
    ] = False,
    update: Annotated[
        bool, Switch, Parameter(group=_WRITING, help="Bring what was written before to today's components.")
    ] = False,
    with_needs: Annotated[
        bool, Switch, Parameter(group=_WRITING, help="Write the components that it needs, too.")
    ] = False,
    dry_run: Annotated[
        bool, Switch, Parameter(group=_WRITING, help="Show what would be written, and write nothing.")
    ] = False,
    yes: Annotated[bool, Switch, Parameter(group=_WRITING, help="Ask nothing.")] = False,
    from_: Annotated[
        tuple[str, ...],
        Many,
        Parameter(name="--from", group=_ANSWERS, help="A folder of components, or git URL@COMMIT. Repeatable."),
    ] = (),
    repo: Annotated[str, Parameter(help="The repository to write into.")] = ".",
    output: Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")] = "text",
    common: Common = DEFAULTS,
    **options: str,
) -> int:
    """Write a component into the repository: an application, infrastructure, a chart, an image, a workflow.

    What it would write is shown first. Nothing that a person changed is overwritten: a second run is a three-way merge,
    and a conflict is told. Answers are also options of their own: `--style files` is `--set style=files`.

    For example:

    * `elysium new --list`: everything that there is
    * `elysium new --list app`: the parameters of one
    * `elysium new infra traefik --dry-run`: see it first
    * `elysium new app wiki --style files --image ghcr.io/example/wiki:1.2.3 --port 8080 --expose tailscale`
    * `elysium new --update`: everything that was written, as it is written today
    """
    from elysium.cli import scaffolding
    from elysium.cli.options import workspace

    wish = scaffolding.Wish(
        kind=kind,
        names=tuple(filter(None, name.split(","))),
        preset=preset,
        settings=set_,
        options=options,
        answers=answers,
        secrets=secret,
        certificate=cert,
        folders=from_,
        update=update,
        needs=with_needs,
    )
    if list_:
        return scaffolding.show(wish, repo, common, output)
    if not update and not (kind and name):
        raise UsageError("what is wanted?", hint="elysium new KIND NAME; `elysium new --list` names what there is")
    with workspace(repo, common, plain=True) as opened:
        scaffold = scaffolding.prepared(opened, wish, ask=not yes and output == "text")
    return scaffolding.finish(scaffold, dry_run=dry_run, ask=not yes, output=output)
