"""The options that `elysium new` and `elysium init` share: answers, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Group, Parameter

from elysium.cli.options import Many, Switch

__all__ = ["ANSWERS", "WRITING", "Answers", "Writing"]

ANSWERS = Group("Answers", sort_key=1)
WRITING = Group("Writing", sort_key=2)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Answers:
    """What is wanted."""

    set_: Annotated[
        tuple[str, ...], Many, Parameter(name="--set", group=ANSWERS, help="An answer: KEY=VALUE. Repeatable.")
    ] = ()
    answers: Annotated[str, Parameter(group=ANSWERS, help="A TOML or JSON file with answers.", show_default=False)] = ""
    cert: Annotated[
        str,
        Parameter(
            group=ANSWERS, help="The certificate of the cluster's sealed-secrets controller.", show_default=False
        ),
    ] = ""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Writing:
    """How it is written."""

    dry_run: Annotated[
        bool, Switch, Parameter(group=WRITING, help="Show what would be written, and write nothing.")
    ] = False
    yes: Annotated[bool, Switch, Parameter(group=WRITING, help="Ask nothing.")] = False
