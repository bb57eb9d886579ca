"""Records of components: written and read back, and refused when they cannot be trusted."""

from __future__ import annotations

import base64
import json
import os
import tomllib
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.errors import ScaffoldError
from elysium.kit import digests
from elysium.scaffold import records
from elysium.scaffold.bases import base_text, read_base
from elysium.scaffold.records import Record, RecordedEntry

RECORD = Record(
    component="app/presets/media",
    name="arkham",
    version="1.2.0",
    origin="https://git.example.com/components.git@0123abc",
    answers={"storage": True, "image": 'a "b"\\\n\tä\x7f\u2028', "hosts": ["a", "b"], "env": {"A B": "1"}, "port": 80},
    offers=("ingress-class/x",),
    files={"apps/base/arkham/a.yaml": "a: 1\r\n" * 40, "apps/base/arkham/b.yaml": "", "c.md": "ä\n"},
    entries=(RecordedEntry(path="apps/base/kustomization.yaml", at=("resources",), value="arkham"),),
    values=(RecordedEntry(path="clusters/demo/config-map.yaml", at=("data", "A.B")),),
    secrets=("apps/base/arkham/s.yaml arkham/s",),
)
PLACE, BASE = ".elysium/app/arkham.toml", ".elysium/app/arkham.base"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in records.texts_of(RECORD).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def test_a_record_is_read_as_it_was_written(root: Path) -> None:
    assert records.read(root) == (RECORD,)
    assert records.read_one(root, "app", "arkham") == RECORD
    assert RECORD.preset == "media"
    assert list(records.texts_of(RECORD)) == [PLACE, BASE] == [records.path_of(RECORD), BASE]


def test_a_repository_without_records(tmp_path: Path) -> None:
    assert records.read(tmp_path) == ()
    assert records.read_one(tmp_path, "app", "x") is None


def test_a_change_of_one_file_changes_one_section() -> None:
    one = base_text({"a": "a\n" * 100, "b": "b\n" * 100})
    two = base_text({"b": "b\n" * 99 + "c\n", "a": "a\n" * 100})
    assert one.split('"path":"b"')[0].rpartition("\n")[0] == two.split('"path":"b"')[0].rpartition("\n")[0]
    assert all(len(line) <= 160 for line in one.splitlines())


def test_the_order_of_answers_and_files_does_not_matter() -> None:
    turned = Record(component="app", name="x", version="1", answers={"b": 1, "a": 2}, files={"b": "", "a": ""})
    other = Record(component="app", name="x", version="1", answers={"a": 2, "b": 1}, files={"a": "", "b": ""})
    assert records.texts_of(turned) == records.texts_of(other)


SCALARS = st.booleans() | st.integers(-(2**40), 2**40) | st.text(st.characters(codec="utf-8"), max_size=10)
ANSWERS = st.dictionaries(
    st.text(st.characters(codec="utf-8"), max_size=5),
    SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text("a. \"'=ä", max_size=4), SCALARS, max_size=3),
    max_size=4,
)


@given(
    ANSWERS,
    st.dictionaries(
        st.from_regex(r"[a-z]{1,5}(/[a-z]{1,5}){0,2}", fullmatch=True), st.text(st.characters(codec="utf-8"))
    ),
)
def test_any_answers_and_texts_come_back(answers: dict[str, Any], files: dict[str, str]) -> None:
    record = Record(component="app", name="x", version="1", answers=answers, files=files)
    assert read_base(base_text(files)) == files
    assert tomllib.loads(records.text_of(record)).get("answers", {}) == answers


def _section(path: str, data: bytes, **change: Any) -> str:
    head = {"digest": digests.of_bytes(data), "path": path, "size": len(data)} | change
    header = base_text({}).strip()
    return f"{header}\n{json.dumps(head)}\n {base64.b85encode(zlib.compress(data)).decode()}\n"


