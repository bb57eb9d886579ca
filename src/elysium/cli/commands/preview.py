"""`elysium preview render|fit|edge`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from elysium.cli import complain
from elysium.cli.options import Output
from elysium.cli.preview_options import AS_DEPLOYED, How

if TYPE_CHECKING:
    from elysium.api import Workspace
    from elysium.model import Render

__all__ = ["app"]

app = App(
    name="preview",
    help="Render the preview of a pull request, tell whether it fits and how it is reached.",
    help_format="plaintext",
    version_flags=[],
)

_Number = Annotated[int, Parameter(name="N", help="The number of the pull request.")]
_Repository = Annotated[str, Parameter(name="--repo", help="The repository with the preview platform.")]
_Form = Annotated[Literal["text", "yaml", "json"], Output, Parameter(help="The form of the result.")]


@app.command
def render(
    number: _Number,
    /,
    *,
    repo: _Repository = ".",
    output: Annotated[Literal["yaml", "json", "name"], Output, Parameter(help="The form of the result.")] = "yaml",
    only: Annotated[
        Literal["account", "policies", "application"] | None,
        Parameter(help="Only this part of it.", show_default=False),
    ] = None,
    compare: Annotated[
        str, Parameter(help="Say instead what this compose file has that the preview lacks.", show_default=False)
    ] = "",
    how: How = AS_DEPLOYED,
) -> int:
    """Print every object of a preview, as the deploy workflow makes them.

    With --compare it exits with 1 when the preview lacks something.

    For example:

    * `elysium preview render 123 | elysium check - --profile strict`
    * `elysium preview render 123 --only policies`: what apply-preview-policies.sh applies
    * `elysium preview render 123 --set-env LOG_LEVEL=debug`: with another variable
    * `elysium preview render 123 --compare docker-compose.yml`
    """
    with _workspace(repo, how.kubernetes_version) as opened:
        if compare:
            return _compare(opened, number, compare, output)
        from elysium.api.previewing import render_preview

        rendered = render_preview(opened, number, how.for_api(only or ""))
        _write(opened, rendered, output)
    return _exit_code(rendered)


def _compare(opened: Workspace, number: int, file: str, output: str) -> int:
    from elysium.api.previewing import compare_preview
    from elysium.present.previews import write_differences

    differences = compare_preview(opened, number, file)
    write_differences(differences, file, sys.stdout, "json" if output == "json" else "text")
    return int(bool(differences))


def _write(opened: Workspace, rendered: Render, output: str) -> None:
    from elysium.present.rendered import write_json, write_names, write_yaml

    out = sys.stdout.buffer
    if output == "json":
        write_json(rendered, out)
    elif output == "name":
        write_names(rendered, out)
    else:
        write_yaml(rendered, out, opened.to_yaml)


@app.command
def fit(number: _Number, /, *, repo: _Repository = ".", output: _Form = "text", how: How = AS_DEPLOYED) -> int:
    """Tell whether a preview fits its quota, reaches what it must, and can be deployed.

    Counted are a rollout (one replica is two pods for a while), jobs and hooks, and what a LimitRange fills in. Exits
    with 1 when it does not fit, when something that is needed is closed, or when the deployer lacks a right.

    For example:

    * `elysium preview fit 123`
    * `elysium preview fit 123 --set replicaCount=3`: before it is changed
    """
    from elysium.api.previewing import as_yaml, judge_preview
    from elysium.present.previews import outcome_record, write_outcome, write_record

    with _workspace(repo, how.kubernetes_version) as opened:
        outcome = judge_preview(opened, number, how.for_api())
        if output == "yaml":
            print(as_yaml(opened, outcome_record(outcome)), end="")
        elif output == "json":
            write_record(outcome_record(outcome), sys.stdout)
        else:
            write_outcome(outcome, sys.stdout)
    return int(not outcome.works)


@app.command
def edge(number: _Number, /, *, repo: _Repository = ".", output: _Form = "text") -> int:
    """Show which name HAProxy sends where, and whether HAProxy, k3s and Traefik agree.

    Exits with 1 when they do not.

    For example:

    * `elysium preview edge 123`
    """
    from elysium.api.previewing import as_yaml, preview_edge
    from elysium.present.previews import edge_record, write_edge, write_record

    with _workspace(repo, "") as opened:
        found = preview_edge(opened, number)
        if output == "yaml":
            print(as_yaml(opened, edge_record(found)), end="")
        elif output == "json":
            write_record(edge_record(found), sys.stdout)
        else:
            write_edge(found, sys.stdout)
    return int(bool(found.problems))


@contextmanager
def _workspace(repository: str, kubernetes: str) -> Iterator[Workspace]:
    from elysium.api import Options, Workspace

    with Workspace(Path(repository), options=Options(kubernetes=kubernetes or None)) as opened:
        yield opened


def _exit_code(rendered: Render) -> int:
    from elysium.model import UnitState

    failed = [unit for unit in rendered.units if unit.state is not UnitState.RENDERED]
    for unit in failed:
        complain.outcome(str(unit.id), unit.state.value, unit.reason)
    return int(bool(failed))
