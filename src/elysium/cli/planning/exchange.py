"""`elysium plan import` and `elysium plan export`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from elysium.cli import complain
from elysium.cli.planning.options import PlanFile, write_text
from elysium.errors import UsageError

if TYPE_CHECKING:
    from elysium.plans.types import Plan

__all__ = ["export", "import_"]


def import_(
    file: Annotated[
        str, Parameter(name="FILE", help="A Markdown document; - is standard input.", allow_leading_hyphen=True)
    ],
    /,
    *,
    output: Annotated[
        str, Parameter(name=("--output", "-o"), help="Where the plan is written; - is standard output.")
    ] = "-",
    kind: Annotated[str, Parameter(help="The kind of the plan, where its words do not tell.", show_default=False)] = "",
    block: Annotated[
        int, Parameter(help="Import this fenced example of the document instead, from 1.", show_default=False)
    ] = 0,
    force: Annotated[bool, Parameter(negative=(), help="Replace the file that is there.", show_default=False)] = False,
) -> int:
    """Make a plan of any Markdown document; nothing of it is lost.

    Ids, owners that are stated, and checks that the words give are added in comments; everything else stays byte for
    byte, and `elysium plan export` gives it back. Marks that people typed become claims, which `plan status` verifies.

    For example:

    * `elysium plan import roadmap.md -o plans/roadmap.md`
    * `elysium plan import planning-mode.md --block 1 -o plans/postgresql.md`
    """
    from elysium.api.planning import read_bytes
    from elysium.plans.importing import import_plan
    from elysium.plans.kinds import find

    if block < 0:
        raise UsageError("examples are counted from 1", hint="--block 1 is the first")
    imported = import_plan(read_bytes(file), file, kind=find(kind).name if kind else "", block=block)
    write_text(output, imported.text, replace=force)
    for note in imported.notes:
        complain.note(note)
    return 0


def export(
    plan: PlanFile,
    /,
    *,
    format_: Annotated[
        Literal["markdown", "json", "issues", "issues-by-phase", "checklist", "calendar", "ics"],
        Parameter(name="--format", help="The form."),
    ] = "markdown",
    output: Annotated[
        str,
        Parameter(name=("--output", "-o"), help="Where to: a file, for issues a folder; - is standard output."),
    ] = "-",
    force: Annotated[bool, Parameter(negative=(), help="Replace files that are there.", show_default=False)] = False,
) -> int:
    """Give a plan as Markdown, JSON, issues, a checklist or a calendar. Nothing is sent anywhere.

    Markdown is the document without Elysium's comments, exactly as it was before it was imported.

    For example:

    * `elysium plan export plans/roadmap.md --format json`
    * `elysium plan export plans/roadmap.md --format issues -o issues/`
    """
    from elysium.api.planning import read_plan

    read = read_plan(plan)
    if format_.startswith("issues"):
        if output == "-":
            raise UsageError("issues are files in a folder", hint="name the folder with -o FOLDER")
        for name, text in _issues(read, format_).items():
            write_text(f"{output.rstrip('/')}/{name}", text, replace=force)
        return 0
    write_text(output, _text(read, format_), replace=force)
    return 0


def _issues(plan: Plan, form: str) -> dict[str, str]:
    from elysium.plans.exporting import issue_files, issues_by_item, issues_by_phase

    return issue_files(issues_by_phase(plan) if form == "issues-by-phase" else issues_by_item(plan))


def _text(plan: Plan, form: str) -> str:
    import datetime

    from elysium.api.selecting import today
    from elysium.plans import exporting

    if form == "json":
        return exporting.as_json(plan)
    if form == "checklist":
        return exporting.checklist(plan, today())
    if form in ("calendar", "ics"):
        return exporting.calendar(plan, datetime.datetime.now(datetime.UTC))
    return exporting.as_markdown(plan)
