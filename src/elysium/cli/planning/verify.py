"""`elysium plan verify` and `elysium plan status`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from cyclopts import Group, Parameter

from elysium.cli import complain
from elysium.cli.options import Many, Output, Switch
from elysium.cli.planning.options import HERE, Consent, PlanFile, Repository, counting, opened, replace_plan, write_text

if TYPE_CHECKING:
    from elysium.plans.exporting.fixing import Misstated
    from elysium.plans.progress.verifying import Chosen, Verification
    from elysium.plans.types import Plan

__all__ = ["status", "verify"]

_NAMED = 12
_ONLY = Group("Only a part", sort_key=1)
_THEN = Group("Then", sort_key=1)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Only:
    """Which items are asked."""

    phase: Annotated[tuple[str, ...], Many, Parameter(group=_ONLY, help="These phases: 0.5,1. Repeatable.")] = ()
    section: Annotated[
        tuple[str, ...], Many, Parameter(group=_ONLY, help="These sections, such as requirements. Repeatable.")
    ] = ()
    step: Annotated[tuple[str, ...], Many, Parameter(group=_ONLY, help="These steps: 0. Repeatable.")] = ()
    item: Annotated[tuple[str, ...], Many, Parameter(group=_ONLY, help="These items: S2.1. Repeatable.")] = ()

    def chosen(self) -> Chosen:
        """The same to the API."""
        from elysium.plans.progress.verifying import Chosen

        return Chosen(
            phases=_names(self.phase), sections=_names(self.section), steps=_names(self.step), items=_names(self.item)
        )


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for text in given for name in text.split(",") if name.strip())


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Then:
    """What is written from what was computed."""

    fix_marks: Annotated[
        bool, Switch, Parameter(group=_THEN, help="Write the computed marks into the plan; nothing else changes.")
    ] = False
    calendar: Annotated[
        str, Parameter(group=_THEN, help="Write the due dates of open items as a calendar file.", show_default=False)
    ] = ""
    archive_done: Annotated[
        bool, Switch, Parameter(group=_THEN, help="Move finished phases from the plan to the change log.")
    ] = False
    change_log: Annotated[
        str, Parameter(group=_THEN, help="The change log; by default CHANGES.md beside the plan.", show_default=False)
    ] = ""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What of the results is shown, and what they mean."""

    everything: Annotated[bool, Switch, Parameter(name="--all", help="Show also what passes.")] = False
    fail_on: Annotated[
        Literal["fail", "unknown"], Parameter(help="What makes it exit with 1; unknown includes fail.")
    ] = "fail"


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class View:
    """How the state is shown, and whether what is late counts."""

    by: Annotated[
        str, Parameter(help="What items are grouped by: phase,section,step,owner,due.", show_default=False)
    ] = ""
    items: Annotated[bool, Switch, Parameter(help="Show the open items of each group.")] = False
    strict: Annotated[bool, Switch, Parameter(help="Exit with 1 also when something is overdue.")] = False


_ALL = Only()
_FAILURES = Outcome()
_USUAL = View()
_MARKED = "states"
_NOTHING = Then()
_NO_CONSENT = Consent()


def verify(
    plan: PlanFile,
    /,
    *,
    only: Only = _ALL,
    consent: Consent = _NO_CONSENT,
    outcome: Outcome = _FAILURES,
    output: Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")] = "text",
    where: Repository = HERE,
) -> int:
    """Run the checks of a plan: every item passes, fails or is unknown.

    Checks run in parallel on the repository, offline; the network is asked only with --live, and commands of the plan
    run only with --allow-commands. A phase is blocked until the exit criteria of the one before pass.

    For example:

    * `elysium plan verify plans/postgresql.md`
    * `elysium plan verify plans/postgresql.md --section requirements`
    * `elysium plan verify roadmap.md --phase 0.5,1,2 -o json`
    """
    from elysium.plans.results import Result
    from elysium.present.console import console
    from elysium.present.plans import print_verification
    from elysium.present.plans_json import verification_json

    _, found = _verified(plan, only, consent, where)
    if output == "json":
        sys.stdout.write(verification_json(found))
    else:
        print_verification(console(), found, everything=outcome.everything)
    return int(bool(found.count(Result.FAIL) or (outcome.fail_on == "unknown" and found.count(Result.UNKNOWN))))


