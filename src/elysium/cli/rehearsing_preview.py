"""`elysium rehearse preview N`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Group, Parameter

from elysium.cli.options import Output, Switch
from elysium.cli.preview_options import AS_DEPLOYED, How
from elysium.cli.rehearsing import watched

if TYPE_CHECKING:
    from elysium.previews.rehearsal import PreviewRehearsal

__all__ = ["preview"]

_SERVER = Group("The account and the cluster that the API server stands for", sort_key=2)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class What:
    """What happens to the pull request, and who deploys where."""

    events: Annotated[
        str, Parameter(help="What happens to the pull request: opened, synchronize, reopened, closed.")
    ] = "opened,synchronize,closed,opened,closed"
    account: Annotated[
        str,
        Parameter(
            name="--as",
            group=_SERVER,
            help="Deploy as this user: system:serviceaccount:NAMESPACE:NAME; by default as the platform's deployer.",
            show_default=False,
        ),
    ] = ""
    cluster: Annotated[
        str,
        Parameter(
            group=_SERVER,
            help="The cluster of elysium.toml whose nodes and classes count; none unless given.",
            show_default=False,
        ),
    ] = ""


AGAIN = What()


def preview(
    number: Annotated[int, Parameter(name="N", help="The number of the pull request.")],
    /,
    *,
    repo: Annotated[str, Parameter(name="--repo", help="The repository with the preview platform.")] = ".",
    what: What = AGAIN,
    everything: Annotated[bool, Switch, Parameter(name="--all", help="Fold nothing of the text.")] = False,
    output: Annotated[Literal["text", "json", "markdown"], Output, Parameter(help="The form of the result.")] = "text",
    how: How = AS_DEPLOYED,
) -> int:
    """Deploy, update and take away a preview on a real API server, as the account that deploys.

    Each event runs the steps of the generated workflows, on a control plane of its own: no cluster
    is touched. Exits with 0 when nothing is refused, everything comes up, and nothing is left; with
    1 otherwise, naming each step that the account may not do and the rule that it lacks; with 2
    when it could not be rehearsed.

    For example:

    * `elysium rehearse preview 123`: deploy, update, teardown and again
    * `elysium rehearse preview 123 --events opened,synchronize,synchronize`: what a commit changes
    * `elysium rehearse preview 123 --as system:serviceaccount:ci:deployer`: another account
    * `elysium rehearse preview 123 --set replicaCount=3`: whether the quota takes that
    """
    from pathlib import Path

    from elysium.api import Options, Workspace
    from elysium.api.preview_rehearsing import PreviewRehearsalOptions, events_of, rehearse_preview

    options = PreviewRehearsalOptions(
        events=events_of(what.events), account=what.account, preview=how.for_api(), cluster=what.cluster
    )
    with (
        watched() as watcher,
        Workspace(Path(repo), options=Options(kubernetes=how.kubernetes_version or None)) as workspace,
    ):
        found = rehearse_preview(workspace, number, options, notice=watcher)
    _write(found, output, everything=everything)
    return int(not found.passed)


def _write(found: PreviewRehearsal, output: str, *, everything: bool) -> None:
    if output == "text":
        from elysium.present.console import console
        from elysium.present.rehearsal_preview import print_preview_rehearsal

        print_preview_rehearsal(console(), found, everything=everything)
        return
    if output == "json":
        from elysium.present.rehearsal_preview_records import preview_json

        text = preview_json(found)
    else:
        from elysium.present.rehearsal_preview_markdown import preview_document

        text = preview_document(found)
    sys.stdout.buffer.write(text.encode())
