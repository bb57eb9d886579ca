"""The chart of a preview, rendered under the name and in the namespace that the deploy workflow gives it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from elysium.api import alone, versioning
from elysium.api.workspace import Workspace
from elysium.engine import Answer, FailureCode
from elysium.errors import RepositoryError
from elysium.model import Unit, UnitId, UnitKind, UnitState
from elysium.previews import Platform, namespace_of
from elysium.render.answers import ChartResult, failure_of, rendered_objects
from elysium.render.options import PINNED_TIME

__all__ = ["render_preview_chart"]

_TREE = "preview-chart"


def render_preview_chart(
    workspace: Workspace, platform: Platform, number: int, values: dict[str, Any], settings: Sequence[str] = ()
) -> Unit:
    """The chart as one unit with values and `--set` texts; nothing is redacted yet.

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


def _unit(identity: UnitId, answer: Answer) -> Unit:
    if answer.error is not None:
        unknown = answer.error.code == FailureCode.UNAVAILABLE
        state = UnitState.UNKNOWN if unknown else UnitState.FAILED
        return Unit(id=identity, state=state, failure=failure_of(answer.error))
    result = msgspec.json.decode(answer.result, type=ChartResult)
    objects = rendered_objects(result.objects, identity, f"chart:{result.chart.name}-{result.chart.version}")
    return Unit(id=identity, state=UnitState.RENDERED, objects=objects)
