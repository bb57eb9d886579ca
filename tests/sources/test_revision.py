"""Any revision becomes a tree, whatever it contains, and the checkout stays as it is."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from elysium.errors import RepositoryError, SourceError
from elysium.sources import revision, stored
from elysium.sources.cache import Cache
from elysium.sources.working import open_working_tree

from .conftest import Repository


def test_a_revision_has_its_files_and_the_checkout_is_untouched(repository: Repository, cache: Cache) -> None:
    first = repository.commit({"apps/a.yaml": "a: 1\n", "old.yaml": "o\n"})
    (repository.path / "old.yaml").unlink()
    repository.commit({"apps/a.yaml": "a: 2\n"})
    repository.write({"apps/a.yaml": "a: 3\n"})
    tree = revision.open_revision(repository.path / "apps", "HEAD~1", cache)
    assert {path: Path(tree.root, path).read_text() for path in tree.files} == {
        "apps/a.yaml": "a: 1\n",
        "old.yaml": "o\n",
    }
    assert tree.revision == f"HEAD~1@sha1:{first}"
    assert (repository.path / "apps" / "a.yaml").read_text() == "a: 3\n"


def test_the_same_content_has_the_same_digest_everywhere(repository: Repository, cache: Cache) -> None:
    repository.commit({"apps/a.yaml": "a: 1\n", "b.yaml": "b\n"})
    (repository.path / "c.yaml").symlink_to("b.yaml")
    repository.commit()
    committed = revision.open_revision(repository.path, "HEAD", cache)
    working = open_working_tree(repository.path, cache)
    assert committed.digest == working.digest
    assert committed.links == working.links == ("c.yaml",)
    assert not working.dirty


def test_a_second_opening_extracts_nothing(
    repository: Repository, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.yaml": "a\n"})
    first = revision.open_revision(repository.path, "main", cache)
    monkeypatch.setattr(stored, "TreeWriter", None)
    assert revision.open_revision(repository.path, "main", cache) == first


def test_export_attributes_do_not_apply(repository: Repository, cache: Cache) -> None:
    repository.commit(
        {".gitattributes": "a.yaml export-ignore\nb.yaml export-subst\n", "a.yaml": "a\n", "b.yaml": "$Format:%H$\n"}
    )
    tree = revision.open_revision(repository.path, "HEAD", cache)
    assert "a.yaml" in tree.files
    assert Path(tree.root, "b.yaml").read_text() == "$Format:%H$\n"


def test_links_become_files_only_inside(repository: Repository, cache: Cache) -> None:
    repository.write({"real/r.yaml": "r\n"})
    links = {
        "a.yaml": "real/r.yaml",
        "b.yaml": "a.yaml",
        "directory": "real",
        "real/up.yaml": "../directory/r.yaml",
        "out": "../../etc/passwd",
        "absolute": "/etc/passwd",
        "loop": "loop",
        "dangling": "nowhere",
    }
    for name, target in links.items():
        (repository.path / name).symlink_to(target)
    repository.commit()
    tree = revision.open_revision(repository.path, "HEAD", cache)
    assert list(tree.files) == ["a.yaml", "b.yaml", "real/r.yaml", "real/up.yaml"]
    assert tree.links == ("a.yaml", "b.yaml", "real/up.yaml")
    assert all(Path(tree.root, path).read_text() == "r\n" for path in tree.files)
    assert not any(path.is_symlink() for path in Path(tree.root).rglob("*"))


@pytest.mark.parametrize("name", ["..", ".git", ".GIT", "."])
def test_names_that_lead_out_of_the_tree_are_refused(repository: Repository, cache: Cache, name: str) -> None:
    blob = repository.commit({"a": "a"}) and repository.git("rev-parse", "HEAD:a")
    inner = _make_tree(repository, f"100644 blob {blob}\tconfig\n".encode())
    outer = _raw_tree(repository, name, inner)
    commit = repository.git("commit-tree", outer, "-m", "evil")
    with pytest.raises(SourceError, match="leads out of its tree"):
        revision.open_revision(repository.path, commit, cache)
    assert not list((cache.directory / "staging").iterdir())


def _make_tree(repository: Repository, lines: bytes) -> str:
    made = subprocess.run(["git", "mktree"], cwd=repository.path, input=lines, capture_output=True, check=True)
    return made.stdout.decode().strip()


def _raw_tree(repository: Repository, name: str, inner: str) -> str:
    """A tree object that git itself would not make."""
    data = f"40000 {name}\0".encode() + bytes.fromhex(inner)
    made = subprocess.run(
        ["git", "hash-object", "-t", "tree", "-w", "--literally", "--stdin"],
        cwd=repository.path,
        input=data,
        capture_output=True,
        check=True,
    )
    return made.stdout.decode().strip()


@pytest.mark.parametrize("name", ["nothing", "--help", "", "main:a", "HEAD~99", "-", "HEAD^{blob}"])
def test_what_is_no_revision(repository: Repository, cache: Cache, name: str) -> None:
    repository.commit({"a": "a"})
    with pytest.raises(RepositoryError) as caught:
        revision.open_revision(repository.path, name, cache)
    assert caught.value.hint


def test_no_repository(tmp_path: Path, cache: Cache) -> None:
    with pytest.raises(RepositoryError, match="not a git repository"):
        revision.open_revision(tmp_path, "HEAD", cache)


def test_merge_base(repository: Repository) -> None:
    base = repository.commit({"a": "a"})
    repository.git("checkout", "-q", "-b", "feature")
    repository.commit({"b": "b"})
    repository.git("checkout", "-q", "main")
    repository.commit({"c": "c"})
    assert revision.merge_base(repository.path, "main", "feature") == base
    repository.git("checkout", "-q", "--orphan", "other")
    repository.commit({"d": "d"})
    with pytest.raises(RepositoryError, match="no common history"):
        revision.merge_base(repository.path, "main", "other")


def test_a_read_only_cache_is_an_error_with_a_hint(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a": "a"})
    (tmp_path / "file").write_text("")
    with pytest.raises(SourceError) as caught:
        revision.open_revision(repository.path, "HEAD", Cache(tmp_path / "file"))
    assert "ELYSIUM_CACHE" in caught.value.hint


def test_two_runs_at_once(repository: Repository, cache: Cache) -> None:
    repository.commit({f"{n}.yaml": f"n: {n}\n" for n in range(200)})
    found: list[str] = []

    def work() -> None:
        found.append(revision.open_revision(repository.path, "HEAD", Cache(cache.directory)).digest)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert not list((cache.directory / "staging").iterdir())


def test_half_an_extraction_is_never_trusted(repository: Repository, cache: Cache) -> None:
    repository.commit({"a": "a"})
    tree = revision.open_revision(repository.path, "HEAD", cache)
    stored_at = Path(tree.root).parent
    (stored_at / "manifest").unlink()
    assert revision.open_revision(repository.path, "HEAD", cache) == tree


def test_changed_files_of_a_stored_tree_are_found(repository: Repository, cache: Cache) -> None:
    repository.commit({"a": "a", "b": "b"})
    tree = revision.open_revision(repository.path, "HEAD", cache)
    assert list(stored.problems(Path(tree.root).parent)) == []
    Path(tree.root, "a").write_text("tampered")
    Path(tree.root, "b").unlink()
    assert list(stored.problems(Path(tree.root).parent)) == ["a was changed", "b is missing"]


def test_a_partial_clone_is_not_completed_behind_ones_back(
    repository: Repository, cache: Cache, tmp_path: Path
) -> None:
    repository.commit({"a.yaml": "a\n"})
    repository.git("config", "uploadpack.allowFilter", "true")
    address = f"file://{repository.path}"
    repository.git("clone", "-q", "--bare", "--filter=blob:none", address, str(tmp_path / "partial"))
    with pytest.raises(RepositoryError) as caught:
        revision.open_revision(tmp_path / "partial", "HEAD", cache)
    assert caught.value.hint
