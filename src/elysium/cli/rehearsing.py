"""What the forms of `elysium rehearse` share: the repository, the server, who watches, and how a result is written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from elysium.cli import complain
from elysium.cli.options import Common, Many, Switch, options_of, say_timings
from elysium.errors import UsageError

if TYPE_CHECKING:
    from elysium.api import Workspace
    from elysium.api.rehearsing import RehearsalOptions
    from elysium.present.rehearsal_timeline import Timeline
    from elysium.present.run import Run
    from elysium.rehearse.types import Rehearsal, Step

__all__ = [
    "EMBEDDED",
    "HERE",
    "SNAPSHOT",
    "Announcement",
    "Server",
    "Where",
    "agreed",
    "described",
    "opened",
    "say",
    "watched",
]

SNAPSHOT = "snapshot.json"
"""Where in a repository the snapshot of a cluster is written when nobody says otherwise."""

_WHERE = Group("What to render", sort_key=1)
_SERVER = Group("The API server and the cluster that it stands for", sort_key=2)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Where:
    """Which repository is rehearsed, and how it is rendered."""

    repo: Annotated[str, Parameter(group=_WHERE, help="The repository: a directory.")] = "."
    cluster: Annotated[
        tuple[str, ...],
        Many,
        Parameter(group=_WHERE, help="Only this cluster: its directory or its last part. Repeatable."),
    ] = ()
    source: Annotated[
        tuple[str, ...],
        Many,
        Parameter(
            group=_WHERE,
            help="A directory in place of a source: KIND/NAMESPACE/NAME=PATH or chart-repo=URL=PATH. Repeatable.",
        ),
    ] = ()
    fetch: Annotated[
        bool, Switch, Parameter(group=_WHERE, help="First fetch what is not in the cache (uses the network).")
    ] = False
    cache_dir: Annotated[
        str,
        Parameter(group=_WHERE, help="Where rendered things and the built control plane are kept.", show_default=False),
    ] = ""
    timings: Annotated[bool, Switch, Parameter(group=_WHERE, help="Say on standard error where the time went.")] = False

    @property
    def common(self) -> Common:
        """The same as the other commands have it."""
        return Common(
            cluster=self.cluster,
            source=self.source,
            fetch=self.fetch,
            cache_dir=self.cache_dir,
            timings=self.timings,
        )

    @property
    def subject(self) -> str:
        """What is rehearsed, for a person."""
        return Path(self.repo).resolve().name if self.repo in (".", "..") else self.repo


HERE = Where()


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Server:
    """Which server answers, and what it is told of the cluster that it stands for."""

    no_controllers: Annotated[
        bool,
        Switch,
        Parameter(group=_SERVER, help="Only the API server: quicker, and nothing is known of workloads and quotas."),
    ] = False
    facts: Annotated[
        str,
        Parameter(
            group=_SERVER,
            help="The snapshot of the cluster to go by; the one that elysium.toml names unless given.",
            show_default=False,
        ),
    ] = ""
    context: Annotated[
        str,
        Parameter(
            group=_SERVER,
            help="Rehearse on the disposable cluster of this context of your kubeconfig instead. Asks first.",
            show_default=False,
        ),
    ] = ""
    snapshot: Annotated[
        bool,
        Switch,
        Parameter(
            group=_SERVER,
            help=f"With --context: only read that cluster, and write its snapshot to BASE or to {SNAPSHOT}.",
        ),
    ] = False
    yes: Annotated[bool, Switch, Parameter(group=_SERVER, help="With --context: ask nothing.")] = False

    def options(self, *, rollback: bool = False) -> RehearsalOptions:
        """The same to the API."""
        from elysium.api.rehearsing import RehearsalOptions

        return RehearsalOptions(
            rollback=rollback,
            context=self.context,
            snapshot=Path(self.facts) if self.facts else None,
            controllers=not self.no_controllers,
        )


EMBEDDED = Server()


def agreed(server: Server) -> bool:
    """Whether a cluster that is not ours may be filled. Raises UsageError where nobody can be asked."""
    if not server.context or server.yes:
        return True
    from elysium.cli.scaffolding import interactive
    from elysium.kit.terminal import visible

    if not interactive():
        hint = "--yes says that the cluster may be filled, and is thrown away afterwards"
        raise UsageError("this asks first, and nobody is here to answer", subject="--context", hint=hint)
    print(f"The cluster of context {visible(server.context)} is filled; throw it away afterwards.", file=sys.stderr)
    if input("rehearse there? [y/N] ").strip().lower() in ("y", "yes"):
        return True
    complain.warn("nothing was applied")
    return False


class Announcement:
    """What is said where no terminal is: that something is built, which takes minutes, and is done once."""

    def __init__(self) -> None:
        self._said = False

    def __call__(self, step: Step) -> None:
        if step.phase is None and step.total and not self._said:
            self._said = True
            complain.note(f"{step.message}: this takes some minutes, once")


@contextmanager
def watched() -> Iterator[Timeline | Announcement]:
    """A timeline where there is a terminal to draw it on; nothing of it stays, however the rehearsal ends."""
    if not sys.stderr.isatty():
        yield Announcement()
        return
    from elysium.present.console import console
    from elysium.present.rehearsal_timeline import Timeline

    with Timeline(console(sys.stderr)) as timeline:
        yield timeline


@contextmanager
def opened(where: Where, watcher: Timeline | Announcement) -> Iterator[Workspace]:
    """The workspace that the arguments describe; its progress is part of the timeline, where there is one."""
    from elysium.api import Workspace

    progress = None if isinstance(watcher, Announcement) else watcher.progress
    with Workspace(Path(where.repo), options=options_of(where.common), progress=progress) as workspace:
        yield workspace
        say_timings(workspace, where.common)


def described(workspace: Workspace, where: Where) -> Run:
    """What a report says of the repository; code hosts count paths from the directory in which the command runs."""
    from elysium.present.run import Run

    root, here = workspace.root, Path.cwd()
    below = root != here and root.is_relative_to(here)
    return Run(subject=where.subject, prefix=root.relative_to(here).as_posix() if below else "")


def say(rehearsal: Rehearsal, run: Run, output: str, *, everything: bool) -> int:
    """Write a rehearsal, and return what the command exits with."""
    from elysium.present.rehearsal_forms import write_rehearsal
    from elysium.rehearse.judging import exit_code

    write_rehearsal(output, rehearsal, run, everything=everything)
    return exit_code(rehearsal)
