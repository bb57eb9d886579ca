"""The chart of a preview, rendered under the name and in the namespace that the deploy workflow gives it; its twin.

Nothing is redacted yet: who judges a preview has to see what is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from elysium.api import alone, versioning
from elysium.api.workspace import Workspace
from elysium.engine import Answer, EngineFailure, FailureCode
from elysium.errors import RepositoryError
from elysium.model import Unit, UnitId, UnitKind, UnitState
from elysium.previews import Platform, namespace_of
from elysium.render.answers import BuildResult, ChartResult, failure_of, rendered_objects
from elysium.render.options import PINNED_TIME

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
    options = versioning.lone(workspace.options)
    params = {
        "chart": {"tree": _TREE, "path": "."},
        "values_from": [
            {"text": msgspec.json.encode(values).decode(), "target_path": None, "literal": False},
            *alone.assignments(settings),
        ],
        "values": {},
        "release": {"name": name, "namespace": name, "upgrade": False, "revision": 1},
        "kubernetes": options.patch,
        "apis": list(options.api_versions),
        "crds": "Create",
        "post_render_strategy": "nohooks",
        "origin": None,
        "seed": name,
        "time": PINNED_TIME,
        "validate": True,
    }
    return _unit(UnitId("", UnitKind.HELM_RELEASE, name, name), workspace.pool.ask("chart.render", params))


def build_preview_twin(workspace: Workspace, staged: Path) -> Unit:
    """The twin in a directory of its own as one unit, as `kustomize build` makes it."""
    opening = {"id": _TWIN, "root": str(staged.resolve()), "files": None, "rules": "none"}
    workspace.pool.announce(_TWIN, "tree.open", opening)
    minor = versioning.lone(workspace.options).minor
    params = {"tree": _TWIN, "path": ".", "kustomization": None, "validate": True, "kubernetes": minor}
    answer = workspace.pool.ask("kustomization.build", params)
    identity = UnitId("", UnitKind.KUSTOMIZATION, "", "twin")
    if answer.error is not None:
        return _failed(identity, answer.error)
    built = msgspec.json.decode(answer.result, type=BuildResult).objects
    return Unit(id=identity, state=UnitState.RENDERED, objects=rendered_objects(built, identity, ""))


def _unit(identity: UnitId, answer: Answer) -> Unit:
    if answer.error is not None:
        return _failed(identity, answer.error)
    result = msgspec.json.decode(answer.result, type=ChartResult)
    objects = rendered_objects(result.objects, identity, f"chart:{result.chart.name}-{result.chart.version}")
    return Unit(id=identity, state=UnitState.RENDERED, objects=objects)


def _failed(identity: UnitId, error: EngineFailure) -> Unit:
    unknown = error.code == FailureCode.UNAVAILABLE
    return Unit(id=identity, state=UnitState.UNKNOWN if unknown else UnitState.FAILED, failure=failure_of(error))
