"""What the commands about plans share: the plan, the repository, and what of it is looked at."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from elysium.cli.options import Common, Many, Switch, workspace
from elysium.errors import PlanError, UsageError

if TYPE_CHECKING:
    from elysium.api import Workspace
    from elysium.plans.types import Plan

__all__ = ["HERE", "Consent", "PlanFile", "Repository", "counting", "opened", "replace_plan", "write_text"]

_WHERE = Group("The repository", sort_key=2)
_CONSENT = Group("What checks may do", sort_key=1)

PlanFile = Annotated[
    str, Parameter(name="PLAN", help="The plan, a Markdown file; - is standard input.", allow_leading_hyphen=True)
]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Repository:
    """Which repository a plan is about, and how it is rendered."""

    repo: Annotated[str, Parameter(group=_WHERE, help="The repository that the plan is about.")] = "."
    cluster: Annotated[
        str, Parameter(group=_WHERE, help="The cluster that is meant, where there are several.", show_default=False)
    ] = ""
    source: Annotated[
        tuple[str, ...],
        Many,
        Parameter(
            group=_WHERE,
            help="A directory in place of a source: KIND/NAMESPACE/NAME=PATH or chart-repo=URL=PATH. Repeatable.",
        ),
    ] = ()
    fetch: Annotated[
        bool, Switch, Parameter(group=_WHERE, help="First fetch charts that are not in the cache (uses the network).")
    ] = False


HERE = Repository()


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a plan, which may be somebody else's, is allowed to do."""

    allow_commands: Annotated[
        bool, Switch, Parameter(group=_CONSENT, help="Run the commands of the plan on this machine.")
    ] = False
    live: Annotated[bool, Switch, Parameter(group=_CONSENT, help="Ask the network: HTTP, DNS, TLS.")] = False


@contextmanager
def opened(where: Repository) -> Iterator[Workspace]:
    """The workspace that the arguments describe; a repository without Flux is fine."""
    common = Common(cluster=(where.cluster,) if where.cluster else (), source=where.source, fetch=where.fetch)
    with workspace(where.repo, common, plain=True) as found:
        yield found


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress line for something that counts."""
    from elysium.cli.progress import progress

    drawn = progress()
    try:
        yield (lambda done, total: drawn(what, done, total)) if drawn else None
    finally:
        if drawn:
            drawn.clear()


def write_text(place: str, text: str, *, replace: bool = False) -> None:
    """Write a document where a person said: a file, whole or not at all, or - for standard output.

    Raises UsageError for a file that is there, unless it is to be replaced, and PlanError for one that cannot be made.
    """
    if place == "-":
        sys.stdout.write(text)
        return
    from elysium.kit.files import write_atomically

    path = Path(place)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode("utf-8"), 0o644, fresh=not replace)
    except FileExistsError as error:
        raise UsageError(
            "this file is there already", subject=place, hint="name another with -o, or remove it"
        ) from error
    except OSError as error:
        raise PlanError(error.strerror or "cannot be written", subject=place, hint="name another file") from error


def replace_plan(read: Plan, text: str) -> None:
    """Write a plan that was read before. Raises PlanError when somebody has changed it since: nothing gets lost."""
    from elysium.api.planning import read_bytes

    if read_bytes(read.path) != read.text.encode("utf-8"):
        hint = "nothing was written; run this again"
        raise PlanError("somebody has changed the plan meanwhile", subject=read.path, hint=hint)
    write_text(read.path, text, replace=True)
