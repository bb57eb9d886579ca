"""Files appear whole or not at all, and joins stay below their root."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from elysium.kit import files


def test_a_write_replaces_the_whole_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "entry"
    files.write_atomically(target, b"one, and longer")
    files.write_atomically(target, b"two")
    assert target.read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["entry"]
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_failed_write_keeps_the_old_content(tmp_path: Path) -> None:
    target = tmp_path / "directory"
    target.mkdir()
    (target / "inner").touch()
    with pytest.raises(OSError, match="directory"):
        files.write_atomically(target, b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["directory"]


@pytest.mark.parametrize("relative", ["../x", "/etc/passwd", "a/../../x", "\\\\host\\x", "out/x", "a\0b"])
def test_a_join_that_leaves_the_root_is_refused(tmp_path: Path, relative: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "out").symlink_to(tmp_path)
    with pytest.raises(ValueError, match=r"relative path|leads out"):
        files.join_inside(root, relative)


def test_a_join_follows_links_that_stay_inside(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert files.join_inside(tmp_path, "link/file") == tmp_path.resolve() / "real" / "file"
    assert files.join_inside(tmp_path, ".") == tmp_path.resolve()


def test_a_lock_admits_one_at_a_time(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        with files.locked(tmp_path / "lock"):
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 8
