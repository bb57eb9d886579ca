"""The chart of a preview, rendered under the name and in the namespace that the deploy workflow gives it; its twin.

Nothing is redacted yet: who judges a preview has to see what is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from elysium.api import alone, versioning
from elysium.api.workspace import Workspace
from elysium.errors import RepositoryError
from elysium.model import RenderedObject, Unit, UnitId, UnitKind
from elysium.previews import Platform, namespace_of
from elysium.render.answers import BuildResult, ChartResult, rendered_objects

__all__ = ["build_preview_twin", "render_preview_chart"]

_TREE = "preview-chart"
_TWIN = "preview-twin"


def render_preview_chart(
    workspace: Workspace, platform: Platform, number: int, values: dict[str, Any], settings: Sequence[str] = ()
) -> Unit:
    """The chart as one unit with values and `--set` texts.

    Raises RepositoryError when there is no chart.
    """
    if not (platform.chart / "Chart.yaml").is_file():
        hint = "`elysium new infra preview-platform` writes it"
        raise RepositoryError("there is no chart", subject=str(platform.chart), hint=hint)
    opening = {"id": _TREE, "root": str(platform.chart.resolve()), "files": None, "rules": "none"}
    workspace.pool.announce(_TREE, "tree.open", opening)
    name = namespace_of(platform, number)
    identity = UnitId("", UnitKind.HELM_RELEASE, name, name)
    given = [
        {"text": msgspec.json.encode(values).decode(), "target_path": None, "literal": False},
        *alone.assignments(settings),
    ]
    location = {"tree": _TREE, "path": "."}
    params = alone.chart_parameters(location, identity, given, versioning.lone(workspace.options), seed=name)
    return alone.unit_of(identity, workspace.pool.ask("chart.render", params), partial(_of_chart, identity))


def build_preview_twin(workspace: Workspace, staged: Path) -> Unit:
    """The twin in a directory of its own as one unit, as `kustomize build` makes it."""
    opening = {"id": _TWIN, "root": str(staged.resolve()), "files": None, "rules": "none"}
    workspace.pool.announce(_TWIN, "tree.open", opening)
    minor = versioning.lone(workspace.options).minor
    params = {"tree": _TWIN, "path": ".", "kustomization": None, "validate": True, "kubernetes": minor}
    identity = UnitId("", UnitKind.KUSTOMIZATION, "", "twin")
    return alone.unit_of(identity, workspace.pool.ask("kustomization.build", params), partial(_of_twin, identity))


def _of_chart(identity: UnitId, raw: msgspec.Raw) -> tuple[RenderedObject, ...]:
    result = msgspec.json.decode(raw, type=ChartResult)
    return rendered_objects(result.objects, identity, f"chart:{result.chart.name}-{result.chart.version}")


def _of_twin(identity: UnitId, raw: msgspec.Raw) -> tuple[RenderedObject, ...]:
    return rendered_objects(msgspec.json.decode(raw, type=BuildResult).objects, identity, "")
