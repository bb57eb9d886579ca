"""Reverting, tried in a throw-away clone."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.errors import RepositoryError
from elysium.sources import Cache, revision
from elysium.sources.history import Commit, commits_between
from elysium.sources.reverting import reverted
from tests.gitting import commit, git
from tests.repositories import files_of, write_repository


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for a repository."""
    found = tmp_path / "repository"
    found.mkdir()
    return found


def three(folder: Path) -> tuple[str, tuple[Commit, ...]]:
    """A base and two commits that build on each other."""
    base = commit(write_repository(folder, {"a": "one\n", "crlf": "x\n", ".gitattributes": "* text eol=crlf\n"}))
    commit(write_repository(folder, {"a": "one\ntwo\n", "b": "1\n"}), "First")
    commit(write_repository(folder, {"a": "one\ntwo\nthree\n"}), "Second")
    return base, commits_between(folder, base)


def test_the_tree_is_that_of_the_base_and_the_repository_is_left_alone(folder: Path) -> None:
    base, commits = three(folder)
    write_repository(folder, {"a": "not committed\n", "loose": "1\n"})
    git(folder, "add", "loose")
    before = files_of(folder)
    cache = Cache()
    with reverted(folder, commits, cache) as back:
        assert back.conflict is None
        assert back.tree == revision.resolve(folder, base)[1]
        assert revision.resolve(back.directory, back.commit)[1] == back.tree
        assert (back.directory / "a").read_bytes() == b"one\n"
        assert not (back.directory / "loose").exists()
    assert files_of(folder) == before
    assert not back.directory.exists()
    assert list(cache.section("staging").iterdir()) == []


def test_a_conflict_names_the_commit_and_the_files(folder: Path) -> None:
    _, commits = three(folder)
    with reverted(folder, commits[1:], Cache()) as back:
        assert back.conflict is not None
        assert back.conflict.commit.subject == "First"
        assert back.conflict.files == ("a",)
        assert back.commit == back.tree == ""


def test_a_merge_is_reverted_to_its_first_parent(folder: Path) -> None:
    base = commit(write_repository(folder, {"a": "1\n"}))
    git(folder, "checkout", "--quiet", "-b", "side")
    commit(write_repository(folder, {"b": "1\n"}), "Side")
    git(folder, "checkout", "--quiet", "main")
    git(folder, "merge", "--quiet", "--no-ff", "side", "-m", "Merge side")
    merges = tuple(item for item in commits_between(folder, base) if item.merges)
    with reverted(folder, merges, Cache()) as back:
        assert back.tree == revision.resolve(folder, base)[1]


def test_work_trees_and_shallow_clones_can_be_tried_too(folder: Path, tmp_path: Path) -> None:
    base, commits = three(folder)
    tree = revision.resolve(folder, base)[1]
    git(folder, "worktree", "add", "--quiet", str(tmp_path / "beside"), "HEAD")
    with reverted(tmp_path / "beside", commits, Cache()) as back:
        assert back.tree == tree
    git(folder, "clone", "--quiet", "--depth=2", f"file://{folder}", str(tmp_path / "shallow"))
    with reverted(tmp_path / "shallow", commits[:1], Cache()) as back:
        assert (back.directory / "a").read_text() == "one\ntwo\n"
    with pytest.raises(RepositoryError), reverted(tmp_path / "shallow", (Commit(id=base, subject=""),), Cache()):
        pass


def test_neither_hooks_nor_filters_nor_drivers_take_part(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = tmp_path / "started"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {started}\ncat\n")
    program.chmod(0o755)
    write_repository(folder, {"a": "one\n", ".gitattributes": "* filter=own merge=own diff=own\n"})
    base = commit(folder)
    commit(write_repository(folder, {"a": "two\n"}), "First")
    commit(write_repository(folder, {"a": "two\nthree\n"}), "Second")
    configuration = "".join(
        f'[{part} "own"]\n{name} = {program}\n'
        for part, name in (("filter", "smudge"), ("filter", "clean"), ("merge", "driver"), ("diff", "textconv"))
    )
    with (folder / ".git" / "config").open("a") as file:
        file.write(configuration)
    (tmp_path / "user").write_text(configuration)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "user"))
    (folder / ".git" / "hooks").mkdir(exist_ok=True)
    for name in ("post-checkout", "pre-commit", "reference-transaction"):
        (folder / ".git" / "hooks" / name).symlink_to(program)
    commits = commits_between(folder, base)
    with reverted(folder, commits, Cache()) as back:
        assert back.conflict is None
    with reverted(folder, commits[1:], Cache()) as back:
        assert back.conflict is not None
    assert not started.exists()
