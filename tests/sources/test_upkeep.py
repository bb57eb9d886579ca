"""The cache is counted, emptied and checked."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from elysium.errors import SourceError
from elysium.kit import digests
from elysium.sources import records, revision, upkeep
from elysium.sources.cache import Cache, default_directory
from elysium.sources.requests import HelmChartRequest

from .conftest import Repository

REQUEST = HelmChartRequest(url="https://charts.example.com", name="web")


def _fill(cache: Cache, repository: Repository) -> Path:
    repository.commit({"a.yaml": "a\n"})
    tree = Path(revision.open_revision(repository.path, "HEAD", cache).root).parent
    data = b"archive"
    cache.write("charts", f"{digests.of_bytes(data)}.tgz", data)
    record = records.record(REQUEST, file=f"{digests.of_bytes(data)}.tgz", version="1.0.0")
    records.write(cache, REQUEST, record)
    return tree


def test_an_absent_cache_holds_nothing(cache: Cache) -> None:
    assert upkeep.info(cache).sections == ()
    assert upkeep.prune(cache, older_than=0).entries == 0
    assert upkeep.verify(cache).entries == 0
    assert not cache.directory.exists()


def test_what_is_there(cache: Cache, repository: Repository) -> None:
    _fill(cache, repository)
    found = {section.name: section.entries for section in upkeep.info(cache).sections}
    assert found == {"charts": 1, "records": 1, "trees": 1}
    assert upkeep.info(cache).bytes > 0
    assert cache.directory.stat().st_mode & 0o777 == 0o700


def test_prune_by_age_takes_records_with_their_content(cache: Cache, repository: Repository) -> None:
    tree = _fill(cache, repository)
    old = time.time() - 90 * 86400
    for path in (cache.directory / "charts").iterdir():
        os.utime(path, (old, old))
    assert upkeep.prune(cache, older_than=30 * 86400).entries == 2
    assert tree.exists()
    assert records.read(cache, REQUEST) is None
    assert upkeep.prune(cache, older_than=0).entries == 1
    assert upkeep.info(cache).sections == ()


def test_prune_by_size_keeps_what_was_used_last(cache: Cache) -> None:
    for number in range(4):
        data = bytes([number]) * 1000
        cache.write("charts", f"{digests.of_bytes(data)}.tgz", data)
        os.utime(cache.directory / "charts" / f"{digests.of_bytes(data)}.tgz", (number, number))
    upkeep.prune(cache, size=2500)
    kept = sorted(path.read_bytes()[0] for path in (cache.directory / "charts").iterdir())
    assert kept == [2, 3]


def test_rubbish_of_a_killed_run_goes(cache: Cache) -> None:
    stale = cache.section("staging") / "dead"
    stale.mkdir()
    os.utime(stale, (1, 1))
    (cache.section("staging") / "alive").mkdir()
    upkeep.prune(cache)
    assert [path.name for path in (cache.directory / "staging").iterdir()] == ["alive"]


def test_verify_names_what_was_changed(cache: Cache, repository: Repository) -> None:
    tree = _fill(cache, repository)
    assert upkeep.verify(cache) == upkeep.Verified(entries=3, broken=())
    (tree / "files" / "a.yaml").write_text("changed")
    chart = next((cache.directory / "charts").iterdir())
    chart.write_bytes(b"changed")
    next((cache.directory / "records").iterdir()).write_bytes(b"{")
    broken = upkeep.verify(cache).broken
    assert [line.partition("/")[0] for line in broken] == ["trees", "charts", "records"]


def test_a_full_disk_says_so(cache: Cache) -> None:
    """`/dev/full` is a disk without room."""
    cache.section("charts").rmdir()
    (cache.directory / "charts").symlink_to("/dev/full")
    with pytest.raises(SourceError) as caught:
        cache.write("charts", "x", b"data")
    assert caught.value.hint
    with pytest.raises(SourceError, match="No space left") as full, cache.staging() as staging:
        (staging / "x").symlink_to("/dev/full")
        (staging / "x").write_bytes(b"data")
    assert "elysium cache prune" in full.value.hint
    assert list((cache.directory / "staging").iterdir()) == []


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ELYSIUM_CACHE", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_directory() == tmp_path / "own"
    monkeypatch.delenv("ELYSIUM_CACHE")
    assert default_directory() == tmp_path / "xdg" / "elysium"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_directory() == tmp_path / ".cache" / "elysium"


def test_what_a_killed_run_was_working_on_is_removed_by_the_next_and_that_of_a_living_one_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    killed = (
        "import os, sys\nfrom pathlib import Path\nfrom elysium.sources import Cache\n"
        "with Cache(Path(sys.argv[1])).staging() as staged:\n"
        "    (staged / 'half').write_text('x')\n    os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", killed, str(tmp_path)], check=False)
    [dead] = (path for path in (tmp_path / "staging").iterdir() if path.is_dir())
    with cache.staging() as mine, cache.staging() as other:
        assert sorted(path for path in (tmp_path / "staging").iterdir() if path.is_dir()) == sorted([mine, other])
        assert not dead.exists()
    assert not list((tmp_path / "staging").iterdir())
