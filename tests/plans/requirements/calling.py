"""`elysium` as a person calls it, in one place: what it prints, and that it ends as it should."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path
from typing import Any

from tests.gitting import commit, git
from tests.plans.deploying.samples import repository
from tests.scaffold.harness import run, sources

__all__ = ["MAPPED", "PLAN", "WHY", "copied", "elysium", "results", "told", "with_plan", "write"]

MAPPED = " ".join(shlex.quote(f"--source={source}") for source in sources())
WHY = '--why "The household asked for it." --purpose "What the household needs" --owner alice --due 2027-01-31'
PLAN = "plans/plan.md"


def elysium(root: Path, line: str, code: int = 0) -> str:
    """What a call prints; it has to end with a code."""
    ended, out, err = run(root, line)
    assert ended == code, f"elysium {line}: {ended}\n{out}\n{err}"
    return out


def told(root: Path, line: str, code: int = 0) -> dict[str, Any]:
    """The same, as a program reads it."""
    found: dict[str, Any] = json.loads(elysium(root, f"{line} -o json", code))
    return found


def results(found: dict[str, Any]) -> dict[str, str]:
    """The result of each item that a report has."""
    return {item["id"]: item["result"] for item in found["items"]}


def write(root: Path, path: str, text: str) -> None:
    """One file, in folders that are made for it."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def copied(root: Path, place: Path) -> Path:
    """A copy of a repository, to change."""
    return Path(shutil.copytree(root, place / root.name))


def with_plan(place: Path, line: str) -> Path:
    """The example repository with a plan that `elysium plan new` wrote and somebody committed."""
    root = repository(place)
    git(root, "config", "user.name", "Test")
    git(root, "config", "user.email", "test@example.org")
    elysium(root, f"plan new {line} -o {PLAN} --yes {MAPPED}")
    commit(root, "Plan it")
    return root
