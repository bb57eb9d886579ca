"""`elysium plan new`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from elysium.cli.options import Many, Switch
from elysium.cli.planning.options import HERE, Repository, opened, write_text
from elysium.errors import PlanError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elysium.api.plan_drafting import Asking
    from elysium.plans.deploying import Question

__all__ = ["new"]

_ANSWERS = Group("What is planned", sort_key=1)
_WRITING = Group("How it is written", sort_key=1)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the plan is told; what is not told is read from the repository, or asked on a terminal."""

    app: Annotated[
        str, Parameter(group=_ANSWERS, help="A description of the application: app.toml.", show_default=False)
    ] = ""
    set_: Annotated[
        tuple[str, ...], Many, Parameter(name="--set", group=_ANSWERS, help="An answer: KEY=VALUE. Repeatable.")
    ] = ()
    reject: Annotated[
        tuple[str, ...],
        Many,
        Parameter(group=_ANSWERS, help="A deployment method that was looked at: METHOD=REASON. Repeatable."),
    ] = ()


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Writing:
    """Where the plan goes."""

    output: Annotated[
        str,
        Parameter(
            name=("--output", "-o"),
            group=_WRITING,
            help="The plan's file, plans/NAME.md by default; - is standard output.",
            show_default=False,
        ),
    ] = ""
    force: Annotated[bool, Switch, Parameter(group=_WRITING, help="Replace the file that is there.")] = False
    dry_run: Annotated[bool, Switch, Parameter(group=_WRITING, help="Print the plan, and write nothing.")] = False
    yes: Annotated[bool, Switch, Parameter(group=_WRITING, help="Ask nothing.")] = False


_NOTHING_SAID = Answers()
_AS_USUAL = Writing()


def new(
    kind: Annotated[
        str,
        Parameter(
            name="KIND",
            help="deploy-app, infrastructure, refactoring, preview-environments, cluster-adoption or custom.",
        ),
    ],
    name: Annotated[str, Parameter(name="NAME", help="What it is about: the application, the component, …")],
    /,
    *,
    answers: Answers = _NOTHING_SAID,
    writing: Writing = _AS_USUAL,
    where: Repository = HERE,
    **options: Annotated[
        str, Parameter(group=_ANSWERS, help="An answer by its name: --image ghcr.io/example/wiki:1.2.3")
    ],
) -> int:
    """Write a plan, filled from the repository. Nothing else is changed.

    What would be written and what the cluster would get is computed in a copy; so every item comes with the check that
    tells it. Of an application the deployment method is chosen by priority, with what was rejected and why.

    For example:

    * `elysium plan new deploy-app postgresql --preset postgresql --owner alice`
    * `elysium plan new deploy-app wiki --app app.toml -o plans/wiki.md`
    * `elysium plan new deploy-app notes --image ghcr.io/example/notes:1.2.3 --reject "official-chart=none exists"`
    * `elysium plan new infrastructure traefik --dry-run`
    """
    from elysium.api.plan_drafting import Wanted, draft_plan
    from elysium.scaffold import read_settings

    place = "-" if writing.dry_run else writing.output or str(Path(where.repo) / "plans" / f"{name}.md")
    _require_free(place, replace=writing.force)
    said: dict[str, Any] = {**read_settings(answers.set_), **options}
    rejected = dict(_rejection(text) for text in answers.reject)
    wanted = Wanted(
        kind=kind,
        name=name,
        described=_described(answers.app),
        options={**said, "rejected": rejected} if rejected else said,
        path=place,
    )
    with opened(where) as workspace:
        text = draft_plan(workspace, wanted, _asking(writing))
    write_text(place, text, replace=writing.force)
    if place != "-":
        print(f"written: {place}\nnext: elysium plan lint {place}; elysium plan apply {place} --dry-run")
    return 0


def _require_free(place: str, *, replace: bool) -> None:
    if place != "-" and not replace and Path(place).exists():
        raise UsageError("this file is there already", subject=place, hint="name another with -o, or give --force")


def _rejection(text: str) -> tuple[str, str]:
    method, sign, reason = text.partition("=")
    if not (sign and method and reason):
        hint = '--reject "official-chart=none is published"'
        raise UsageError("a rejection is METHOD=REASON", subject=f"--reject {text}", hint=hint)
    return method, reason


def _described(file: str) -> Mapping[str, Any]:
    from elysium.api.planning import read_bytes
    from elysium.plans.deploying import read_application

    if not file:
        return {}
    try:
        return read_application(read_bytes(file).decode("utf-8"), file)
    except UnicodeDecodeError as error:
        raise PlanError("no UTF-8 text", subject=file, hint="save it as UTF-8") from error


def _asking(writing: Writing) -> Asking | None:
    from elysium.cli import scaffolding

    return None if writing.yes or writing.dry_run or not scaffolding.interactive() else _ask


def _ask(question: Question) -> str:
    from elysium.kit.terminal import visible

    usual = f" [{question.default}]" if question.default else ""
    return input(visible(f"{question.text}{usual} ")).strip() or question.default
