#!/usr/bin/env python3
"""Compile constraints/*.txt from pyproject.toml. Needs `uv` on PATH."""

from __future__ import annotations

import subprocess
import sys

import build_engine

CONSTRAINTS = build_engine.ROOT / "constraints"
OPTIONS = ("--universal", "--python-version", "3.11", "--no-header", "--no-annotate", "--no-emit-index-url", "--quiet")


def main() -> int:
    """Compile the four files, the smallest first, so that the larger ones agree with it."""
    project = str(build_engine.ROOT / "pyproject.toml")
    runtime = str(CONSTRAINTS / "runtime.txt")
    _compile([project], "runtime.txt")
    _compile([project, "--group", f"{project}:dev", "--constraint", runtime], "development.txt")
    _compile(["-"], "build.txt", "hatchling\neditables\n")
    _compile(["-"], "go.txt", f"{build_engine.GO_PACKAGE}\n")
    return 0


def _compile(sources: list[str], name: str, given: str = "") -> None:
    command = ["uv", "pip", "compile", *OPTIONS, *sources, "--output-file", str(CONSTRAINTS / name)]
    subprocess.run(command, input=given, text=True, check=True, cwd=build_engine.ROOT, stdout=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
