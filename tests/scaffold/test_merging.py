"""The laws of a three-way merge, and the cases that people meet."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.scaffold.merging import Conflict, merge

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "  - x", "key: 1", "key: 2", "# note", "other: {}"]), max_size=12)
TEXTS = st.builds(
    lambda lines, newline, final: newline.join(lines) + (newline if final else ""),
    LINES,
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
) | st.text(alphabet="ab\r\n-: ", max_size=20)


@given(TEXTS, TEXTS)
def test_what_one_side_changes_is_taken(base: str, other: str) -> None:
    assert merge(base, base, other).text == other
    assert merge(base, other, base).text == other
    assert merge(base, other, other).text == other


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, str]:
    """A text and two edits of it that have no new line in common."""
    base = ["top: 1", "list:", "  - a", "  - b", "key: 1", "other: {}", "last: x"]
    sides = []
    for mark in ("o", "t"):
        lines = list(base)
        for _ in range(draw(st.integers(1, 3))):
            at = draw(st.integers(0, len(lines)))
            new = draw(st.lists(st.sampled_from([f"  - {mark}", f"{mark}: 1", f"key: {mark}", mark]), max_size=2))
            lines[at : at + draw(st.integers(0, 2))] = new
        sides.append("\n".join(lines) + "\n")
    return "\n".join(base) + "\n", sides[0], sides[1]


@given(edited())
def test_whether_there_is_a_conflict_does_not_depend_on_the_side(texts: tuple[str, str, str]) -> None:
    base, ours, theirs = texts
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert (one.text is None) == (other.text is None)
    assert len(one.conflicts) == len(other.conflicts)


@given(TEXTS, TEXTS, TEXTS)
def test_there_is_a_text_or_there_are_conflicts(base: str, ours: str, theirs: str) -> None:
    merged = merge(base, ours, theirs)
    assert (merged.text is None) == bool(merged.conflicts)


@given(TEXTS, TEXTS, TEXTS)
def test_a_conflict_says_where_and_what_stands_there(base: str, ours: str, theirs: str) -> None:
    for conflict in merge(base, ours, theirs).conflicts:
        assert conflict.first >= 1
        if not conflict.reason:
            there = ours.replace("\r\n", "\n").split("\n")[conflict.first - 1 : conflict.last]
            assert [line.rstrip("\r") for line in conflict.ours] == [line.rstrip("\r") for line in there]


@given(st.data())
def test_edits_that_do_not_touch_both_survive(data: st.DataObject) -> None:
    lines = [f"line {number}" for number in range(12)]
    places = data.draw(st.lists(st.sampled_from(range(0, 12, 2)), min_size=2, max_size=6, unique=True))
    ours, theirs, both = list(lines), list(lines), list(lines)
    for index, place in enumerate(sorted(places, reverse=True)):
        new = data.draw(st.lists(st.text("xyz", min_size=1, max_size=3), max_size=2))
        for text in (both, ours if index % 2 else theirs):
            text[place : place + 1] = new
    assert merge("\n".join(lines), "\n".join(ours), "\n".join(theirs)).text == "\n".join(both)


RELEASE = "spec:\n  replicas: 1\n  image: app:1.0\n  resources:\n    - a\n    - c\n"


def test_lines_beside_each_other_merge() -> None:
    ours, theirs = RELEASE.replace("replicas: 1", "replicas: 3"), RELEASE.replace("1.0", "1.1")
    assert merge(RELEASE, ours, theirs).text == RELEASE.replace("replicas: 1", "replicas: 3").replace("1.0", "1.1")


def test_items_added_at_one_place_are_both_there() -> None:
    merged = merge(RELEASE, f"{RELEASE}    - mine\n", f"{RELEASE}    - new # why\n").text
    assert merged == f"{RELEASE}    - mine\n    - new # why\n"


def test_keys_added_at_one_place_are_both_there() -> None:
    merged = merge(RELEASE, f"{RELEASE}  mine: 1\n", f"{RELEASE}  theirs:\n    - b\n").text
    assert merged == f"{RELEASE}  mine: 1\n  theirs:\n    - b\n"


def test_a_key_added_by_both_with_two_values_is_a_conflict() -> None:
    merged = merge(RELEASE, f"{RELEASE}  new: 1\n", f"{RELEASE}  new: 2\n")
    assert merged.text is None
    assert [str(conflict) for conflict in merged.conflicts] == [
        "line 7: here `new: 1`, proposed `new: 2`, before nothing"
    ]


def test_a_key_added_by_both_in_two_places_is_a_conflict_and_not_invalid_yaml() -> None:
    ours, theirs = f"new: 1\n{RELEASE}", f"{RELEASE}new: 2\n"
    (conflict,) = merge(RELEASE, ours, theirs).conflicts
    assert str(conflict) == "line 1: both changes together have `new` twice in one place"


def test_an_item_taken_away_beside_one_that_changed() -> None:
    base = "env:\n  - name: A\n    value: a\n  - name: B\n    value: b\n"
    ours = "env:\n  - name: B\n    value: b\n"
    theirs = base.replace("value: b", "value: c").replace("name: B", "name: B # b")
    assert merge(base, ours, theirs).text == "env:\n  - name: B # b\n    value: c\n"


def test_lines_added_to_what_the_other_side_removed_are_a_conflict() -> None:
    base = "env:\n  - name: A\n    value: a\n  - name: B\n"
    ours = "env:\n  - name: B\n"
    theirs = "env:\n  - name: A\n    value: a\n    more: x\n  - name: B\n"
    assert merge(base, ours, theirs).text is None


def test_outside_of_yaml_additions_at_one_place_are_a_conflict() -> None:
    script = "#!/bin/sh\nset -e\n"
    assert merge(script, f"{script}echo mine\n", f"{script}echo theirs\n").text is None


def test_line_ends_and_a_missing_last_one_stay_as_the_person_has_them() -> None:
    theirs = RELEASE.replace("1.0", "1.1")
    assert merge(RELEASE, RELEASE.replace("\n", "\r\n"), theirs).text == theirs.replace("\n", "\r\n")
    assert merge(RELEASE, RELEASE.removesuffix("\n"), theirs).text == theirs.removesuffix("\n")
    assert merge(RELEASE, RELEASE.removesuffix("\n"), f"{RELEASE}    - d\n").text == f"{RELEASE}    - d"


def test_lines_with_several_kinds_of_ends_stay_different() -> None:
    assert merge("a\r\nb\nc\n", "a\r\nb\nC\n", "A\r\nb\nc\n").text == "A\r\nb\nC\n"


def test_the_same_change_and_one_more_merge() -> None:
    assert merge("a\nb\nc\n", "A\nB\nc\n", "A\nB\nC\n").text == "A\nB\nC\n"


def test_what_a_person_has_brought_in_by_hand_is_no_conflict() -> None:
    theirs = RELEASE.replace("1.0", "1.1")
    ours = RELEASE.replace("app:1.0", "app:1.1 # by hand")
    assert merge(RELEASE, ours, theirs).text == ours
    assert merge("a\nb\nc\n", "a\nX\nB\nY\nc\n", "a\nB\nc\n").text == "a\nX\nB\nY\nc\n"
    assert merge("a\nb\nc\n", "a\nX\nB\nb\nc\n", "a\nB\nc\n").text is None


def test_a_message_is_short() -> None:
    lines = tuple(f"line {number} {'x' * 200}" for number in range(50))
    text = str(Conflict(first=3, last=52, base=(), ours=lines, theirs=(), reason=""))
    assert text.startswith("lines 3 to 52: here `line 0 x")
    assert "and 47 more lines" in text
    assert len(text) < 600


def _numbered(count: int, every: int, mark: str) -> str:
    return "".join(f"line {n} {mark if n % every == 0 else ''}\n" for n in range(count))


HOSTILE = {
    "equal lines": ("a\n" * 10_000, "a\n" * 9_999 + "b\n", "c\n" + "a\n" * 10_001),
    "two lines by turns": ("a\nb\n" * 5_000, "b\na\n" * 5_000, "a\na\nb\n" * 3_300),
    "every second line changed": (_numbered(10_000, 1, ""), _numbered(10_000, 2, "x"), _numbered(10_000, 3, "y")),
    "blocks moved": (
        "".join(f"{n % 97}\n" for n in range(10_000)),
        "".join(f"{n % 89}\n" for n in range(10_000)),
        "x\n",
    ),
    "nothing in common": ("a\n" * 10_000, "b\n" * 10_000, "c\n" * 10_000),
    "open brackets": ("[" * 50_000, "[" * 50_000 + "a\n", "b\n" + "[" * 50_000),
    "deep": ("- " * 5_000 + "a\n", "- " * 5_000 + "a\nb\n", "c\n" + "- " * 5_000 + "a\n"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_time_is_bounded(case: str) -> None:
    base, ours, theirs = HOSTILE[case]
    start = time.process_time()
    merge(base, ours, theirs)
    assert time.process_time() - start < 10
