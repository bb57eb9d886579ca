"""ExternalArtifacts made by an ArtifactGenerator of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Workspace
from elysium.model import Unit, UnitState
from tests.repositories import config_map, kustomization, write_repository

_GENERATOR = """
    apiVersion: source.extensions.fluxcd.io/v1beta1
    kind: ArtifactGenerator
    metadata: {name: parts, namespace: flux-system}
    spec:
      sources: [{alias: repo, kind: GitRepository, name: SOURCE}]
      artifacts:
        - name: part
          copy: [{from: "@repo/parts/one/**", to: "@artifact/"}]
    """
_UNIT = """
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: {name: NAME, namespace: flux-system}
    spec: {interval: 1h, path: ./, prune: true, sourceRef: {kind: ExternalArtifact, name: part}}
    """


def _unit(root: Path, name: str) -> Unit:
    with Workspace(root) as workspace:
        return next(unit for unit in workspace.render().units if unit.id.name == name)


@pytest.mark.parametrize("name", ["aaa", "zzz"])
def test_a_unit_builds_from_a_generated_artifact_whatever_comes_first(repository: Path, name: str) -> None:
    write_repository(
        repository,
        {
            f"clusters/test/{name}.yaml": _UNIT.replace("NAME", name),
            "clusters/test/more.yaml": kustomization("more", "./generators"),
            "generators/parts.yaml": _GENERATOR.replace("SOURCE", "flux-system"),
            "parts/one/map.yaml": config_map("one", "default", "{a: b}"),
            "parts/two/map.yaml": config_map("two", "default", "{a: b}"),
        },
    )
    unit = _unit(repository, name)
    assert unit.state is UnitState.RENDERED
    assert [str(item) for item in unit.objects] == ["ConfigMap/default/one"]
    assert any("ExternalArtifact" in item.message for item in unit.assumptions)


def test_without_its_source_or_its_generator_it_is_unknown(repository: Path) -> None:
    write_repository(repository, {"clusters/test/aaa.yaml": _UNIT.replace("NAME", "aaa")})
    assert _unit(repository, "aaa").state is UnitState.UNKNOWN
    source = """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata: {name: far, namespace: flux-system}
        spec: {interval: 1h, url: "https://git.example.org/far.git", ref: {tag: v1}}
        """
    write_repository(
        repository,
        {"clusters/test/parts.yaml": _GENERATOR.replace("SOURCE", "far"), "clusters/test/far.yaml": source},
    )
    unit = _unit(repository, "aaa")
    assert unit.state is UnitState.UNKNOWN
    assert "far.git" in unit.reason
