"""What others say of workflows: actionlint (with shellcheck for the scripts inside) and zizmor, without the network."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import build_engine
from elysium.kit.files import locked

__all__ = ["complaints"]

MODULE = Path(__file__).parent / "actionlint"
PACKAGE = "github.com/rhysd/actionlint"
SETTINGS = ".github/actionlint.yaml"
PROGRAMS = Path(sys.executable).parent


def complaints(root: Path) -> str:
    """Everything that the linters say of a repository's workflows and scripts; nothing when they are right."""
    workflows = sorted(map(str, (root / ".github/workflows").glob("*.yml")))
    settings = ["-config-file", SETTINGS] if (root / SETTINGS).is_file() else []
    said = _said(
        root, str(_actionlint()), "-no-color", "-shellcheck", str(PROGRAMS / "shellcheck"), *settings, *workflows
    )
    said += _said(root, str(PROGRAMS / "zizmor"), "--offline", "--no-progress", "--quiet", "--color=never", ".github")
    if scripts := sorted(map(str, root.glob("scripts/**/*.sh"))):
        said += _said(root, str(PROGRAMS / "shellcheck"), *scripts)
    return said


def _said(root: Path, *command: str) -> str:
    ended = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    return "" if ended.returncode == 0 else f"{command[0]}: {ended.returncode}\n{ended.stdout}{ended.stderr}"


def _actionlint() -> Path:
    """The real one: a file named for its version, so that another version is built again."""
    version = re.search(rf"{re.escape(PACKAGE)} v(\S+)", (MODULE / "go.mod").read_text(encoding="utf-8"))
    assert version is not None
    target = build_engine.ROOT / "build" / f"actionlint-{version[1]}"
    target.parent.mkdir(exist_ok=True)
    with locked(Path(f"{target}.lock")):
        if not target.is_file():
            go = build_engine.find_go()
            assert go is not None, "needs Go, as the engine does"
            command = [
                go,
                "build",
                "-trimpath",
                "-ldflags",
                "-s -w",
                "-o",
                f"{target}.new",
                f"{PACKAGE}/cmd/actionlint",
            ]
            subprocess.run(command, cwd=MODULE, env=build_engine.go_environment(host=True), check=True)
            Path(f"{target}.new").replace(target)
    return target
