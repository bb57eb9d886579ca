"""What documents ask of the files of coding assistants: all are there, in both formats, and name only what exists."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.gitting import commit
from tests.scaffold.harness import run

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "kyrion"
ROLES = ("planner", "troubleshooter", "reviewer")
TASKS = ("deploy-app", "troubleshoot-flux", "manage-secrets", "generate-docs", "review-config")
FILES = {
    ".github/README-COPILOT.md",
    ".github/copilot-instructions.md",
    *(f".github/agents/{role}.agent.md" for role in ROLES),
    *(f".github/chatmodes/{role}.chatmode.md" for role in ROLES),
    *(f".github/prompts/{task}.prompt.md" for task in TASKS),
    *(f".agents/skills/{task}/SKILL.md" for task in TASKS),
}


@pytest.fixture
def synced(repository: Path) -> Path:
    """The example with the files of assistants."""
    shutil.copytree(EXAMPLE, repository, dirs_exist_ok=True)
    commit(repository)
    assert run(repository, "agents sync")[0] == 0
    return repository


def told(root: Path) -> tuple[int, list[tuple[str, str]]]:
    code, out, err = run(root, "agents lint -o json")
    assert err == ""
    return code, [(item["code"], item["file"]) for item in json.loads(out)["problems"]]


def test_the_files_of_assistants_are_written_and_judged(synced: Path) -> None:
    """1.29a: roles, prompts and instructions, in the current formats and the older ones; none has a problem."""
    there = {path.relative_to(synced).as_posix() for path in synced.rglob("*.md")}
    assert there >= FILES
    assert [path for path in there if path.endswith(".instructions.md")]
    assert told(synced) == (0, [])
    listed = (synced / ".github/README-COPILOT.md").read_text(encoding="utf-8")
    assert all(name in listed for name in (*ROLES, *TASKS))
    gone = synced / ".github/prompts/deploy-app.prompt.md"
    gone.unlink()
    assert run(synced, "agents sync --check")[0] == 1


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Run `elysium deploy NAME`.", "command-unknown"),
        ("Run `elysium check --quickly`.", "option-unknown"),
        ("Look at `apps/base/gone.yaml`.", "path-dead"),
        ("Use #tool:levitate.", "tool-unknown"),
    ],
)
def test_a_task_that_names_what_does_not_exist_fails(task: str, words: str, code: str, synced: Path) -> None:
    """1.29b: commands, options, paths and tools of each of the five."""
    path = f".github/prompts/{task}.prompt.md"
    with (synced / path).open("a", encoding="utf-8") as file:
        file.write(f"\n{words}\n")
    assert told(synced) == (1, [(code, path)])