BOMB = base64.b85encode(zlib.compress(b"\0" * (64 << 20), 9)).decode()
DAMAGED: dict[str, tuple[str, Callable[[str], str], str]] = {
    "no TOML": (PLACE, lambda text: text + "]", "cannot be read"),
    "an unknown key": (PLACE, lambda text: text.replace("version", "verzion"), "cannot be read"),
    "another type": (PLACE, lambda text: text.replace('"1.2.0"', "3"), "cannot be read"),
    "a later format": (PLACE, lambda text: text.replace("format = 1", "format = 2"), "has the format 2"),
    "another name": (
        PLACE,
        lambda text: text.replace('"arkham"\nversion', '"gotham"\nversion'),
        "one of app/presets/media gotham",
    ),
    "another kind": (PLACE, lambda text: text.replace('"app/presets', '"infra/presets'), "one of infra"),
    "a sealed path outside": (PLACE, lambda text: text.replace('["apps/base', '["../apps'), "not allowed"),
    "a path of records": (PLACE, lambda text: text.replace('"c.md"', '".elysium/app/b.toml"'), "not allowed"),
    "a number of 5000 digits": (
        PLACE,
        lambda text: text.replace("[answers]", f"[answers]\nx = {'9' * 5000}"),
        "cannot be",
    ),
    "a path outside": (PLACE, lambda text: text.replace('"c.md"', '"../c.md"'), "'../c.md', which is not allowed"),
    "a path of git's": (PLACE, lambda text: text.replace('"c.md"', '".git/hooks/pre-commit"'), "not allowed"),
    "an absolute entry": (PLACE, lambda text: text.replace('path = "apps', 'path = "/apps'), "not allowed"),
    "deep nesting": (
        PLACE,
        lambda text: text.replace("[answers]", "[answers]\nx = " + "[" * 5000 + "]" * 5000),
        "cannot be read",
    ),
    "too large": (PLACE, lambda text: text + "#" * (2 << 20), "larger than 1 MiB"),
    "no text": (PLACE, lambda text: text + "\udcff", "no UTF-8"),
    "no head": (BASE, lambda text: text.partition("\n")[2], "does not begin"),
    "a changed line": (BASE, lambda text: text.replace("\n c", "\n d", 1), "apps/base/arkham/a.yaml is"),
    "a lost line": (
        BASE,
        lambda text: "\n".join(line for line in text.split("\n") if line[:1] != " "),
        "a.yaml is not what was written",
    ),
    "a foreign line": (BASE, lambda text: text + "<<<<<<< HEAD\n", "'<<<<<<< HEAD' cannot be read"),
    "a section twice": (BASE, lambda text: text + text.partition("\n")[2], "stands twice"),
    "another content": (BASE, lambda _: _section("c.md", b"x", digest="0" * 64), "is not what was written"),
    "a base outside": (BASE, lambda _: _section("../c.md", b"x"), "is not allowed"),
    "no UTF-8": (BASE, lambda _: _section("c.md", b"\xff"), "is no text"),
    "a bomb": (BASE, lambda _: _section("c.md", b"").rpartition(" ")[0] + f" {BOMB}\n", "is not what was written"),
    "a huge size": (BASE, lambda _: _section("c.md", b"", size=1 << 40), "larger than what"),
    "a negative size": (BASE, lambda _: _section("c.md", b"", size=-1), "larger than what"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_record_is_refused_with_the_next_step(root: Path, case: str) -> None:
    path, damage, message = DAMAGED[case]
    text = damage((root / path).read_bytes().decode())
    (root / path).write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ScaffoldError) as caught:
        records.read(root)
    assert message in str(caught.value)
    assert str(caught.value).startswith(path)
    assert caught.value.hint


def test_a_base_that_is_newer_than_its_record_says_which_files_there_are(root: Path) -> None:
    """A kill between the two leaves the files, the new base and the old record."""
    (root / BASE).write_text(base_text({"new.yaml": "a: 1\n"}))
    assert records.read(root)[0].files == {"new.yaml": "a: 1\n"}


@pytest.mark.parametrize(("size", "number"), [(4 << 20, 40), (1, 3)])
def test_many_small_records_do_not_unpack_to_a_lot(tmp_path: Path, size: int, number: int) -> None:
    for index in range(number):
        record = Record(component="app", name=f"x{index}", version="1", files={"a": "a" * size})
        for path, text in records.texts_of(record).items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
    if number > 10:
        with pytest.raises(ScaffoldError, match="more than can be meant"):
            records.read(tmp_path)
    else:
        assert len(records.read(tmp_path)) == number


def test_line_ends_that_git_changed_do_not_matter(root: Path) -> None:
    for path in (PLACE, BASE):
        (root / path).write_bytes((root / path).read_bytes().replace(b"\n", b"\r\n"))
    assert records.read(root) == (RECORD,)


def test_a_missing_base_is_told(root: Path) -> None:
    (root / BASE).unlink()
    with pytest.raises(ScaffoldError, match="the base of a record is missing"):
        records.read(root)


@pytest.mark.parametrize("path", [".elysium", ".elysium/app", PLACE, BASE])
def test_links_are_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    moved = tmp_path_factory.mktemp("elsewhere") / "moved"
    (root / path).rename(moved)
    (root / path).symlink_to(moved)
    with pytest.raises(ScaffoldError) as caught:
        records.read(root)
    assert path in str(caught.value)


def test_what_is_no_file_is_no_record(root: Path) -> None:
    (root / ".elysium/app/folder.toml").mkdir()
    os.mkfifo(root / ".elysium/app/pipe.toml")
    with pytest.raises(ScaffoldError):
        records.read(root)


@pytest.mark.parametrize("name", ["../x", "a/b", "", "-x", "x" * 300])
def test_names_stay_in_their_folder(root: Path, name: str) -> None:
    with pytest.raises(ScaffoldError, match="no name of a record"):
        records.read_one(root, "app", name)
