"""What the next commit would hold."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from elysium.errors import RepositoryError
from elysium.sources import Cache
from elysium.sources.staged import open_staged
from tests.gitting import commit, git


def digest(root: Path) -> str:
    """Of everything below `.git`."""
    files = sorted(path for path in (root / ".git").rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in files)).hexdigest()


def content(root: Path, cache: Path) -> dict[str, str]:
    found = open_staged(root, Cache(cache))
    return {path: (Path(found.root) / path).read_text() for path in found.files}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "a.yaml").write_text("a: 1\n")
    (root / "b.yaml").write_text("b: 1\n")
    commit(root)
    return root


def test_the_index_counts_and_not_the_working_tree(checkout: Path, tmp_path: Path) -> None:
    (checkout / "a.yaml").write_text("a: 2\n")
    git(checkout, "add", "a.yaml")
    (checkout / "a.yaml").write_text("a: 3\n")
    (checkout / "untracked.yaml").write_text("c: 1\n")
    git(checkout, "rm", "--quiet", "--cached", "b.yaml")
    assert content(checkout, tmp_path / "cache") == {"a.yaml": "a: 2\n"}


def test_the_repository_of_the_user_stays_as_it_is(checkout: Path, tmp_path: Path) -> None:
    (checkout / "a.yaml").write_text("a: 2\n")
    git(checkout, "add", "a.yaml")
    before = digest(checkout)
    content(checkout, tmp_path / "cache")
    assert digest(checkout) == before


def test_a_running_commit_names_its_own_index(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / "a.yaml").write_text("a: 2\n")
    other = checkout / ".git" / "next-index.lock"
    git(checkout, "read-tree", "HEAD", GIT_INDEX_FILE=str(other))
    git(checkout, "add", "a.yaml", GIT_INDEX_FILE=str(other))
    assert content(checkout, tmp_path / "cache")["a.yaml"] == "a: 1\n"
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index.lock")
    assert content(checkout, tmp_path / "cache")["a.yaml"] == "a: 2\n"


def test_the_index_of_another_repository_is_not_taken(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    (stranger / "s.yaml").write_text("s: 1\n")
    commit(stranger)
    monkeypatch.setenv("GIT_INDEX_FILE", str(stranger / ".git" / "index"))
    assert set(content(checkout, tmp_path / "cache")) == {"a.yaml", "b.yaml"}


def test_filters_of_the_repository_do_not_run(checkout: Path, tmp_path: Path) -> None:
    (checkout / ".gitattributes").write_text("*.yaml filter=trap\n")
    git(checkout, "add", ".gitattributes")
    marker = tmp_path / "ran"
    git(checkout, "config", "filter.trap.smudge", f"touch {marker}")
    git(checkout, "config", "filter.trap.clean", f"touch {marker}")
    content(checkout, tmp_path / "cache")
    assert not marker.exists()


def test_links_and_names_are_as_in_a_revision(checkout: Path, tmp_path: Path) -> None:
    (checkout / "link.yaml").symlink_to("a.yaml")
    (checkout / "out.yaml").symlink_to("/etc/hostname")
    (checkout / "späte datei.yaml").write_text("")
    git(checkout, "add", "--all")
    found = content(checkout, tmp_path / "cache")
    assert found["link.yaml"] == "a: 1\n"
    assert "out.yaml" not in found
    assert found["späte datei.yaml"] == ""


def test_before_the_first_commit(tmp_path: Path) -> None:
    root = tmp_path / "new"
    root.mkdir()
    git(root, "init", "--quiet")
    (root / "a.yaml").write_text("a: 1\n")
    git(root, "add", "a.yaml")
    assert content(root, tmp_path / "cache") == {"a.yaml": "a: 1\n"}


def test_conflicts_are_named(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "switch", "--quiet", "--create", "other")
    (checkout / "a.yaml").write_text("a: 2\n")
    commit(checkout)
    git(checkout, "switch", "--quiet", "main")
    (checkout / "a.yaml").write_text("a: 3\n")
    commit(checkout)
    with pytest.raises(Exception, match="merge"):
        git(checkout, "merge", "other")
    with pytest.raises(RepositoryError, match=r"a\.yaml: it has conflicts"):
        open_staged(checkout, Cache(tmp_path / "cache"))


def test_a_plain_folder_has_no_index(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="not a git repository"):
        open_staged(tmp_path, Cache(tmp_path / "cache"))


def test_whether_something_is_staged(checkout: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert not open_staged(checkout, cache).dirty
    (checkout / "a.yaml").write_text("a: 2\n")
    git(checkout, "add", "a.yaml")
    assert open_staged(checkout, cache).dirty
