"""The wheel holds everything: installed somewhere else, it runs without Go and without this checkout."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(900)
def test_the_wheel_is_complete_and_runs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("elysium-*-py3-none-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        check_content(archive)
        archive.extractall(tmp_path / "installed")
    check_run(tmp_path / "installed")


def check_content(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    [engine] = [name for name in names if name.startswith("elysium/engine/bin/elysium-engine")]
    assert wheel.getinfo(engine).external_attr >> 16 & 0o111
    check_control_plane(wheel)
    [materials] = [name for name in names if name.endswith("/sboms/elysium-engine.cdx.json")]
    modules = {component["name"] for component in json.loads(wheel.read(materials))["components"]}
    assert {"github.com/fluxcd/pkg/kustomize", "helm.sh/helm/v4", "sigs.k8s.io/kustomize/api"} <= modules
    licences = wheel.read("elysium/engine/bin/LICENSES.txt").decode()
    assert [module for module in modules if f"==== {module} " not in licences] == []
    assert not re.search(r"^\s*GNU AFFERO GENERAL PUBLIC LICENSE\s*$", licences, re.MULTILINE)


def check_control_plane(wheel: zipfile.ZipFile) -> None:
    folder = "elysium/cluster/controlplane/"
    names = {name.removeprefix(folder) for name in wheel.namelist() if name.startswith(folder)}
    assert {"go.mod", "go.sum", "build.json", "main.go", "cmd/replay/main.go"} <= names
    assert [name for name in names if name.endswith("_test.go")] == []
    [entry_points] = [name for name in wheel.namelist() if name.endswith(".dist-info/entry_points.txt")]
    assert "[pytest11]\nelysium = elysium.testing.plugin" in wheel.read(entry_points).decode()


def check_run(installed: Path) -> None:
    engine = next((installed / "elysium" / "engine" / "bin").glob("elysium-engine*"))
    engine.chmod(0o755)  # what pip does, and zipfile does not
    environment = {**os.environ, "PYTHONPATH": str(installed), "PATH": ""}
    environment.pop("ELYSIUM_ENGINE", None)
    command = [sys.executable, "-m", "elysium", "version"]
    shown = subprocess.run(command, env=environment, cwd=installed, capture_output=True, text=True, check=True).stdout
    assert shown.startswith("elysium ")
