"""What the engine is made of: a bill of materials (CycloneDX) and the licence texts of its Go modules.

These are the modules that are linked, and those whose definitions of custom kinds are carried as data.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import build_engine

LICENCE_NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE")


@dataclass(frozen=True, kw_only=True)
class Bill:
    """The two files that were written."""

    materials: Path
    licences: Path


@dataclass(frozen=True, kw_only=True, order=True)
class Module:
    """A Go module that is part of the engine, and where its sources lie."""

    path: str
    version: str
    directory: Path


def write(folder: Path) -> Bill:
    """Write both files into `folder`."""
    modules = sorted({*linked_modules(), *carried_modules()})
    bill = Bill(materials=folder / "elysium-engine.cdx.json", licences=folder / "LICENSES.txt")
    bill.materials.write_text(json.dumps(_materials(modules), indent=1) + "\n", encoding="utf-8")
    bill.licences.write_text("\n".join(_licences(module) for module in modules), encoding="utf-8")
    return bill


def linked_modules() -> list[Module]:
    """The modules of the packages that the engine really links, not of all that go.mod names."""
    template = "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}"
    return _modules("list", "-deps", "-f", template, ".")


def carried_modules() -> list[Module]:
    """The modules whose definitions stand in the catalogue of custom kinds."""
    return _modules("run", "./cmd/catalogue", "-modules")


def _modules(*arguments: str) -> list[Module]:
    go = build_engine.find_go()
    if go is None:
        raise build_engine.BuildError("Go is needed to list the engine's modules")
    listed = subprocess.run(
        [go, *arguments],
        cwd=build_engine.ENGINE,
        env=build_engine.go_environment(host=arguments[0] == "run"),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = {tuple(line.split("\t")) for line in listed.splitlines() if line}
    return sorted(Module(path=path, version=version, directory=Path(directory)) for path, version, directory in rows)


def _materials(modules: list[Module]) -> dict[str, object]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "elysium-engine", "version": build_engine.version()}},
        "components": [
            {
                "type": "library",
                "name": module.path,
                "version": module.version,
                "purl": f"pkg:golang/{module.path}@{module.version}",
            }
            for module in modules
        ],
    }


def _licences(module: Module) -> str:
    texts = [
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(module.directory.iterdir())
        if path.is_file() and path.name.upper().startswith(LICENCE_NAMES)
    ]
    return f"==== {module.path} {module.version}\n\n" + "\n".join(texts)
