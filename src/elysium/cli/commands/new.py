"""`elysium new`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from elysium.cli.options import Common, Many, Output, Switch, workspace
from elysium.cli.scaffolding_options import ANSWERS, WRITING, Answers, Writing
from elysium.errors import UsageError

if TYPE_CHECKING:
    from elysium.cli.scaffolding import Said

__all__ = ["new"]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class _Answers(Answers):
    preset: Annotated[
        str, Parameter(group=ANSWERS, help="A ready composition of the kind, such as media.", show_default=False)
    ] = ""
    secret: Annotated[
        tuple[str, ...],
        Many,
        Parameter(group=ANSWERS, help="A value to seal, from a file or - for standard input: KEY=FILE. Repeatable."),
    ] = ()
    from_: Annotated[
        tuple[str, ...],
        Many,
        Parameter(name="--from", group=ANSWERS, help="A folder of components, or git URL@COMMIT. Repeatable."),
    ] = ()


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class _Writing(Writing):
    update: Annotated[
        bool, Switch, Parameter(group=WRITING, help="Bring what was written before to today's components.")
    ] = False
    with_needs: Annotated[bool, Switch, Parameter(group=WRITING, help="Write the components that it needs, too.")] = (
        False
    )


_NOTHING_SAID = _Answers()
_AS_USUAL = _Writing()


def new(  # noqa: PLR0913 - one option each
    kind: Annotated[
        str, Parameter(name="KIND", help="What is wanted: app, infra, chart, image, workflow, …", show_default=False)
    ] = "",
    name: Annotated[
        str, Parameter(name="NAME", help="Its name, or of infra and workflow the component.", show_default=False)
    ] = "",
    /,
    *,
    answers: _Answers = _NOTHING_SAID,
    writing: _Writing = _AS_USUAL,
    list_: Annotated[
        bool, Switch, Parameter(name="--list", help="List the components, or explain the one that is named.")
    ] = False,
    repo: Annotated[str, Parameter(help="The repository to write into.")] = ".",
    cluster: Annotated[
        str, Parameter(help="The cluster that is meant, where there are several.", show_default=False)
    ] = "",
    output: Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")] = "text",
    **options: Annotated[str, Parameter(group=ANSWERS, help="An answer by its name: --style files.")],
) -> int:
    """Write a component into the repository: an application, a chart, an image, a workflow.

    What it would write is shown first. Nothing that a person changed is overwritten: a second run
    is a three-way merge, and a conflict is told.

    For example:

    * `elysium new --list`: everything that there is
    * `elysium new --list app`: the parameters of one
    * `elysium new infra traefik --dry-run`: see it first
    * `elysium new app wiki --image ghcr.io/example/wiki:1.2.3 --port 8080 --expose tailscale`
    * `elysium new --update`: everything that was written, as it is written today
    """
    from elysium.cli import scaffolding

    common = Common(cluster=(cluster,) if cluster else ())
    names = tuple(filter(None, name.split(",")))
    wish = scaffolding.Wish(kind=kind, names=names, preset=answers.preset, folders=answers.from_)
    if list_:
        return scaffolding.show(wish, repo, common, output)
    if not writing.update and not (kind and name):
        raise UsageError("what is wanted?", hint="elysium new KIND NAME; `elysium new --list` names what there is")
    said = _said(answers, options, ask=not writing.yes and output == "text")
    with workspace(repo, common, plain=True) as opened:
        scaffold = scaffolding.prepared(opened, wish, said, update=writing.update, needs=writing.with_needs)
    return scaffolding.finish(scaffold, dry_run=writing.dry_run, ask=not writing.yes, output=output)


def _said(answers: _Answers, options: Mapping[str, str], *, ask: bool) -> Said:
    from elysium.api import certificate_for
    from elysium.cli import scaffolding

    return scaffolding.Said(
        answers=scaffolding.given(answers.set_, answers.answers, options),
        secrets=scaffolding.secrets_of(answers.secret),
        certificate=certificate_for(answers.cert) if answers.cert else "",
        ask=ask,
    )
