"""The controllers as oracles: their released sources, with a small program of ours beside them, built and asked.

A controller's rendering lives in `internal` packages. So the program that asks it is put *into* a copy of its source
tree and built there, with exactly the library versions that the controller was released with.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["RELEASES", "Checkout", "Controller", "build"]

HERE = Path(__file__).parent

RELEASES: Mapping[str, Mapping[str, str]] = {
    "2.8": {"kustomize-controller": "v1.8.5", "helm-controller": "v1.5.5", "source-controller": "v1.9.4"},
    "2.9": {"kustomize-controller": "v1.9.4", "helm-controller": "v1.6.4", "source-controller": "v1.9.4"},
}

PLACES = {
    "kustomize-controller": {
        "build.go": "internal/controller/oracle.go",
        "main.go": "oracle/main.go",
        "tree.go": "oracle/tree.go",
    },
    "helm-controller": {
        "action.go": "internal/action/oracle.go",
        "controller.go": "internal/controller/oracle.go",
        "main.go": "oracle/main.go",
    },
    "source-controller": {"main.go": "oracle/main.go"},
}
"""Where each file of ours goes in the source tree of its controller."""


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """Where sources come from, and Go modules to be taken from a directory instead of the module proxy."""

    repositories: str = "https://github.com/fluxcd/{name}"
    replacements: tuple[str, ...] = ()


def build(name: str, flux: str, work: Path, checkout: Checkout) -> Path:
    """The program that asks the controller of a Flux version; built once per `work` directory."""
    version = RELEASES[flux][name]
    program = work / f"{name}-{version}"
    tree = work / "src" / f"{name}-{version}"
    if not tree.is_dir():
        address = checkout.repositories.format(name=name)
        subprocess.run(["git", "clone", "--quiet", "--depth", "1", "--branch", version, address, str(tree)], check=True)
        for replacement in checkout.replacements:
            subprocess.run(["go", "mod", "edit", f"-replace={replacement}"], cwd=tree, check=True)
    for source, target in PLACES[name].items():
        (tree / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / name / source, tree / target)
    environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod"}
    subprocess.run(["go", "build", "-o", str(program), "./oracle"], cwd=tree, env=environment, check=True)
    return program


class Controller:
    """A running oracle program: one request a line, one answer a line."""

    def __init__(self, program: Path) -> None:
        self._process = subprocess.Popen(
            [str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        """The answer to one request; `error` in it is the controller's own message."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the oracle program ended without an answer")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the program: its input ends."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
