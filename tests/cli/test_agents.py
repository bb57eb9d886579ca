"""`elysium agents` as it is run: on the example repository, on what `elysium init` wrote, and on hostile files."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from elysium.cli.command_tree import command_tree
from tests.gitting import commit, git
from tests.repositories import files_of
from tests.scaffold.harness import CLUSTER, run, scaffold

ROOT = Path(__file__).resolve().parents[2]
PLANNER = ".github/agents/planner.agent.md"
MODE = """\
---
description: 'Draw up an implementation plan for a change to the cluster'
tools: ['fetch', 'search']
model: Claude Sonnet 4.5
---

# Planning

You are in planning mode. Follow the [order of charts](../copilot-instructions.md#charts--kustomize).
"""


@pytest.fixture
def kyrion(repository: Path) -> Path:
    """The example, as a repository of its own."""
    shutil.copytree(ROOT / "examples/kyrion", repository, dirs_exist_ok=True)
    commit(repository)
    return repository


def synced(root: Path, arguments: str = "") -> tuple[int, dict[str, str]]:
    code, out, err = run(root, f"agents sync -o json {arguments}")
    assert err == ""
    return code, {item["path"]: item["action"] for item in json.loads(out)["files"]}


def shown(root: Path) -> list[dict[str, str]]:
    code, out, _ = run(root, "agents sync --dry-run -o json")
    assert code == 0
    found: list[dict[str, str]] = json.loads(out)["files"]
    return found


def linted(root: Path, paths: str = "") -> tuple[int, dict[str, Any]]:
    code, out, err = run(root, f"agents lint {paths} -o json")
    assert err == "", err
    return code, json.loads(out)


def told(root: Path, paths: str = "") -> list[tuple[str, str]]:
    return [(item["code"], item["file"]) for item in linted(root, paths)[1]["problems"]]


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_example_gets_every_file_and_nothing_is_wrong_in_them(kyrion: Path) -> None:
    before = files_of(kyrion)
    code, out, _ = run(kyrion, "agents sync --dry-run")
    assert (code, files_of(kyrion)) == (0, before)
    assert f"+ {PLANNER}" in out
    code, found = synced(kyrion)
    assert code == 0
    assert set(found.values()) == {"create"}
    assert {PLANNER, "AGENTS.md", "CLAUDE.md", ".agents/skills/deploy-app/SKILL.md"} <= set(found)
    assert not set(found) & set(before)
    assert linted(kyrion) == (0, {"version": 1, "files": sorted(found), "problems": []} | _summary(len(found)))
    assert run(kyrion, "check --rules documentation")[0] == 0


def _summary(files: int) -> dict[str, Any]:
    return {"summary": {"files": files, "error": 0, "warning": 0, "info": 0}}


def test_a_second_sync_changes_nothing(kyrion: Path) -> None:
    assert run(kyrion, "agents sync --check")[0] == 1
    assert synced(kyrion)[0] == 0
    before = files_of(kyrion)
    code, found = synced(kyrion)
    assert (code, set(found.values())) == (0, {"keep"})
    assert files_of(kyrion) == before
    assert run(kyrion, "agents sync --check")[0] == 0


def test_what_init_writes_is_what_a_sync_would_write(repository: Path) -> None:
    scaffold(repository)
    code, found = synced(repository, "--check")
    assert (code, set(found.values())) == (0, {"keep"})
    assert linted(repository)[1]["problems"] == []
    assert f"cluster {CLUSTER}:" in (repository / "AGENTS.md").read_text(encoding="utf-8")


def test_what_a_person_wrote_stays(kyrion: Path) -> None:
    synced(kyrion)
    (kyrion / "AGENTS.md").write_text("Mine.\n\n" + (kyrion / "AGENTS.md").read_text() + "\nMine, too.\n")
    edit(kyrion, PLANNER, "tools:", "model: Large\ntools:")
    edit(kyrion, ".github/agents/reviewer.agent.md", "You review", "You judge")
    before = files_of(kyrion)
    code, found = synced(kyrion)
    assert (code, files_of(kyrion)) == (1, before)
    assert [path for path, action in found.items() if action != "keep"] == [".github/agents/reviewer.agent.md"]
    said = run(kyrion, "agents sync")[1]
    assert "somebody wrote in the generated part (line 7)" in said
    assert "--force" in said
    assert ("region-changed", ".github/agents/reviewer.agent.md") in told(kyrion)
    assert run(kyrion, "agents sync --force")[0] == 0
    assert "You review" in (kyrion / ".github/agents/reviewer.agent.md").read_text()
    assert (kyrion / "AGENTS.md").read_text().startswith("Mine.\n")


def test_files_of_others_are_not_touched(kyrion: Path) -> None:
    (kyrion / ".github/agents").mkdir(parents=True)
    (kyrion / PLANNER).write_text("---\ndescription: Mine\ntools: [read]\n---\nPlan.\n")
    (kyrion / ".github/agents/other.agent.md").write_text("---\ndescription: Another\n---\nText.\n")
    before = files_of(kyrion)
    code, found = synced(kyrion)
    assert (code, found[PLANNER]) == (0, "keep")
    after = files_of(kyrion)
    assert {path: after[path] for path in before} == before


def test_a_newer_fact_changes_only_generated_parts(kyrion: Path) -> None:
    synced(kyrion)
    (kyrion / "docs").mkdir(exist_ok=True)
    (kyrion / "docs/ARCHITECTURE.md").write_text("# Architecture\n")
    assert ("region-stale", "AGENTS.md") in told(kyrion)
    (diff,) = [item["diff"] for item in shown(kyrion) if item["path"] == "AGENTS.md"]
    assert "+Read [README.md](README.md) and [docs/ARCHITECTURE.md](docs/ARCHITECTURE.md) first.\n" in diff
    assert synced(kyrion)[1]["AGENTS.md"] == "change"
    assert told(kyrion) == []


def test_a_format_that_is_not_wanted_any_more_goes(kyrion: Path) -> None:
    synced(kyrion)
    edit(kyrion, ".github/chatmodes/planner.chatmode.md", "You plan", "You dream")
    (kyrion / ".elysium").mkdir()
    (kyrion / ".elysium/agents.md").write_text(
        "---\nformats: [agent, prompt, instructions, copilot, readme, agents-md, claude-md, skill]\n---\nAsk first.\n"
    )
    code, _ = synced(kyrion)
    assert code == 1
    assert [path.name for path in (kyrion / ".github/chatmodes").iterdir()] == ["planner.chatmode.md"]
    assert "Ask first." in (kyrion / "AGENTS.md").read_text()
    assert run(kyrion, "agents sync --force")[0] == 0
    assert not (kyrion / ".github/chatmodes").exists()


def test_only_one_format(kyrion: Path) -> None:
    code, found = synced(kyrion, "--format agent --format skill")
    assert code == 0
    assert {path.split("/")[0] for path in found} == {".github", ".agents"}
    assert not (kyrion / "AGENTS.md").exists()
    assert told(kyrion, ".github .agents") == []


def test_an_own_source_that_is_wrong_is_an_error_with_its_place(kyrion: Path) -> None:
    (kyrion / ".elysium").mkdir()
    (kyrion / ".elysium/agents.md").write_text("## nobody\n")
    code, out, err = run(kyrion, "agents sync")
    assert (code, out) == (2, "")
    assert ".elysium/agents.md:1: no file is called 'nobody'" in err
    assert "hint: known are planner, " in err


def test_a_chat_mode_as_it_was_written_is_accepted(kyrion: Path) -> None:
    """Requirement 0.0a: the file is accepted; an unknown key, a writing tool or no description is not."""
    (kyrion / ".github/chatmodes").mkdir(parents=True)
    path = ".github/chatmodes/plan.chatmode.md"
    (kyrion / ".github/copilot-instructions.md").write_text("# Here\n\n### Charts + Kustomize\n")
    (kyrion / path).write_text(MODE)
    code, found = linted(kyrion, ".github/")
    assert (code, [item["code"] for item in found["problems"]]) == (0, ["format-moved"])
    for old, new, code_of_problem in (
        ("model:", "modle:", "key-unknown"),
        ("'search']", "'search', 'editFiles']", "tool-writes"),
        ("description:", "name:", "description-missing"),
        ("#charts--kustomize", "#charts", "anchor-dead"),
        ("../copilot-instructions.md", "../gone.md", "link-dead"),
    ):
        (kyrion / path).write_text(MODE.replace(old, new))
        assert linted(kyrion, ".github/")[0] == 1
        assert (code_of_problem, path) in told(kyrion, ".github/")


def test_a_plain_folder_is_judged_as_a_repository(repository: Path) -> None:
    folder = repository / ".github/agents"
    folder.mkdir(parents=True)
    (folder / "helper.md").write_text("---\ndescription: Helps\n---\nSee [it](../../README.md).\n")
    (repository / "README.md").write_text("# Read me\n")
    for path in (".", ".github/", ".github/agents/helper.md"):
        assert linted(repository, path) == (
            0,
            {"version": 1, "files": [".github/agents/helper.md"], "problems": []} | _summary(1),
        )


def test_problems_as_text_name_place_and_next_step(kyrion: Path) -> None:
    (kyrion / ".github/prompts").mkdir(parents=True)
    (kyrion / ".github/prompts/go.prompt.md").write_text("---\nmode: agent\ndescription: Go\n---\n`elysium chekc`\n")
    code, out, _ = run(kyrion, "agents lint")
    assert code == 1
    assert "! .github/prompts/go.prompt.md:2:1: mode is old  key-deprecated\n    → write agent\n" in out
    assert "✗ .github/prompts/go.prompt.md:5: there is no command `elysium chekc`  command-unknown\n" in out
    assert "    → did you mean `elysium check`?\n" in out
    assert out.endswith("✗ 1 file: 1 error, 1 warning\n")


def test_every_command_that_generated_files_name_exists(kyrion: Path) -> None:
    synced(kyrion)
    tree = command_tree()
    assert tree["secrets create generic"] >= {"--from-stdin", "--into", "--cert"}
    named = set()
    for path, data in files_of(kyrion).items():
        if path.endswith(".md") and b"elysium agents: " in data:
            named |= set(re.findall(r"`elysium ((?:[a-z]+ ?)+)", data.decode()))
    assert len(named) > 12
    assert [item for item in named if item.split()[0] not in tree] == []


@pytest.mark.parametrize("arguments", ["README.md", "nowhere.agent.md ../elsewhere", "/etc/hostname"])
def test_paths_that_cannot_be_meant_are_refused(kyrion: Path, arguments: str) -> None:
    code, out, err = run(kyrion, f"agents lint {arguments}")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert "hint: " in err


def test_a_revision_is_no_option_here(kyrion: Path) -> None:
    assert run(kyrion, "agents sync --revision HEAD")[0] == 2


def test_hostile_files_are_told_of_and_followed_nowhere(kyrion: Path, tmp_path: Path) -> None:
    secret = tmp_path / "outside.md"
    secret.write_text("---\ndescription: outside\n---\nSECRET-OUTSIDE\n")
    folder = kyrion / ".github/agents"
    folder.mkdir(parents=True)
    (folder / "link.agent.md").symlink_to(secret)
    (folder / "binary.agent.md").write_bytes(b"\xff\xfe\x00\x01" * 100)
    (folder / "huge.agent.md").write_bytes(b"x" * (9 << 20))
    bomb = "a: &a [x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}]\n" for n in range(20))
    (folder / "bomb.agent.md").write_text(f"---\n{bomb}---\n")
    os.mkfifo(folder / "pipe.agent.md")
    code, found = linted(kyrion)
    assert code == 1
    by_file = {Path(item["file"]).name: item["code"] for item in found["problems"]}
    assert by_file["binary.agent.md"] == by_file["huge.agent.md"] == "unreadable"
    assert by_file["bomb.agent.md"] == "front-matter"
    named = linted(kyrion, ".github/agents/link.agent.md .github/agents/pipe.agent.md")[1]
    assert [item["code"] for item in named["problems"]] == ["unreadable", "unreadable"]
    assert "SECRET-OUTSIDE" not in json.dumps([found, named])
    assert synced(kyrion)[0] == 0


def test_a_sync_writes_through_no_link(kyrion: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (kyrion / ".github").symlink_to(outside)
    git(kyrion, "add", "--all")
    code, out, err = run(kyrion, "agents sync")
    assert (code, list(outside.iterdir())) == (2, [])
    assert "links are not followed" in out + err


def test_a_link_beside_its_target_stays(kyrion: Path) -> None:
    synced(kyrion)
    (kyrion / "CLAUDE.md").unlink()
    (kyrion / "CLAUDE.md").symlink_to("AGENTS.md")
    git(kyrion, "add", "--all")
    assert synced(kyrion)[0] == 0
    assert (kyrion / "CLAUDE.md").is_symlink()
    assert told(kyrion) == [("linked", "CLAUDE.md")]
