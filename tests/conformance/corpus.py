"""The cases of the corpus, and one of them rendered by Elysium."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from elysium.api import Options, Workspace
from elysium.model import Render, Unit
from elysium.settings import FLUX_VERSIONS

from .artifacts import keep_artifact

__all__ = ["CASES", "Case", "cases", "expectation", "render"]

CASES = Path(__file__).parent / "cases"


class Case(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What `case.json` says; README.md explains the fields."""

    title: str
    row: str
    decided_by: str
    derived: str = "oracle"
    flux: tuple[str, ...] = FLUX_VERSIONS
    order: bool = False
    upgrade: bool = True
    plain: str = ""
    apis: tuple[str, ...] = ()
    age_key: str = msgspec.field(default="", name="age_key")
    compare_root: bool = msgspec.field(default=False, name="compare_root")
    sources: dict[str, dict[str, Any]] = {}
    charts: dict[str, str] = {}
    says: dict[str, str] = {}
    states: dict[str, tuple[str, ...]] = {}
    external: tuple[str, ...] = ()
    note: str = ""
    inputs: dict[str, str] = {}
    gates: dict[str, bool] = {}


def cases() -> Iterator[tuple[str, Case]]:
    """Every case with the name of its folder."""
    for folder in sorted(CASES.iterdir()):
        yield folder.name, msgspec.json.decode((folder / "case.json").read_bytes(), type=Case)


def expectation(name: str, flux: str) -> dict[str, dict[str, Any]]:
    """What Flux of that version makes of the case: unit name → state, objects, message."""
    own = CASES / name / f"expected-{flux}.json"
    path = own if own.is_file() else CASES / name / "expected.json"
    units: dict[str, dict[str, Any]] = json.loads(path.read_text())["units"]
    return units


def render(name: str, case: Case, flux: str, work: Path, cache: Path) -> dict[str, Unit]:
    """The units that Elysium makes of the case: unit name → unit, with the plaintext of secrets."""
    folder = work
    shutil.copytree(CASES / name, folder, symlinks=True)
    _settings(case, folder / "repository")
    for identity, source in case.sources.items():
        if "spec" in source:
            keep_artifact(cache, identity, source["spec"], folder / source["path"], source["revision"])
    options = Options(
        flux=flux,
        sources=tuple(_sources(case, folder)),
        cache_dir=cache,
        workers=1,
        age_keys=tuple((folder / case.age_key).read_text().split()) if case.age_key else (),
    )
    with Workspace(folder / "repository", options=options) as workspace:
        if case.plain:
            found = workspace.render_kustomize(str(folder / "repository" / case.plain))
            return {"plain": found.units[0]}
        return _by_name(workspace._run.render, case)


def _by_name(found: Render, case: Case) -> dict[str, Unit]:
    root = "ks/flux-system/flux-system"
    return {str(unit.id): unit for unit in found.units if case.compare_root or str(unit.id) != root}


def _settings(case: Case, repository: Path) -> None:
    lines = [f"upgrade = {str(case.upgrade).lower()}"]
    if case.external:
        lines.append(f"external = {json.dumps(case.external)}")
    if case.inputs:
        lines += ["[inputs]", *(f"{json.dumps(key)} = {json.dumps(path)}" for key, path in case.inputs.items())]
    if case.gates:
        lines += ["[gates]", *(f"{name} = {str(on).lower()}" for name, on in case.gates.items())]
    (repository / "elysium.toml").write_text("\n".join(lines) + "\n")


def _sources(case: Case, folder: Path) -> Iterator[str]:
    for name, source in case.sources.items():
        if "tree" not in source and "spec" not in source:
            yield f"{name}={folder / source['path']}"
    for path in case.charts.values():
        yield f"chart-repo=https://charts.example.com={folder / path}"
