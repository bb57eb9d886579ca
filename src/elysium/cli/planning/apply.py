"""`elysium plan apply`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Group, Parameter

from elysium.cli.options import Many, Output, Switch
from elysium.cli.planning.options import HERE, PlanFile, Repository, opened

if TYPE_CHECKING:
    from elysium.api.plan_applying import PlanApplication

__all__ = ["apply"]

_HOW = Group("How it is written", sort_key=1)
_DECLINED = 2


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class How:
    """What is written, and whether it is committed."""

    step: Annotated[tuple[str, ...], Many, Parameter(group=_HOW, help="Only these steps: 1. Repeatable.")] = ()
    commit: Annotated[bool, Switch, Parameter(group=_HOW, help="Make every step a commit of exactly its files.")] = (
        False
    )
    dry_run: Annotated[bool, Switch, Parameter(group=_HOW, help="Show what would be written, and write nothing.")] = (
        False
    )
    yes: Annotated[bool, Switch, Parameter(group=_HOW, help="Ask nothing.")] = False
    secret: Annotated[
        tuple[str, ...],
        Many,
        Parameter(group=_HOW, help="A value to seal, from a file or - for standard input: KEY=FILE. Repeatable."),
    ] = ()
    cert: Annotated[
        str,
        Parameter(
            group=_HOW, help="The certificate to seal with; that of the repository by default.", show_default=False
        ),
    ] = ""


_AS_USUAL = How()


def apply(
    plan: PlanFile,
    /,
    *,
    how: How = _AS_USUAL,
    output: Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")] = "text",
    where: Repository = HERE,
) -> int:
    """Write what a plan asks for, step by step.

    The components that the plan names are written as `elysium new` writes them; nothing is deployed by half, because
    the cluster includes the new folders only in a late step. What is there already stays, so that an interrupted run
    goes on where it stopped. It refuses, with 1, when files that the plan was made from have changed, and shows how.

    For example:

    * `elysium plan apply plans/postgresql.md --dry-run`
    * `elysium plan apply plans/postgresql.md --commit`
    * `elysium plan apply plans/postgresql.md --step 1 --step 2`
    """
    application = _only(_prepared(plan, how, where), how)
    commits: dict[str, str] = {}
    if application.moved or how.dry_run:
        _show(application, output, written=False, commits=commits)
        return int(bool(application.moved or application.conflicts))
    if not _agreed(application, how, output):
        return _DECLINED
    _write(application, how, commits)
    _show(application, output, written=True, commits=commits)
    return int(bool(application.conflicts))


def _prepared(plan: str, how: How, where: Repository) -> PlanApplication:
    from elysium.api import Scaffolder, certificate_for
    from elysium.api.plan_applying import prepare_application
    from elysium.api.planning import read_plan
    from elysium.cli import scaffolding

    read = read_plan(plan)
    secrets = scaffolding.secrets_of(how.secret)
    with opened(where) as workspace:
        scaffolder = Scaffolder.of(workspace, certificate=certificate_for(how.cert) if how.cert else "")
        return prepare_application(scaffolder, workspace, read, secrets)


def _only(application: PlanApplication, how: How) -> PlanApplication:
    """The application with the steps that were asked for."""
    import msgspec

    from elysium.errors import UsageError

    wanted = {name.strip() for text in how.step for name in text.split(",")}
    known = [step.number for step in application.steps]
    for name in sorted(wanted.difference(known)):
        raise UsageError(f"no step {name} writes anything", hint=f"there are {', '.join(known)}")
    steps = tuple(step for step in application.steps if not wanted or step.number in wanted)
    return msgspec.structs.replace(application, steps=steps)


def _agreed(application: PlanApplication, how: How, output: str) -> bool:
    from elysium.cli import complain, scaffolding

    if how.yes or output != "text" or not application.open or not scaffolding.interactive():
        return True
    _show(application, "text", written=False, commits={})
    if input("write this? [Y/n] ").strip().lower() in ("", "y", "yes"):
        return True
    complain.warn("nothing was written")
    return False


def _write(application: PlanApplication, how: How, commits: dict[str, str]) -> None:
    from elysium.api.plan_applying import write_step

    for step in application.steps:
        made = write_step(application, step, commit=how.commit)
        if made:
            commits[step.number] = made


def _show(application: PlanApplication, output: str, *, written: bool, commits: dict[str, str]) -> None:
    from elysium.present.console import console
    from elysium.present.plans_apply import application_json, print_application

    if output == "json":
        sys.stdout.write(application_json(application, written=written, commits=commits))
    else:
        print_application(console(), application, diffs=not written, written=written, commits=commits)
