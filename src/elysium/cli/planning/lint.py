"""`elysium plan lint` and `elysium plan registers`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from elysium.cli.options import Many, Output, Switch
from elysium.cli.planning.options import HERE, PlanFile, Repository, opened
from elysium.errors import UsageError

__all__ = ["lint", "registers"]

_Form = Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")]
_Repository = Annotated[str, Parameter(name="--repo", help="The repository that it is about.")]


def lint(
    plan: PlanFile,
    /,
    *,
    strict: Annotated[bool, Switch, Parameter(help="Also the seven practices of good planning.")] = False,
    repo: _Repository = ".",
    output: _Form = "text",
) -> int:
    """Say what is wrong with a plan as a document.

    Sections, steps and phases, owners, checks, dates, dependencies, the way back. No check runs. Exits with 1 when
    something is wrong.

    For example:

    * `elysium plan lint plans/postgresql.md`
    * `elysium plan lint plans/postgresql.md --strict -o json`
    """
    from elysium.api.planning import lint_plan, read_plan
    from elysium.model import Severity
    from elysium.present.console import console
    from elysium.present.plans_findings import print_plan_findings
    from elysium.present.plans_json import lint_json

    read = read_plan(plan)
    findings = lint_plan(read, Path(repo).resolve(), strict=strict)
    if output == "json":
        sys.stdout.write(lint_json(read, findings))
    else:
        print_plan_findings(console(), findings)
    return int(any(item.severity is not Severity.INFO for item in findings))


def registers(
    *,
    change_log: Annotated[
        str, Parameter(help="Hold this change log against git, from --since on.", show_default=False)
    ] = "",
    since: Annotated[str, Parameter(help="Every commit since this revision needs an entry.", show_default=False)] = "",
    watch: Annotated[
        tuple[str, ...], Many, Parameter(help="Folders whose commits need entries; that of the log by default.")
    ] = (),
    output: _Form = "text",
    where: Repository = HERE,
) -> int:
    """Judge the registers next to plans: risks, decisions, changes.

    They are found by their names. A risk has a severity, a likelihood, a mitigation and something that watches it; a
    decision that is put off has a trigger; a change has a date, an owner and a way back, and its commits exist. Exits
    with 1 when something lacks.

    For example:

    * `elysium plan registers`
    * `elysium plan registers --change-log devops/change-log.md --since main`
    """
    from elysium.api.plan_registers import lint_change_log, lint_repository_registers
    from elysium.present.console import console
    from elysium.present.plans_findings import print_register_findings
    from elysium.present.plans_json import registers_json

    if bool(change_log) != bool(since):
        raise UsageError("--change-log and --since belong together", hint="--change-log FILE --since REVISION")
    with opened(where) as workspace:
        findings = lint_repository_registers(workspace)
        if change_log:
            findings += lint_change_log(workspace, change_log, f"{since}..HEAD", watch)
    if output == "json":
        sys.stdout.write(registers_json(findings))
    else:
        print_register_findings(console(), findings)
    return int(bool(findings))
