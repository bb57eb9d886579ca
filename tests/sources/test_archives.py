"""Archives from strangers are unpacked within bounds and below their root."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elysium.errors import SourceError
from elysium.sources import archives, stored

from ..servers.charts import tarball


def _unpack(data: bytes, directory: Path) -> stored.TreeWriter:
    directory.mkdir(exist_ok=True)
    writer = stored.TreeWriter(directory, "oci://example.com/x")
    archives.unpack(data, writer, "oci://example.com/x")
    return writer


def _special(kind: bytes, name: str, target: str = "") -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, target
        archive.addfile(entry)
        plain = tarfile.TarInfo("plain")
        plain.size = 1
        archive.addfile(plain, io.BytesIO(b"x"))
    return raw.getvalue()


@pytest.mark.parametrize("compressed", [True, False])
def test_files_come_out(tmp_path: Path, compressed: bool) -> None:
    data = tarball({"./a/b.yaml": b"b\n", "c": b""}, compressed=compressed)
    writer = _unpack(data, tmp_path)
    assert {path: (tmp_path / "files" / path).read_bytes() for path in writer.files} == {"a/b.yaml": b"b\n", "c": b""}


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "a\\..\\evil", "a/../b"])
def test_names_that_lead_out_condemn_the_archive(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match="leads out of it") as caught:
        _unpack(tarball({name: b"x"}), tmp_path)
    assert caught.value.hint
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (tarfile.SYMTYPE, "/etc/passwd"),
        (tarfile.SYMTYPE, "plain"),
        (tarfile.LNKTYPE, "../../outside"),
        (tarfile.CHRTYPE, ""),
        (tarfile.FIFOTYPE, ""),
        (tarfile.DIRTYPE, ""),
    ],
)
def test_links_and_devices_are_left_out(tmp_path: Path, kind: bytes, target: str) -> None:
    assert list(_unpack(_special(kind, "special", target), tmp_path).files) == ["plain"]


def test_a_repository_inside_is_left_out(tmp_path: Path) -> None:
    assert list(_unpack(tarball({".git/config": b"x", "a/.GIT/hooks/x": b"x", "a/b": b"x"}), tmp_path).files) == ["a/b"]


def test_a_small_archive_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MOST_BYTES", 100_000)
    claimed = tarfile.TarInfo("zeros")
    claimed.size = 10**12
    for data in (tarball({"zeros": b"\0" * 200_000}), gzip.compress(claimed.tobuf() + b"\0" * 5000)):
        with pytest.raises(SourceError, match="MB"):
            _unpack(data, tmp_path / str(len(data)))


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MOST_FILES", 3)
    with pytest.raises(SourceError, match="more than 3 files"):
        _unpack(tarball({str(number): b"" for number in range(4)}), tmp_path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2000), st.booleans())
def test_any_bytes_are_unpacked_or_refused(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, place: int, compressed: bool
) -> None:
    whole = bytearray(tarball({"a/b": b"content" * 50, "c": b"d"}, compressed=compressed))
    whole[place : place + len(noise)] = noise
    directory = tmp_path_factory.mktemp("noise") / "inner"
    try:
        _unpack(bytes(whole), directory)
    except SourceError as error:
        assert error.hint
    assert sorted(path.name for path in directory.parent.iterdir()) == ["inner"]
