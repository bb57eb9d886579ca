"""Commits since another, and what is not committed."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.errors import RepositoryError
from elysium.sources.history import Uncommitted, commits_between, uncommitted
from tests.gitting import commit, git
from tests.repositories import write_repository


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for a repository."""
    found = tmp_path / "repository"
    found.mkdir()
    return found


def test_commits_come_newest_first_with_their_files_and_trailers(folder: Path) -> None:
    base = commit(write_repository(folder, {"a": "1\n", "gone": "1\n"}))
    write_repository(folder, {"a": "2\n", "d/ü b": "1\n"})
    first = commit(folder, "Add b\n\nWhy: it is done.\n\nPlan: wiki\nReviewed-by: A <a@example.org>\n\n* Squashed\n")
    (folder / "gone").unlink()
    second = commit(folder, "Remove gone")
    git(folder, "revert", "--no-edit", second)
    found = commits_between(folder, base)
    assert [item.subject for item in found] == ['Revert "Remove gone"', "Remove gone", "Add b"]
    assert [item.files for item in found] == [("gone",), ("gone",), ("a", "d/ü b")]
    assert found[2].id == first
    assert found[2].trailer("plan") == ("wiki",)
    assert found[0].reverts == (second,)
    assert commits_between(folder, "HEAD") == ()


def test_a_merge_has_the_files_that_it_brings(folder: Path) -> None:
    base = commit(write_repository(folder, {"a": "1\n"}))
    git(folder, "checkout", "--quiet", "-b", "side")
    commit(write_repository(folder, {"b": "1\n"}), "Side")
    git(folder, "checkout", "--quiet", "main")
    commit(write_repository(folder, {"c": "1\n"}), "Main")
    git(folder, "merge", "--quiet", "--no-ff", "side", "-m", "Merge side")
    found = {item.subject: item for item in commits_between(folder, base)}
    assert found["Merge side"].merges
    assert found["Merge side"].files == ("b",)
    assert not found["Side"].merges


def test_an_empty_commit_and_odd_texts_do_no_harm(folder: Path) -> None:
    base = commit(write_repository(folder, {"a": "1\n"}))
    commit(folder, f"Empty \x02 one\n\n\x01{'a' * 40}\n\nThis reverts commit {base}.")
    commit(write_repository(folder, {"-x": "1\n"}), "Dash")
    found = commits_between(folder, base)
    assert [(item.subject, item.files) for item in found] == [("Dash", ("-x",)), ("Empty \x02 one", ())]
    assert found[1].reverts == (base,)


def test_no_revision_is_an_error(folder: Path) -> None:
    commit(write_repository(folder, {"a": "1\n"}))
    with pytest.raises(RepositoryError):
        commits_between(folder, "--output=x")
    with pytest.raises(RepositoryError):
        commits_between(folder, "0" * 40)


def test_a_repository_that_wants_signatures_shown_starts_no_program(folder: Path, tmp_path: Path) -> None:
    base = commit(write_repository(folder, {"a": "1\n"}))
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    git(folder, "config", "gpg.program", str(program))
    git(folder, "config", "log.showSignature", "true")
    body = git(folder, "cat-file", "commit", "HEAD").replace("\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n\n", 1)
    (tmp_path / "commit").write_text(f"{body.replace('author', f'parent {base}{chr(10)}author', 1)}\n")
    signed = git(folder, "hash-object", "-t", "commit", "-w", "--literally", str(tmp_path / "commit"))
    assert [item.id for item in commits_between(folder, base, signed)] == [signed]
    assert not (tmp_path / "started").exists()


def test_what_is_not_committed(folder: Path) -> None:
    assert uncommitted(folder, None) == Uncommitted()
    write_repository(folder, {"a": "1\n", "b": "1\n", "c": "1\n", ".gitignore": "ignored\n"})
    commit(folder)
    assert uncommitted(folder, None) == Uncommitted()
    write_repository(folder, {"a": "2\n", "d/new": "1\n", "ignored": "1\n"})
    (folder / "b").unlink()
    (folder / "link").symlink_to("c")
    assert uncommitted(folder, None) == Uncommitted(changed=("a", "b"), new=("d/new", "link"))
    git(folder, "add", "d/new")
    assert uncommitted(folder / "d", None).new == ("d/new", "link")
