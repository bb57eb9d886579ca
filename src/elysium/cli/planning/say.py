"""`elysium plan attest` and `elysium plan decide`: what only a person can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from elysium.cli.planning.options import PlanFile, replace_plan
from elysium.errors import UsageError

if TYPE_CHECKING:
    from elysium.plans.types import Plan

__all__ = ["attest", "decide"]

_Item = Annotated[str, Parameter(name="ITEM", help="The id of the item.")]
_By = Annotated[str, Parameter(help="Who says so.")]
_On = Annotated[str, Parameter(help="The day, YYYY-MM-DD; today by default.", show_default=False)]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Why something is decided, and what would open it again."""

    because: Annotated[str, Parameter(help="Why.", show_default=False)] = ""
    revisit: Annotated[str, Parameter(help="What would open it again.", show_default=False)] = ""


_NONE_GIVEN = Reasons()


def attest(
    plan: PlanFile,
    item: _Item,
    /,
    *,
    by: _By,
    reference: Annotated[str, Parameter(help="What shows it: an address, a commit, a note.", show_default=False)] = "",
    on: _On = "",
    until: Annotated[str, Parameter(help="The day after which it has to be said again.", show_default=False)] = "",
) -> int:
    """Attest an item that no check can tell. It is written into the plan; nothing else changes.

    For example:

    * `elysium plan attest plans/postgresql.md S7-4 --by alice --reference "restore of 2026-11-20 in the wiki"`
    """
    from elysium.plans.document.editing import attested
    from elysium.plans.types import Attestation

    read = _read(plan)
    said = Attestation(
        by=_word(by, "--by"), date=_day(on, "--on"), reference=reference, expires=until and _day(until, "--until")
    )
    replace_plan(read, _still_read(attested(read, item, said), plan))
    return 0


def decide(
    plan: PlanFile,
    item: _Item,
    choice: Annotated[str, Parameter(name="CHOICE", help="What is decided.")],
    /,
    *,
    by: _By,
    on: _On = "",
    reasons: Reasons = _NONE_GIVEN,
) -> int:
    """Record a decision of a plan. It is written into the plan; nothing else changes.

    For example:

    * `elysium plan decide plans/previews.md P3-8 "TLS ends at the edge" --by bob --because "one certificate is enough"`
    """
    from elysium.plans.document.editing import decided
    from elysium.plans.types import Decision

    read = _read(plan)
    texts = {"CHOICE": choice, "--because": reasons.because, "--revisit": reasons.revisit}
    for name, text in texts.items():
        if ";" in text or "\n" in text:
            raise UsageError("a decision is one line without semicolons", subject=name, hint="write it in other words")
    said = Decision(
        chosen=choice, by=_word(by, "--by"), date=_day(on, "--on"), reason=reasons.because, revisit=reasons.revisit
    )
    replace_plan(read, _still_read(decided(read, item, said), plan))
    return 0


def _read(plan: str) -> Plan:
    from elysium.api.planning import read_plan

    if plan == "-":
        raise UsageError("standard input cannot be written", hint="name the plan's file")
    return read_plan(plan)


def _still_read(text: str, plan: str) -> str:
    """The text, if it can be read again: what a person says may hold what cannot stand in an annotation."""
    from elysium.plans.document.parsing import parse

    parse(text, plan)
    return text


def _word(name: str, option: str) -> str:
    if not name or len(name.split()) != 1:
        raise UsageError("this is one word", subject=option, hint="write a name without blanks, such as alice")
    return name


def _day(text: str, option: str) -> str:
    from elysium.api.selecting import today
    from elysium.errors import PlanError
    from elysium.plans.document.item_words import is_date

    try:
        return is_date(option, text, option) if text else today().isoformat()
    except PlanError as error:
        raise UsageError(error.message, subject=option, hint="write YYYY-MM-DD") from error
