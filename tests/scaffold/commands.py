"""Command lines of `elysium` against repositories that it wrote, with stand-ins for the charts of others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.scaffold.harness import run, sources

MAPPED = " ".join(f"--source {item}" for item in sources())


def new(root: Path, *commands: str) -> None:
    """`elysium new …`, each of which succeeds."""
    for command in commands:
        code, out, err = run(root, f"new {command} --yes")
        assert code == 0, f"elysium new {command}\n{out}\n{err}"


def check(root: Path, arguments: str = "") -> tuple[int, str]:
    """`elysium check …` with the stand-ins of the charts: exit code and what it prints."""
    code, out, err = run(root, f"check {arguments} {MAPPED}")
    assert not err, err
    return code, out


def found(root: Path, arguments: str = "--profile strict") -> set[tuple[str, str]]:
    """What it finds: rules and files."""
    _, out = check(root, f"{arguments} -o json")
    return {(item["rule"], item["file"]) for item in json.loads(out)["findings"]}


def edit(root: Path, file: str, change: Callable[[str], str]) -> None:
    """Change a file; it has to be changed by that."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert change(text) != text, f"{file} has nothing to change"
    path.write_text(change(text), encoding="utf-8")


def without(part: str) -> Callable[[str], str]:
    """Every line with this part is gone."""
    return lambda text: "".join(line for line in text.splitlines(keepends=True) if part not in line)


def replaced(old: str, new_text: str) -> Callable[[str], str]:
    """The first of these texts is another one."""
    return lambda text: text.replace(old, new_text, 1)


def planned(root: Path, command: str) -> dict[str, str]:
    """What a command would do to which file."""
    code, out, err = run(root, f"new {command} --dry-run -o json")
    assert code == 0, err
    return {item["path"]: item["action"] for item in json.loads(out)["files"]}
