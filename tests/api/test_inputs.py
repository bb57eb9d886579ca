"""Inputs of dynamic providers from a committed file."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Workspace
from elysium.errors import SettingsError
from elysium.model import Unit, UnitState
from tests.repositories import write_repository

_SET = """
    apiVersion: fluxcd.controlplane.io/v1
    kind: ResourceSetInputProvider
    metadata: {name: tags, namespace: flux-system}
    spec: {type: OCIArtifactTag, url: "oci://registry.example.org/app", defaultValues: {repository: app}}
    ---
    apiVersion: fluxcd.controlplane.io/v1
    kind: ResourceSet
    metadata: {name: apps, namespace: flux-system}
    spec:
      inputsFrom: [{name: tags}]
      resources:
        - apiVersion: v1
          kind: ConfigMap
          metadata: {name: "app-<< inputs.tag >>", namespace: default}
          data: {image: "<< inputs.repository >>:<< inputs.tag >>"}
    """
_SOURCE = """
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata: {name: flux-system, namespace: flux-system}
    spec: {interval: 1h, url: "https://git.example.org/fleet.git"}
    """


def _unit(root: Path) -> tuple[Unit, int]:
    with Workspace(root) as workspace:
        units = workspace.render().units
        return next(unit for unit in units if unit.id.name == "apps"), workspace.pool.calls


def test_inputs_are_unknown_until_a_file_gives_them(repository: Path) -> None:
    write_repository(repository, {"clusters/test/set.yaml": _SET, "clusters/test/source.yaml": _SOURCE})
    unit, _ = _unit(repository)
    assert unit.state is UnitState.UNKNOWN
    assert unit.failure is not None
    assert "elysium.toml" in unit.failure.hint
    write_repository(
        repository,
        {"elysium.toml": '[inputs]\n"flux-system/tags" = "tags.yaml"\n', "tags.yaml": '- tag: "1"\n- tag: "2"\n'},
    )
    unit, _ = _unit(repository)
    assert [item.body()["data"]["image"] for item in unit.objects] == ["app:1", "app:2"]


def test_a_warm_run_reads_no_yaml_and_a_changed_file_counts(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/test/set.yaml": _SET,
            "clusters/test/source.yaml": _SOURCE,
            "elysium.toml": '[inputs]\n"flux-system/tags" = "tags.yaml"\n',
            "tags.yaml": '- tag: "1"\n',
        },
    )
    assert len(_unit(repository)[0].objects) == 1
    assert _unit(repository)[1] == 0
    write_repository(repository, {"tags.yaml": '- tag: "1"\n- tag: "2"\n'})
    assert len(_unit(repository)[0].objects) == 2


@pytest.mark.parametrize(("path", "text"), [("gone.yaml", ""), ("../out.yaml", ""), ("tags.yaml", "- just text\n")])
def test_a_file_that_gives_none_is_refused(repository: Path, path: str, text: str) -> None:
    files = {"clusters/test/set.yaml": _SET, "clusters/test/source.yaml": _SOURCE}
    write_repository(repository, {**files, "elysium.toml": f'[inputs]\n"flux-system/tags" = "{path}"\n'})
    if text:
        write_repository(repository, {path: text})
    with pytest.raises(SettingsError, match=r"`inputs` of flux-system/tags"):
        _unit(repository)
