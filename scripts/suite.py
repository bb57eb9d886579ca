"""The project's tests and checks, part by part, with a summary at the end."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import build_engine
import environment


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the suite: a program, its arguments, and the folder it runs in.

    With `output_fails`, a program that lists what is wrong and exits with 0 all the same. `preparation` is a script
    that has to succeed before.
    """

    program: str
    arguments: tuple[str, ...]
    folder: Path = build_engine.ROOT
    output_fails: bool = False
    preparation: str = ""


CONTROL_PLANE = build_engine.ROOT / "controlplane"
TRIMMED = "-trimpath"  # as the control plane is built: with other flags, all of Kubernetes would be compiled again

# Fast parts first: what fails, fails early.
PARTS = {
    "lint": Part(program="ruff", arguments=("check", ".")),
    "types": Part(program="mypy", arguments=()),
    "imports": Part(program="lint-imports", arguments=("--no-logo",)),
    "format": Part(program="gofmt", arguments=("-l", "engine", "controlplane"), output_fails=True),
    "vet": Part(program="go", arguments=("vet", "./..."), folder=build_engine.ENGINE),
    "engine": Part(program="go", arguments=("test", "./..."), folder=build_engine.ENGINE),
    "control-vet": Part(program="go", arguments=("vet", TRIMMED, "./..."), folder=CONTROL_PLANE),
    "controlplane": Part(program="go", arguments=("test", TRIMMED, "./..."), folder=CONTROL_PLANE),
    "python": Part(program="pytest", arguments=("-n", "auto", "-q"), preparation="build_controlplane.py"),
}


def run(names: list[str]) -> int:
    """Run the parts that are named, each to its end; 1 when one of them failed."""
    outcomes: list[tuple[str, bool, float]] = []
    for name in names:
        print(f"\n── {name} {'─' * (68 - len(name))}", flush=True)
        started = time.monotonic()
        passed = _passes(PARTS[name])
        outcomes.append((name, passed, time.monotonic() - started))
    print(f"\n── summary {'─' * 61}")
    for name, passed, seconds in outcomes:
        print(f"{'passed' if passed else 'FAILED'}  {name:<12} {seconds:6.1f} s")
    return 0 if all(passed for _, passed, _ in outcomes) else 1


def _passes(part: Part) -> bool:
    if part.preparation:
        script = build_engine.ROOT / "scripts" / part.preparation
        if subprocess.run([str(environment.PYTHON), str(script)], env=_environment(), check=False).returncode != 0:
            return False
    command = [_locate(part.program), *part.arguments]
    captured = subprocess.PIPE if part.output_fails else None
    finished = subprocess.run(command, cwd=part.folder, env=_environment(), stdout=captured, text=True, check=False)
    if finished.stdout:
        print(finished.stdout, end="")
    return finished.returncode == 0 and not finished.stdout


def _locate(program: str) -> str:
    if not program.startswith("go"):
        return str(environment.BINARIES / program)
    return str(Path(environment.find_go()).with_name(program))


def _environment() -> dict[str, str]:
    search = f"{environment.BINARIES}{os.pathsep}{os.environ.get('PATH', '')}"
    return build_engine.go_environment() | {"PATH": search}
