"""Laws of the edits, over lists written in every way, and over real files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from elysium.scaffold.editing import (
    EditError,
    add_document,
    has_item,
    insert_item,
    load_documents,
    remove_item,
    set_value,
)

EXAMPLES = Path(__file__).parents[2] / "examples" / "kyrion"
FILES = sorted(
    path for path in EXAMPLES.rglob("*.yaml") if path.stat().st_size < 100_000 and "templates" not in path.parts
)

TEXTS = st.text(alphabet="ab1./-:#'\"{}[],&*!|>%@~ \nüx$", min_size=1, max_size=8).filter(
    lambda text: text.strip() == text
)
WORDS = st.sampled_from(
    ["on", "1.10", "0x1f", "null", "2020-01-01", "12:30", "~", "=", "<<", "1e3", "./a", "a: b", "- a", "yes"]
)
NAMES = st.lists(st.text("abcxyz./-", min_size=1, max_size=5).map(lambda text: f"n{text}"), max_size=5, unique=True)
COMMENTS = st.sampled_from(["", "", " # why", "  # - off"])


def _load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(io.StringIO(text, newline=""))


@st.composite
def block_lists(draw: st.DrawFn) -> str:
    """A file with a list in block form below `resources`."""
    indent, gap = draw(st.sampled_from(["", "  ", "    "])), draw(st.sampled_from([" ", "   "]))
    quote = draw(st.sampled_from(["", "'", '"']))
    lines = [draw(st.sampled_from(["# head", "---", "kind: K"])), "resources:" + draw(COMMENTS)]
    for name in draw(NAMES.filter(bool)):
        lines += draw(st.sampled_from([[], [f"{indent}# about"], ["", f"{indent}  # deeper"]]))
        lines.append(f"{indent}-{gap}{quote}{name}{quote}{draw(COMMENTS)}")
    lines += draw(st.sampled_from([[], ["  # - off"], ["", "# end"], ["other:", "  - n"], ["...", "# after"]]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return newline.join(lines) + draw(st.sampled_from(["", newline]))


@st.composite
def flow_lists(draw: st.DrawFn) -> str:
    """A file with a list in flow form below `resources`."""
    names = draw(NAMES.filter(bool))
    shape = draw(st.sampled_from(["[{}]", "[ {} ]", "[{},]"]))
    rest = draw(st.sampled_from([" # why\n", "\nother: {a: [b]}\n", ""]))
    if draw(st.booleans()):
        comma = draw(st.sampled_from(["", ","]))
        notes = [draw(COMMENTS) for _ in names]
        rows = [f"  {name}{',' if name != names[-1] else comma}{note}" for name, note in zip(names, notes, strict=True)]
        return "\n".join(["resources: [", *rows, "]"]) + rest
    return "resources: " + shape.format(", ".join(names)) + rest


LISTS = block_lists() | flow_lists()


@given(LISTS, TEXTS | WORDS)
def test_what_is_inserted_is_read_back_and_the_rest_says_the_same(text: str, item: str) -> None:
    before = _load(text)
    edited = insert_item(text, ["resources"], item)
    after = _load(edited)
    assert has_item(edited, ["resources"], item)
    assert {key: value for key, value in after.items() if key != "resources"} == {
        key: value for key, value in before.items() if key != "resources"
    }
    if edited != text:
        new = [value for value in after["resources"] if value not in before["resources"]]
        assert len(new) == 1
        assert [value for value in after["resources"] if value not in new] == before["resources"]
    assert insert_item(edited, ["resources"], item) == edited


@given(LISTS, TEXTS | WORDS)
def test_taking_out_what_was_put_in_leaves_the_very_text(text: str, item: str) -> None:
    edited = insert_item(text, ["resources"], item)
    if edited != text:
        assert remove_item(edited, ["resources"], item) == text


@given(block_lists(), TEXTS | WORDS)
def test_an_insertion_is_one_run_of_characters(text: str, item: str) -> None:
    edited = insert_item(text, ["resources"], item)
    head = next((index for index, (one, two) in enumerate(zip(text, edited, strict=False)) if one != two), len(text))
    assert edited.endswith(text[head:])
    assert "\n" not in edited.replace("\r\n", "") or "\r\n" not in text


@given(NAMES, st.text("abcxyz", min_size=1, max_size=4))
def test_a_sorted_list_stays_sorted(names: list[str], item: str) -> None:
    text = "resources:\n" + "".join(f"  - {name}\n" for name in sorted(names))
    edited = insert_item(text, ["resources"], item, create=True)
    found = _load(edited)["resources"]
    assert found == sorted(found)


SCALARS = st.none() | st.booleans() | st.integers(-1000, 1000) | TEXTS | WORDS | st.text("ab \n:#", max_size=12)
KEYS = st.text("abn12.:-# ", min_size=1, max_size=5) | WORDS
SHALLOW = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(KEYS, SCALARS, max_size=3)
VALUES = SHALLOW | st.lists(SHALLOW, max_size=3) | st.dictionaries(KEYS, SHALLOW, max_size=3)
TREES = st.sampled_from(
    [
        "",
        "# only a comment\n",
        "data:\n",
        "data: {} # none\n",
        "data:\n  A: b # c\n\n# end\n",
        "data:\r\n    A: 'b'\r\n    B:\r\n    - x\r\n",
        "data: {A: b}",
        "x: 1\ndata: &d\n  A: |+\n    t\n\nlast: >-\n  t\n",
    ]
)


@given(TREES, st.sampled_from([["data", "A"], ["data", "Z"], ["data"], ["new", "on"], ["data", "Q", "deep"]]), VALUES)
@example("data: {A: b}", ["data", "Q", "deep"], "a\nb")
@example("data:\n  A: b # c\n\n# end\n", ["data", "A"], {"a": ["b", {"c": "d\ne\n"}], "e": [[1]]})
def test_a_value_that_is_set_is_read_back(text: str, path: list[str], value: Any) -> None:
    edited = set_value(text, path, value)
    found = load_documents(edited)[0]
    for part in path:
        found = found[part]
    assert found == value
    read = _load(edited)
    for part in path:
        read = read[part]
    assert read == value
    assert set_value(edited, path, value) == edited


@given(TREES, VALUES)
def test_what_is_there_stays_when_only_missing_keys_are_set(text: str, value: Any) -> None:
    edited = set_value(text, ["data", "A"], value, only_missing=True)
    if "A:" in text:
        assert edited == text
    assert set_value(edited, ["data", "A"], "other", only_missing=True) == edited


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_every_list_and_mapping_of_the_example_can_be_edited(path: Path) -> None:
    text = path.read_bytes().decode()
    for number, body in enumerate(load_documents(text)[:3]):
        for at in _lists(body):
            edited = insert_item(text, at, "zz-new", document=number)
            assert edited != text
            assert remove_item(edited, at, "zz-new", document=number) == text
        if isinstance(body, dict):
            edited = set_value(text, ["zz-new", "key"], "value", document=number)
            assert edited.replace("zz-new:\n  key: value\n", "", 1) == text
    added = add_document(text, "kind: New\nmetadata:\n  name: new\n")
    assert added.startswith(text)
    assert add_document(added, "kind: New\nmetadata:\n  name: new\n") == added


def _lists(body: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where lists stand that have items, up to three of them a document."""
    found: list[tuple[str | int, ...]] = []
    entries = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in entries:
        if isinstance(value, list) and value:
            found.append((*at, key))
        found += _lists(value, (*at, key))
    return found[:3]


@given(st.text(alphabet="a-:[]{}&*!|>'\"#\n \t?,%\r\ufeff", max_size=40), TEXTS)
def test_any_text_is_edited_rightly_or_refused(text: str, item: str) -> None:
    try:
        edited = insert_item(text, ["a"], item, create=True)
        assert has_item(edited, ["a"], item)
        set_value(text, ["a", "b"], item)
        remove_item(text, ["a"], item)
    except EditError as error:
        assert error.hint
