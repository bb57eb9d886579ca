"""A check of a part: a unit, a directory."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from elysium.api import Options, Report, Workspace
from elysium.errors import UsageError
from tests.repositories import CLUSTER, config_map, kustomization, write_repository


@pytest.fixture
def broken(repository: Path) -> Path:
    """Two units, each with a variable that nothing defines."""
    substitute = "postBuild: {substitute: {KNOWN: a}}"
    files = {f"clusters/test/{name}.yaml": kustomization(name, f"./{name}", substitute) for name in ("one", "two")}
    files |= {f"{name}/map.yaml": config_map(name, "default", "{a: '${MISSING}'}") for name in ("one", "two")}
    return write_repository(repository, files)


def _check(path: Path, *units: str) -> Report:
    with Workspace(path, options=Options(units=units)) as workspace:
        return workspace.check()


def test_a_unit_alone_has_its_own_findings(broken: Path) -> None:
    assert {finding.file for finding in _check(broken).findings} == {"one/map.yaml", "two/map.yaml"}
    report = _check(broken, "ks/flux-system/two")
    assert [finding.file for finding in report.findings] == ["two/map.yaml"]
    assert [str(unit.id) for unit in report.units] == ["ks/flux-system/two"]
    assert report.summary.findings["error"] == 1


def test_an_unknown_unit_is_refused(broken: Path) -> None:
    with pytest.raises(UsageError, match="no unit is named ks/flux-system/three"):
        _check(broken, "ks/flux-system/three")


def test_a_directory_has_the_findings_below_it(broken: Path) -> None:
    subprocess.run(["git", "init", "-q", str(broken)], check=True)
    assert [finding.file for finding in _check(broken / "two").findings] == ["two/map.yaml"]


def test_an_answer_of_another_day_does_not_count(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_repository(repository, {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps")})
    write_repository(repository, {"apps/a.yaml": config_map("a", "default", "{b: c}")})
    for day, known in ((date(2030, 1, 1), False), (date(2030, 1, 1), True), (date(2030, 1, 2), False)):
        monkeypatch.setattr("elysium.api.workspace.today", lambda day=day: day)
        with Workspace(repository, options=Options(workers=1)) as workspace:
            workspace.check()
            assert workspace.from_cache is known