def status(
    plan: PlanFile,
    /,
    *,
    view: View = _USUAL,
    then: Then = _NOTHING,
    consent: Consent = _NO_CONSENT,
    output: Annotated[
        Literal["text", "json", "markdown", "html"], Output, Parameter(help="The form of the result.")
    ] = "text",
    where: Repository = HERE,
) -> int:
    """Show how far a plan is, computed; and what its typed marks say wrongly.

    Exits with 1 when a typed mark says what is not so, or two places contradict each other.

    For example:

    * `elysium plan status plans/postgresql.md`
    * `elysium plan status roadmap.md --by phase,owner --items`
    * `elysium plan status roadmap.md --fix-marks`: write the computed marks
    * `elysium plan status roadmap.md -o html > status.html`
    """
    from elysium.plans.exporting.fixing import misstated

    read, found = _verified(plan, _ALL, consent, where)
    groups = _groups(view.by, found)
    claims = misstated(read, found)
    _write(read, found, then)
    said = tuple(item for item in found.contradictions if item.kind != _MARKED)  # the typed marks are `claims`
    if then.fix_marks:
        complain.note(f"typed marks that were not so and are now: {len(claims)}")
        found, claims = msgspec.structs.replace(found, contradictions=said), ()
    _show(found, groups, claims, items=view.items, output=output)
    return int(bool(said or claims or (view.strict and found.overdue)))


def _verified(plan: str, only: Only, consent: Consent, where: Repository) -> tuple[Plan, Verification]:
    from elysium.api.planning import read_plan, verify_plan

    read = read_plan(plan)
    chosen = only.chosen()
    _require_known(read, chosen)
    allowed = {"allow_commands": consent.allow_commands, "live": consent.live}
    with opened(where) as workspace, counting("checking") as progress:
        return read, verify_plan(workspace, read, chosen, progress=progress, **allowed)


def _require_known(plan: Plan, chosen: Chosen) -> None:
    """Refuse names that nothing in the plan has: nothing to look at would count as nothing that fails."""
    from elysium.errors import UsageError
    from elysium.plans.types import PartKind

    parts = tuple(plan.all_parts())
    known = {
        "phase": (chosen.phases, [part.number for part in parts if part.kind is PartKind.PHASE]),
        "section": (chosen.sections, [part.key for part in parts if part.kind is PartKind.SECTION]),
        "step": (chosen.steps, [part.number for part in parts if part.kind is PartKind.STEP]),
        "item": (chosen.items, [place.item.id for place in plan.places()]),
    }
    for what, (wanted, there) in known.items():
        for name in wanted:
            if name not in there:
                names = tuple(dict.fromkeys(there))
                more = ", …" if len(names) > _NAMED else ""
                hint = f"there are {', '.join(names[:_NAMED])}{more}" if names else f"it has no {what} at all"
                raise UsageError(f"the plan has no {what} {name!r}", hint=hint)


def _groups(by: str, found: Verification) -> tuple[str, ...]:
    from elysium.errors import UsageError
    from elysium.present.plans_groups import DIMENSIONS

    wanted = _names((by,)) or (("phase",) if any(item.phase for item in found.items) else ("section",))
    for name in wanted:
        if name not in DIMENSIONS:
            raise UsageError(f"items have no {name!r}", hint=f"group by {', '.join(DIMENSIONS)}")
    return wanted


def _show(found: Verification, by: tuple[str, ...], claims: tuple[Misstated, ...], *, items: bool, output: str) -> None:
    if output == "text":
        from elysium.present.console import console
        from elysium.present.plans_status import print_status

        print_status(console(), found, by=by, items=items, claims=claims)
    elif output == "json":
        from elysium.present.plans_json import status_json

        sys.stdout.write(status_json(found, by=by, claims=claims))
    elif output == "markdown":
        from elysium.present.plans_markdown import status_markdown

        sys.stdout.write(status_markdown(found, by=by, claims=claims))
    else:
        from elysium.present.plans_html import status_html

        sys.stdout.write(status_html(found, by=by, claims=claims))


def _write(read: Plan, found: Verification, then: Then) -> None:
    from elysium.api.plan_writing import archive_done, calendar_of, with_fixed_marks
    from elysium.plans.document.parsing import parse

    if then.calendar:
        write_text(then.calendar, calendar_of(read, found), replace=True)
    if then.fix_marks:
        text = with_fixed_marks(read, found)
        replace_plan(read, text)
        read = parse(text, read.path)  # what is archived has the marks, and stands on the same lines
    if then.archive_done:
        for label in archive_done(read, found, then.change_log):
            print(f"moved to the change log: {label}", file=sys.stderr)
