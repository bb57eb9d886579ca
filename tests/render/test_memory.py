"""What an answer depends on is part of what it is remembered by."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.engine import identity, locate
from elysium.model import Render, Unit, UnitState
from tests.repositories import helm_release, kustomization, write_repository

_TEMPLATE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {0}}}\ndata: {{a: {1}}}\n"


def _render(root: Path, *sources: str) -> Render:
    with Workspace(root, options=Options(sources=sources)) as workspace:
        return workspace.render()


def _unit(render: Render, name: str) -> Unit:
    return next(unit for unit in render.units if str(unit.id) == name)


def _data(root: Path, unit: str, *sources: str) -> list[object]:
    found = _unit(_render(root, *sources), unit)
    assert found.state is UnitState.RENDERED, found.failure
    return [item.body().get("data") for item in found.objects]


def test_a_changed_local_dependency_of_a_chart_is_noticed(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/release.yaml": helm_release("web", "web", "./charts/web"),
            "charts/web/Chart.yaml": """
                apiVersion: v2
                name: web
                version: 1.0.0
                dependencies: [{name: common, version: 1.0.0, repository: "file://../common"}]
                """,
            "charts/common/Chart.yaml": "apiVersion: v2\nname: common\nversion: 1.0.0\n",
            "charts/common/templates/map.yaml": _TEMPLATE.format("common", "before"),
        },
    )
    assert _data(repository, "hr/web/web") == [{"a": "before"}]
    write_repository(repository, {"charts/common/templates/map.yaml": _TEMPLATE.format("common", "after")})
    assert _data(repository, "hr/web/web") == [{"a": "after"}]


def test_a_changed_values_file_at_an_absolute_path_is_noticed(repository: Path) -> None:
    chart = "      chart: ./charts/web"
    release = helm_release("web", "web", "./charts/web").replace(chart, f"{chart}\n      valuesFiles: [/own/v.yaml]")
    write_repository(
        repository,
        {
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/release.yaml": release,
            "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
            "charts/web/values.yaml": "a: none\n",
            "charts/web/templates/map.yaml": _TEMPLATE.format("web", "{{ .Values.a }}"),
            "own/v.yaml": "a: before\n",
        },
    )
    assert _data(repository, "hr/web/web") == [{"a": "before"}]
    write_repository(repository, {"own/v.yaml": "a: after\n"})
    assert _data(repository, "hr/web/web") == [{"a": "after"}]


def test_a_changed_remote_base_is_noticed(repository: Path, tmp_path: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/kustomization.yaml": "resources: ['https://example.org/bases.git//one?ref=v1']\n",
        },
    )
    bases = tmp_path / "bases"
    mapping = f"git-url=https://example.org/bases.git={bases}"
    write_repository(
        bases, {"one/kustomization.yaml": "resources: [map.yaml]\n", "one/map.yaml": _TEMPLATE.format("m", "before")}
    )
    assert _data(repository, "ks/flux-system/apps", mapping) == [{"a": "before"}]
    write_repository(bases, {"one/map.yaml": _TEMPLATE.format("m", "after")})
    assert _data(repository, "ks/flux-system/apps", mapping) == [{"a": "after"}]


def test_a_changed_archive_of_a_dependency_is_noticed(repository: Path, tmp_path: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/release.yaml": helm_release("web", "web", "./charts/web"),
            "charts/web/Chart.yaml": """
                apiVersion: v2
                name: web
                version: 1.0.0
                dependencies: [{name: common, version: 1.0.0, repository: "https://example.org/charts"}]
                """,
        },
    )
    mapping = f"chart-repo=https://example.org/charts={tmp_path / 'mapped'}"
    _pack(tmp_path, "before")
    assert _data(repository, "hr/web/web", mapping) == [{"a": "before"}]
    _pack(tmp_path, "after")
    assert _data(repository, "hr/web/web", mapping) == [{"a": "after"}]


def _pack(place: Path, word: str) -> None:
    files = {
        "common/Chart.yaml": "apiVersion: v2\nname: common\nversion: 1.0.0\n",
        "common/templates/map.yaml": _TEMPLATE.format("common", word),
    }
    write_repository(place, files)
    (place / "mapped").mkdir(exist_ok=True)
    command = ["tar", "-C", str(place), "-czf", str(place / "mapped" / "common-1.0.0.tgz"), "common"]
    subprocess.run(command, check=True)


_OWN = {
    "clusters/test/apps.yaml": kustomization("apps", "./apps").replace("name: flux-system}\n", "name: own}\n"),
    "clusters/test/source.yaml": """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata: {name: own, namespace: flux-system}
        spec: {url: 'https://example.org/own.git'}
        """,
    "apps/map.yaml": _TEMPLATE.format("m, namespace: default", "found"),
}


def _git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True)


def test_a_new_remote_of_the_checkout_is_noticed(repository: Path) -> None:
    _git(write_repository(repository, _OWN), "init", "-q")
    assert _unit(_render(repository), "ks/flux-system/apps").state is UnitState.UNKNOWN
    _git(repository, "remote", "add", "origin", "git@example.org:own.git")
    assert _data(repository, "ks/flux-system/apps") == [{"a": "found"}]


def test_a_revision_stands_for_the_remotes_too(repository: Path) -> None:
    write_repository(repository, _OWN)
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "one")):
        _git(repository, *command)
    _git(repository, "remote", "add", "origin", "git@example.org:own.git")
    with Workspace(repository, options=Options(revision="HEAD")) as workspace:
        assert _unit(workspace.render(), "ks/flux-system/apps").state is UnitState.RENDERED


def test_another_engine_reads_the_files_anew(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_repository(repository, {"clusters/test/apps.yaml": kustomization("apps", "./apps")})

    def calls() -> int:
        with Workspace(repository) as workspace:
            workspace.documents()
            return workspace.pool.calls

    first, second = calls(), calls()
    (tmp_path / "other-engine").symlink_to(locate())
    monkeypatch.setenv("ELYSIUM_ENGINE", str(tmp_path / "other-engine"))
    identity.cache_clear()
    third = calls()
    identity.cache_clear()
    assert second < first
    assert third == first
