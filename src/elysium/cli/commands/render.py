"""`elysium render`."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Group, Parameter

from elysium.cli import complain
from elysium.cli.options import DEFAULTS, Common, Many, Output, say_timings, workspace
from elysium.errors import UsageError

if TYPE_CHECKING:
    from elysium.api import Workspace
    from elysium.model import Render

__all__ = ["render"]

_ALONE = Group("One chart or overlay alone", sort_key=4)
_CHART = "chart:"


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Alone:
    """What is rendered instead of a repository."""

    chart: Annotated[
        str, Parameter(group=_ALONE, help="Render this chart (a directory or .tgz).", show_default=False)
    ] = ""
    values: Annotated[
        tuple[str, ...],
        Many,
        Parameter(name=("--values", "-f"), group=_ALONE, help="A values file for --chart. Repeatable."),
    ] = ()
    settings: Annotated[
        tuple[str, ...],
        Many,
        Parameter(name="--set", group=_ALONE, help="A value for --chart: path=value. Repeatable."),
    ] = ()
    kustomize: Annotated[
        str, Parameter(group=_ALONE, help="Build this directory, as `kustomize build` does.", show_default=False)
    ] = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant together."""
        if self.chart and self.kustomize:
            raise UsageError("--chart and --kustomize exclude each other", hint="render one after the other")

    def of(self, target: str) -> Alone:
        """The same with the chart that the target names, where it does: `chart:PATH` is short for `--chart PATH`."""
        chart = target.removeprefix(_CHART) if target.startswith(_CHART) else ""
        if target == _CHART:
            raise UsageError("chart: names no chart", hint="for example chart:charts/api")
        if chart and (self.chart or self.kustomize):
            raise UsageError(f"{target} and --chart or --kustomize exclude each other", hint="name one of them")
        if (self.values or self.settings) and not (chart or self.chart):
            raise UsageError("--values and --set belong to --chart", hint="name the chart: --chart PATH")
        return replace(self, chart=chart or self.chart)


ALONE = Alone()


def render(
    repository: Annotated[
        str, Parameter(name="REPO", help="The repository: a directory. Or one chart of it: chart:PATH.")
    ] = ".",
    /,
    *,
    output: Annotated[Literal["yaml", "json", "name"], Output, Parameter(help="The form of the result.")] = "yaml",
    output_dir: Annotated[
        str, Parameter(help="Write one YAML file a unit below this directory instead.", show_default=False)
    ] = "",
    alone: Alone = ALONE,
    common: Common = DEFAULTS,
) -> int:
    """Print the objects as they reach the cluster.

    Exits with 1 when a unit fails; units that are unknown offline are named on standard error.

    For example:

    * `elysium render`: everything, as a YAML stream
    * `elysium render --unit hr/media/jellyfin`: what one release installs
    * `elysium render --revision HEAD~1 -o json`: an earlier commit, for a program
    * `elysium render --output-dir rendered`: a file a unit
    * `elysium render --chart charts/app --set replicas=2`: one chart alone, as is `chart:charts/app`
    """
    alone = alone.of(repository)
    with workspace("." if repository.startswith(_CHART) else repository, common) as opened:
        rendered = _render(opened, alone)
        _write(opened, rendered, output, output_dir)
        say_timings(opened, common)
    return _exit_code(rendered)


def _render(opened: Workspace, alone: Alone) -> Render:
    if alone.chart:
        return opened.render_chart(alone.chart, values_files=alone.values, settings=alone.settings)
    if alone.kustomize:
        return opened.render_kustomize(alone.kustomize)
    return opened.render()


def _write(opened: Workspace, rendered: Render, output: str, directory: str) -> None:
    from elysium.present import rendered as present

    out = sys.stdout.buffer
    if directory:
        for path in present.write_files(rendered, Path(directory), opened.to_yaml):
            print(path)
    elif output == "json":
        present.write_json(rendered, out)
    elif output == "name":
        present.write_names(rendered, out)
    else:
        present.write_yaml(rendered, out, opened.to_yaml)


def _exit_code(rendered: Render) -> int:
    from elysium.model import UnitState

    failed = 0
    for unit in rendered.units:
        if unit.state in (UnitState.FAILED, UnitState.UNKNOWN):
            complain.outcome(str(unit.id), unit.state.value, unit.reason)
            failed += unit.state is UnitState.FAILED
    return int(bool(failed))
