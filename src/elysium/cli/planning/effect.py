"""`elysium plan diff` and `elysium plan rollback`: what a plan changes, and the way back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from elysium.cli.options import Output, Switch
from elysium.cli.planning.options import HERE, PlanFile, Repository, opened

if TYPE_CHECKING:
    from elysium.api import Workspace
    from elysium.plans.types import Plan
    from elysium.rehearse.types import Rehearsal

__all__ = ["diff", "rollback"]

_Base = Annotated[
    str, Parameter(help="Compare with this revision instead of the base that the plan names.", show_default=False)
]
_Form = Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")]


def diff(
    plan: PlanFile,
    /,
    *,
    base: _Base = "",
    everything: Annotated[bool, Switch, Parameter(name="--all", help="Show every object that differs.")] = False,
    output: _Form = "text",
    where: Repository = HERE,
) -> int:
    """Compare the impact that a plan declares with what really changes.

    Both the plan's base and the working tree are rendered and compared object by object. A namespace, service, volume,
    secret or dependency that is declared and does not come, or comes and is not declared, makes it exit with 1.

    For example:

    * `elysium plan diff plans/postgresql.md`
    * `elysium plan diff plans/postgresql.md --base main -o json`
    """
    from elysium.api.planning import compare_plan, read_plan
    from elysium.present.console import console
    from elysium.present.plans_diff import print_impact
    from elysium.present.plans_json import impact_json

    read = read_plan(plan)
    with opened(where) as workspace:
        entries = compare_plan(workspace, read, base)
        head = workspace.tree.revision
    if output == "json":
        sys.stdout.write(impact_json(entries, base or read.base, head))
    else:
        print_impact(console(), entries, everything=everything)
    return int(any(entry.is_error for entry in entries))


def rollback(
    plan: PlanFile,
    /,
    *,
    base: _Base = "",
    rehearse: Annotated[
        bool, Switch, Parameter(help="Also go there and back on a real API server, as `elysium rehearse --rollback`.")
    ] = False,
    output: _Form = "text",
    where: Repository = HERE,
) -> int:
    """Print the way back from a plan, and prove that it leads to where the plan began.

    The plan's commits are reverted in a throw-away clone, and what that renders is compared with the base: every object
    has to be as it was. What cannot come back, such as deleted volumes, is said. The repository is only read. Exits
    with 1 when the way does not lead back.

    For example:

    * `elysium plan rollback plans/postgresql.md`
    * `elysium plan rollback plans/postgresql.md --rehearse`: with the word of an API server
    """
    from elysium.api.plan_rolling_back import roll_back_plan
    from elysium.api.planning import read_plan
    from elysium.plans.results import Result
    from elysium.present.console import console
    from elysium.present.plans_rollback import print_rollback, rollback_json

    read = read_plan(plan)
    with opened(where) as workspace:
        found = roll_back_plan(workspace, read, base)
        rehearsal = _rehearsed(workspace, read, base) if rehearse else None
    if output == "json":
        sys.stdout.write(rollback_json(found.rollback, found.verdict, rehearsal))
    else:
        print_rollback(console(), found.rollback, found.verdict, rehearsal)
    failed = found.verdict is not None and found.verdict.result is Result.FAIL
    return int(failed or (rehearsal is not None and _is_refused(rehearsal)))


def _rehearsed(workspace: Workspace, plan: Plan, base: str) -> Rehearsal:
    from elysium.api.plan_rolling_back import rehearse_rollback
    from elysium.cli.rehearsing import watched

    with watched() as watcher:
        return rehearse_rollback(workspace, plan, base, notice=watcher)


def _is_refused(rehearsal: Rehearsal) -> bool:
    from elysium.rehearse.judging import exit_code

    return bool(exit_code(rehearsal))
