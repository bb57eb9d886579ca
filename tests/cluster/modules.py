"""A small Go module in place of the control plane's, which takes minutes to build."""

from __future__ import annotations

import json
from pathlib import Path

from elysium.cluster import programs

MAIN = 'package main\n\nvar version = "none"\n\nfunc main() { println(version) }\n'
SETTINGS = {
    "package": ".",
    "environment": {"CGO_ENABLED": "0"},
    "flags": ["-trimpath"],
    "ldflags": ["-s", "-X main.version=7"],
}


def make(folder: Path, *packages: str) -> Path:
    """A module with these main packages."""
    folder.mkdir()
    (folder / "go.mod").write_text("module example.org/small\n\ngo 1.26.0\n")
    (folder / "build.json").write_text(json.dumps(SETTINGS))
    for package in packages:
        (folder / package).mkdir(parents=True, exist_ok=True)
        change(folder, package, MAIN)
    return folder


def change(module: Path, package: str, text: str) -> None:
    """Give a package another main file."""
    (module / package / "main.go").write_text(text)
    programs.fingerprint.cache_clear()
