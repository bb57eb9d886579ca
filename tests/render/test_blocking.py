"""Units that render but that Flux would never apply."""

from __future__ import annotations

from pathlib import Path

from elysium.api import Workspace
from elysium.model import Render, Unit, UnitState
from tests.repositories import config_map, kustomization, write_repository


def _render(root: Path) -> Render:
    with Workspace(root) as workspace:
        return workspace.render()


def _unit(render: Render, name: str) -> Unit:
    return next(unit for unit in render.units if str(unit.id) == f"ks/flux-system/{name}")


def _repository(root: Path, *, base: str, apps: str) -> Path:
    return write_repository(
        root,
        {
            "clusters/test/base.yaml": base,
            "clusters/test/apps.yaml": apps,
            "clusters/test/last.yaml": kustomization("last", "./apps", "dependsOn: [{name: apps}]"),
            "apps/map.yaml": config_map("m", "default", "{a: b}"),
        },
    )


def test_everything_behind_a_failed_unit_is_blocked_by_it(repository: Path) -> None:
    _repository(
        repository,
        base=kustomization("base", "./nowhere"),
        apps=kustomization("apps", "./apps", "dependsOn: [{name: base}]"),
    )
    render = _render(repository)
    assert _unit(render, "base").state is UnitState.FAILED
    for name in ("apps", "last"):
        assert _unit(render, name).state is UnitState.RENDERED
        assert _unit(render, name).blocked_by == _unit(render, "base").id


def test_a_missing_dependency_and_a_cycle_block(repository: Path) -> None:
    _repository(
        repository,
        base=kustomization("base", "./apps", "dependsOn: [{name: gone}]"),
        apps=kustomization("apps", "./apps", "dependsOn: [{name: last}]"),
    )
    render = _render(repository)
    assert str(_unit(render, "base").blocked_by) == "ks/flux-system/gone"
    assert str(_unit(render, "apps").blocked_by) == "ks/flux-system/apps"
    assert str(_unit(render, "last").blocked_by) == "ks/flux-system/apps"


def test_a_ready_expression_is_judged(repository: Path) -> None:
    expression = "dep.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')"
    _repository(
        repository,
        base=kustomization("base", "./apps"),
        apps=kustomization("apps", "./apps", f'dependsOn: [{{name: base, readyExpr: "{expression}"}}]'),
    )
    unit = _unit(_render(repository), "apps")
    assert unit.blocked_by is None
    assert [item.code for item in unit.assumptions] == ["ready-expression"]


def test_an_invalid_ready_expression_fails_for_good(repository: Path) -> None:
    _repository(
        repository,
        base=kustomization("base", "./apps"),
        apps=kustomization("apps", "./apps", 'dependsOn: [{name: base, readyExpr: "dep.status ==="}]'),
    )
    render = _render(repository)
    assert _unit(render, "apps").state is UnitState.FAILED
    assert str(_unit(render, "last").blocked_by) == "ks/flux-system/apps"
