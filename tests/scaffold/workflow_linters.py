"""What others say of workflows: actionlint (with shellcheck for the scripts inside) and zizmor, without the network."""

from __future__ import annotations

from pathlib import Path

from tests import programs

__all__ = ["complaints"]

SETTINGS = ".github/actionlint.yaml"


def complaints(root: Path) -> str:
    """Everything that the linters say of a repository's workflows and scripts; nothing when they are right."""
    workflows = sorted(map(str, (root / ".github/workflows").glob("*.yml")))
    settings = ["-config-file", SETTINGS] if (root / SETTINGS).is_file() else []
    shellcheck = programs.program("shellcheck")
    said = _said(root, programs.actionlint(), "-no-color", "-shellcheck", shellcheck, *settings, *workflows)
    said += _said(root, "zizmor", "--offline", "--no-progress", "--quiet", "--color=never", ".github")
    if scripts := sorted(map(str, root.glob("scripts/**/*.sh"))):
        said += _said(root, "shellcheck", *scripts)
    return said


def _said(root: Path, name: str | Path, *arguments: str) -> str:
    ended = programs.run(root, name, *arguments)
    return "" if ended.returncode == 0 else f"{name}: {ended.returncode}\n{ended.stdout}{ended.stderr}"
