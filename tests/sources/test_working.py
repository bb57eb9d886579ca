"""What a directory holds now, quickly and safely."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from elysium.errors import RepositoryError
from elysium.kit.checksums import checked, unchecked
from elysium.sources.cache import Cache
from elysium.sources.content import LARGE, blob_digest
from elysium.sources.working import open_folder, open_working_tree

from .conftest import Repository


def test_a_checkout_is_its_tracked_and_unignored_files(repository: Repository, cache: Cache) -> None:
    repository.commit({"apps/a.yaml": "a: 1\n", "gone.yaml": "x\n", ".gitignore": "*.log\n"})
    repository.write({"new.yaml": "n\n", "noise.log": "l\n"})
    (repository.path / "gone.yaml").unlink()
    tree = open_working_tree(repository.path, cache)
    assert list(tree.files) == [".gitignore", "apps/a.yaml", "new.yaml"]
    assert tree.files["apps/a.yaml"] == repository.git("rev-parse", "HEAD:apps/a.yaml")


def test_a_directory_inside_a_checkout_stands_for_the_whole(repository: Repository, cache: Cache) -> None:
    repository.commit({"apps/a.yaml": "a\n", "b.yaml": "b\n"})
    tree = open_working_tree(repository.path / "apps", cache)
    assert tree.root == str(repository.path.resolve())
    assert list(tree.files) == ["apps/a.yaml", "b.yaml"]


def test_an_ignored_directory_is_a_plain_folder(repository: Repository, cache: Cache) -> None:
    repository.commit({".gitignore": "build/\n", "a": "a"})
    repository.write({"build/copy/a.yaml": "a\n"})
    tree = open_working_tree(repository.path / "build" / "copy", cache)
    assert (list(tree.files), tree.revision) == (["a.yaml"], "")


def test_revision_and_dirt(repository: Repository, cache: Cache) -> None:
    commit = repository.commit({"a.yaml": "a\n"})
    assert open_working_tree(repository.path, cache).revision == f"main@sha1:{commit}"
    assert not open_working_tree(repository.path, cache).dirty
    repository.write({"b.yaml": "new\n"})
    assert open_working_tree(repository.path, cache).dirty
    (repository.path / "b.yaml").unlink()
    (repository.path / "a.yaml").unlink()
    assert open_working_tree(repository.path, cache).dirty
    repository.git("checkout", "-q", "--detach")
    assert open_working_tree(repository.path, cache).revision == f"sha1:{commit}"


def test_a_repository_without_a_commit(repository: Repository, cache: Cache) -> None:
    repository.write({"a.yaml": "a\n"})
    tree = open_working_tree(repository.path, cache)
    assert (list(tree.files), tree.revision, tree.dirty) == (["a.yaml"], "", True)


def test_sha256_repositories(new_repository: Callable[..., Repository], cache: Cache) -> None:
    repository = new_repository("modern", object_format="sha256")
    commit = repository.commit({"a.yaml": "a\n"})
    tree = open_working_tree(repository.path, cache)
    assert tree.revision == f"main@sha256:{commit}"
    assert tree.files["a.yaml"] == repository.git("rev-parse", "HEAD:a.yaml")
    assert not tree.dirty


def test_a_change_of_the_same_size_in_the_same_moment_is_seen(repository: Repository, cache: Cache) -> None:
    file = repository.path / "a.yaml"
    repository.commit({"a.yaml": "replicas: 1\n"})
    first = open_working_tree(repository.path, cache)
    before = file.stat()
    file.write_text("replicas: 2\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    second = open_working_tree(repository.path, cache)
    assert first.digest != second.digest
    assert second.files["a.yaml"] == blob_digest(b"replicas: 2\n")


def test_unchanged_files_are_not_read_again(tmp_path: Path, cache: Cache) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.yaml").write_text("a: 1\n")
    time.sleep(0.15)
    read = open_folder(folder, cache).files["a.yaml"]
    saved = next((cache.directory / "stat").iterdir())
    content = unchecked(saved.read_bytes())
    assert content is not None
    saved.write_bytes(checked(content.replace(read.encode(), b"0" * len(read))))
    assert open_folder(folder, cache).files["a.yaml"] == "0" * len(read)


def test_a_broken_stat_cache_is_only_slower(tmp_path: Path, cache: Cache) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_text("a")
    first = open_folder(tmp_path / "folder", cache)
    for file in (cache.directory / "stat").iterdir():
        file.write_bytes(b"\xc1 broken")
    assert open_folder(tmp_path / "folder", cache) == first


def test_an_unwritable_cache_is_only_slower(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_text("a")
    (tmp_path / "file").write_text("no directory")
    assert list(open_folder(tmp_path / "folder", Cache(tmp_path / "file" / "cache")).files) == ["a"]


def test_links_count_only_inside(repository: Repository, cache: Cache, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("outside")
    repository.write({"real.yaml": "r\n", "directory/x.yaml": "x\n"})
    for name, target in {
        "inner.yaml": "real.yaml",
        "outer.yaml": "../secret",
        "absolute": "/etc/passwd",
        "dangling": "nowhere",
        "loop": "loop",
        "into-git": ".git/config",
        "linked-directory": "directory",
    }.items():
        (repository.path / name).symlink_to(target)
    repository.commit()
    tree = open_working_tree(repository.path, cache)
    assert list(tree.files) == ["directory/x.yaml", "inner.yaml", "real.yaml"]
    assert tree.links == ("inner.yaml",)
    assert tree.files["inner.yaml"] == tree.files["real.yaml"]
    assert list(tree.without_links().files) == ["directory/x.yaml", "real.yaml"]


def test_a_link_in_place_of_a_tracked_directory_is_not_followed(
    repository: Repository, cache: Cache, tmp_path: Path
) -> None:
    repository.commit({"apps/a.yaml": "a\n"})
    (repository.path / "apps" / "a.yaml").unlink()
    (repository.path / "apps").rmdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.yaml").write_text("outside")
    (repository.path / "apps").symlink_to(tmp_path / "elsewhere")
    assert list(open_working_tree(repository.path, cache).files) == []


def test_programs_of_the_repository_are_not_started(repository: Repository, cache: Cache, tmp_path: Path) -> None:
    repository.commit({"a.yaml": "a\n", ".gitattributes": "* filter=evil diff=evil\n"})
    mark = tmp_path / "mark"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    for key in ("core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "core.pager", "diff.external"):
        repository.git("config", key, str(program))
    repository.write({"a.yaml": "changed\n"})
    open_working_tree(repository.path, cache)
    assert not mark.exists()


def test_the_callers_git_variables_have_no_effect(
    repository: Repository, cache: Cache, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository.commit({"a.yaml": "a\n"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "nowhere"))
    assert list(open_working_tree(repository.path, cache).files) == ["a.yaml"]


def test_special_and_large_files(tmp_path: Path, cache: Cache) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(LARGE + 1)
    started = time.monotonic()
    tree = open_folder(tmp_path, None)
    assert list(tree.files) == ["large.bin"]
    assert time.monotonic() - started < 5
    os.utime(tmp_path / "large.bin", ns=(1, 1))
    assert open_folder(tmp_path, None).digest != tree.digest


def test_names_that_are_not_utf8_are_left_out(repository: Repository, cache: Cache) -> None:
    (repository.path / os.fsdecode(b"caf\xe9.yaml")).write_text("x")
    repository.commit({"ünï.yaml": "u\n"})
    assert list(open_working_tree(repository.path, cache).files) == ["ünï.yaml"]
    assert list(open_folder(repository.path, cache).files) == ["ünï.yaml"]


def test_nothing_there(tmp_path: Path, cache: Cache) -> None:
    with pytest.raises(RepositoryError) as caught:
        open_working_tree(tmp_path / "absent", cache)
    assert caught.value.hint
    assert open_working_tree(tmp_path, cache).files == {}


def test_a_broken_checkout_is_an_error_with_a_hint(repository: Repository, cache: Cache) -> None:
    repository.commit({"a": "a"})
    (repository.path / ".git" / "index").write_bytes(b"broken")
    with pytest.raises(RepositoryError) as caught:
        open_working_tree(repository.path, cache)
    assert caught.value.hint
    assert "index" in str(caught.value)


def test_five_thousand_files_are_opened_quickly(repository: Repository, cache: Cache) -> None:
    repository.commit({f"apps/app-{n}/{k}.yaml": f"name: {n}-{k}\n" * 20 for n in range(1000) for k in range(5)})
    time.sleep(0.15)
    open_working_tree(repository.path, cache)
    fastest = 10.0
    for _ in range(5):
        started = time.perf_counter()
        open_working_tree(repository.path, cache)
        fastest = min(fastest, time.perf_counter() - started)
    assert fastest < 0.4, "5,000 unchanged files take about 0.06 s on an idle core"


def test_a_folder_that_components_were_written_into_is_the_whole(tmp_path: Path) -> None:
    (tmp_path / ".elysium").mkdir()
    (tmp_path / "apps/base/wiki").mkdir(parents=True)
    (tmp_path / "apps/base/wiki/page.yaml").write_text("kind: ConfigMap\n")
    found = open_working_tree(tmp_path / "apps/base/wiki", None)
    assert found.root == str(tmp_path)
    assert "apps/base/wiki/page.yaml" in found.files
