"""`elysium rehearse`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from elysium.cli import complain
from elysium.cli.options import Output, Switch
from elysium.cli.rehearsing import EMBEDDED, HERE, SNAPSHOT, Server, Where, agreed, described, opened, say, watched
from elysium.cli.rehearsing_preview import preview
from elysium.errors import UsageError

__all__ = ["app"]

_DECLINED = 2

app = App(name="rehearse", help_format="plaintext", version_flags=[])
app.command(preview)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class How:
    """How far a rehearsal goes, and how much of it is shown."""

    rollback: Annotated[
        bool, Switch, Parameter(help="Go back to the base afterwards, and tell what does not come back.")
    ] = False
    everything: Annotated[bool, Switch, Parameter(name="--all", help="Fold nothing of the text.")] = False


THERE = How()


@app.default
def rehearse(
    base: Annotated[
        str,
        Parameter(
            name="BASE",
            help="What runs today; where HEAD and the default branch parted unless given.",
            show_default=False,
        ),
    ] = "",
    head: Annotated[
        str, Parameter(name="HEAD", help="What is to run; the working tree unless given.", show_default=False)
    ] = "",
    /,
    *,
    how: How = THERE,
    output: Annotated[
        Literal["text", "json", "markdown", "sarif"], Output, Parameter(help="The form of the result.")
    ] = "text",
    where: Where = HERE,
    server: Server = EMBEDDED,
) -> int:
    """Replay a change on a real API server, as Flux would apply it, and name what is refused.

    A control plane of its own starts on this machine, without Docker and without a cluster. The
    base is applied, then the head on top of it. Exits with 0 when all is accepted, 1 when something
    is refused or does not come up that did so in the base, 2 when it could not be rehearsed.

    For example:

    * `elysium rehearse`: what this branch and the working tree change
    * `elysium rehearse HEAD~1 HEAD --repo examples/kyrion`: what the last commit changed
    * `elysium rehearse main --rollback`: and whether there is a way back
    * `elysium rehearse main -o markdown`: for a comment on a pull request
    * `elysium rehearse --snapshot home.json --context home`: read the cluster's facts once
    """
    if server.snapshot:
        return _take_snapshot(base, head, where, server)
    if not agreed(server):
        return _DECLINED
    options = server.options(rollback=how.rollback)
    with watched() as watcher, opened(where, watcher) as workspace:
        from elysium.api.rehearsing import rehearse as rehearsed

        found = rehearsed(workspace, base or None, head or None, options=options, notice=watcher)
        run = described(workspace, where)
    return say(found, run, output, everything=how.everything)


def _take_snapshot(file: str, more: str, where: Where, server: Server) -> int:
    """Write the facts of a cluster that is only read."""
    if not server.context:
        hint = f"name its context: --context NAME; to rehearse with a snapshot: --facts {file or SNAPSHOT}"
        raise UsageError("no cluster to read", subject="--snapshot", hint=hint)
    if more:
        raise UsageError("a snapshot is one file", subject=more, hint="see `elysium rehearse --help`")
    from elysium.api.rehearsing import take_snapshot

    path = Path(file) if file else Path(where.repo) / SNAPSHOT
    take_snapshot(server.context, path)
    print(path)
    complain.note(f'elysium.toml names it for a cluster: [cluster."DIRECTORY"] snapshot = "{path.name}"')
    return 0
