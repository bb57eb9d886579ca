"""Files of coding assistants that somebody else wrote: judged in bounded time; nothing is run or followed."""

from __future__ import annotations

import os
import re

import pytest

from tests.hostile.sandbox import Sandbox
from tests.plans.checks.asking import write

_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NAMES = (".github/chatmodes/planner.chatmode.md", "AGENTS.md", ".github/skills/a/SKILL.md")
_TEXTS = {
    "open front matter": "---\r\n" + "a: b\r\n" * 5_000,
    "deep front matter": "---\na: " + "[" * 20_000 + "\n---\n# A\n",
    "aliases": "---\na: &a [1]\n"
    + "".join(f"b{number}: &b{number} [*{'a' if not number else f'b{number - 1}'}, *a]\n" for number in range(200))
    + "---\n# A\n",
    "tag": "---\ndescription: !!python/object/apply:os.system [touch ran]\n---\n# A\n",
    "control": "---\ndescription: '\x1b[31m\u202e'\n---\n# \x1b]0;t\x07 A\n[x](\u202egone.md)\n",
    "links": "# A\n" + "[a](b.md) " * 20_000,
    "brackets": "# A\n" + "[](" * 50_000,
    "fences": "# A\n" + "```sh\n" * 10_000,
    "commands": "# A\n```sh\n" + "elysium check && touch ran\n" * 5_000 + "```\n",
    "references": "# A\n" + "#file:../../../../etc/passwd @../../etc/passwd\n" * 2_000,
    "nul": "# A\0\n",
}


@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
def test_whatever_stands_in_a_file_is_judged(sandbox: Sandbox, text: str) -> None:
    write(sandbox.repository, dict.fromkeys(_NAMES, text))
    told = sandbox.run("agents", "lint", within=30)
    assert told.code in (0, 1, 2)
    assert _STEERS.findall(told.said) == []
    assert sorted(path.name for path in sandbox.repository.iterdir()) == [".github", "AGENTS.md"]


def test_links_and_pipes_are_not_followed(sandbox: Sandbox) -> None:
    outside = sandbox.directory / "home" / "secret.md"
    outside.write_text("---\ndescription: hunter2222\ntools: [hunter3333]\n---\n# A\n", encoding="utf-8")
    folder = sandbox.repository / ".github" / "prompts"
    folder.mkdir(parents=True)
    (folder / "a.prompt.md").symlink_to(outside)
    os.mkfifo(folder / "b.prompt.md")
    (sandbox.repository / "AGENTS.md").symlink_to(outside)
    told = sandbox.run("agents", "lint", within=20)
    assert "hunter" not in told.said


def test_sync_writes_through_no_link(sandbox: Sandbox) -> None:
    outside = sandbox.directory / "home" / "mine"
    outside.mkdir()
    (outside / "AGENTS.md").write_text("mine\n", encoding="utf-8")
    (sandbox.repository / ".github").symlink_to(outside)
    (sandbox.repository / "AGENTS.md").symlink_to(outside / "AGENTS.md")
    sandbox.writes = True
    told = sandbox.run("agents", "sync")
    assert told.code in (0, 1, 2)
    assert (outside / "AGENTS.md").read_text(encoding="utf-8") == "mine\n"
    assert [path.name for path in outside.iterdir()] == ["AGENTS.md"]
