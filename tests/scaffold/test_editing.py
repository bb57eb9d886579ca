"""Edits in place, case by case: the whole text before and after."""

from __future__ import annotations

import time
from typing import Any

import pytest

from elysium.scaffold.editing import (
    EditError,
    add_document,
    has_item,
    insert_item,
    load_documents,
    remove_item,
    select,
    set_value,
)

KUSTOMIZATION = """\
# What runs here.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  # media
  - arkham # films
  # - broken, see the notes
  - zigbee
patches:
- path: patches/a.yaml
"""

INSERTIONS = {
    "sorted lists stay sorted": ("l:\n  - a\n  - c\n", "b", "l:\n  - a\n  - b\n  - c\n"),
    "before the first, behind its comment": ("l:\n  # all\n  - b\n  - c\n", "a", "l:\n  # all\n  - a\n  - b\n  - c\n"),
    "unsorted lists get it last": ("l:\n  - z\n  - a\n", "b", "l:\n  - z\n  - a\n  - b\n"),
    "a namespace stays first": ("l:\n- namespace.yaml\n- x\n", "a", "l:\n- namespace.yaml\n- a\n- x\n"),
    "no break at the end": ("l:\n- a", "b", "l:\n- a\n- b"),
    "quotes as the others": ("l:\n- 'a'\n", "b", "l:\n- 'a'\n- 'b'\n"),
    "double quotes as the others": ('l: ["a"]\n', "b", 'l: ["a", "b"]\n'),
    "a wide dash": ("l:\n-   a\n", "b", "l:\n-   a\n-   b\n"),
    "an empty list": ("l: [] # why\nm: 1\n", "a", "l: # why\n  - a\nm: 1\n"),
    "an empty list like its neighbours": ("m:\n- x\nl: []\n", "a", "m:\n- x\nl:\n- a\n"),
    "an empty list among flow lists": ("m: [x]\nl: []\n", "a", "m: [x]\nl: [a]\n"),
    "no value": ("l:\nm: 1\n", "a", "l:\n  - a\nm: 1\n"),
    "null": ("l: ~ # why\n", "a", "l: # why\n  - a\n"),
    "no key": ("m:\n    n: 1\n# end\n", "a", "m:\n    n: 1\nl:\n  - a\n# end\n"),
    "no key, and a comment that belongs to what is above": (
        "m:\n  - x\n  # - y\n",
        "a",
        "m:\n  - x\n  # - y\nl:\n  - a\n",
    ),
    "an empty file": ("", "a", "l:\n  - a\n"),
    "only comments": ("# c", "a", "# c\nl:\n  - a\n"),
    "in the middle of a flow list": ("l: [a, c]\n", "b", "l: [a, b, c]\n"),
    "a flow list over lines": ("l: [\n  a, # x\n  b # y\n]\n", "c", "l: [\n  a, # x\n  b, # y\n  c\n]\n"),
    "a flow list with a comma at its end": ("l: [\n  a,\n]\n", "b", "l: [\n  a,\n  b,\n]\n"),
    "a block scalar as last item": ("l:\n- z |\n- |\n  t\n\nm: 1\n", "b", "l:\n- z |\n- |\n  t\n- b\n\nm: 1\n"),
    "a block scalar that keeps its lines": ("l:\n- z\n- |+\n  a\n\nm: 1\n", "b", "l:\n- z\n- |+\n  a\n\n- b\nm: 1\n"),
    "an alias among the items": ("x: &x q\nl:\n- *x\n", "a", "x: &x q\nl:\n- *x\n- a\n"),
    "an anchored list": ("l: &l\n- c\nm: *l\n", "d", "l: &l\n- c\n- d\nm: *l\n"),
    "a number that is a text": ("l: [a]\n", "1.10", 'l: ["1.10", a]\n'),
    "a number among numbers": ("l: [80]\n", "443", "l: [443, 80]\n"),
    "a mapping": (
        "l:\n  - name: a\n",
        "name: b\nvalue:\n  - c\n",
        "l:\n  - name: a\n  - name: b\n    value:\n      - c\n",
    ),
    "a mapping in a flow list": (
        "l: [{name: a}]\n",
        "name: b\nvalue: '1'\n",
        'l: [{name: a}, {name: b, value: "1"}]\n',
    ),
    "document markers": ("---\nl:\n- a\n...\n", "b", "---\nl:\n- a\n- b\n...\n"),
    "a byte order mark": ("\ufeffl:\n- a\n", "b", "\ufeffl:\n- a\n- b\n"),
}


@pytest.mark.parametrize("case", INSERTIONS)
def test_insert(case: str) -> None:
    text, item, expected = INSERTIONS[case]
    assert insert_item(text, ["l"], item, create=True) == expected
    crlf = text.replace("\n", "\r\n")
    if crlf != text:
        assert insert_item(crlf, ["l"], item, create=True) == expected.replace("\n", "\r\n")


def test_a_kustomization_keeps_everything_else() -> None:
    edited = insert_item(KUSTOMIZATION, ["resources"], "coder")
    assert edited == KUSTOMIZATION.replace("films\n", "films\n  - coder\n")
    assert remove_item(edited, ["resources"], "./coder/") == KUSTOMIZATION


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("l: [./x]\n", "x"),
        ("l: [x/]\n", "./x"),
        ("l:\n- path: p.yaml\n  target: {kind: D}\n", "path: p.yaml"),
        ("l:\n- name: A\n  value: changed\n", "name: A\nvalue: a"),
        ("x: &x a\nl: [*x]\n", "a"),
        ("l: [{to: [1]}]\n", "to: [1]"),
    ],
)
def test_never_twice(text: str, item: str) -> None:
    assert has_item(text, ["l"], item)
    assert insert_item(text, ["l"], item) == text


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("l:\n- path: p.yaml\n  target: {kind: D}\n", "path: p.yaml\ntarget: {kind: S}"),
        ("l:\n- name: v\n  mountPath: /a\n", "name: v\nmountPath: /b"),
        ("l:\n- kind: ConfigMap\n  name: v\n", "kind: Secret\nname: v"),
        ("l: [X]\n", "x"),
    ],
)
def test_what_differs_in_what_names_it_is_another(text: str, item: str) -> None:
    assert not has_item(text, ["l"], item)


def test_removals() -> None:
    assert remove_item("l:\n- a # c\nm: 1\n", ["l"], "a") == "l: []\nm: 1\n"
    assert remove_item("l: # c\n- a\n", ["l"], "a") == "l: [] # c\n"
    assert remove_item("l:\n- a\n  # of a\n- b\n", ["l"], "a") == "l:\n- b\n"
    assert remove_item("l: [a, b]\n", ["l"], "a") == "l: [b]\n"
    assert remove_item("l: [a, b]\n", ["l"], "c") == "l: [a, b]\n"
    assert remove_item("m: 1\n", ["l"], "c") == "m: 1\n"
    assert remove_item("l:\n- - a\n  - b\n", ["l", 0], "a") == "l:\n- - b\n"


SETTINGS: dict[str, tuple[str, list[str | int], Any, str]] = {
    "a new key": (
        "d:\n  a: b # c\n\n# end\n",
        ["d", "z"],
        "Europe/Rome",
        "d:\n  a: b # c\n  z: Europe/Rome\n\n# end\n",
    ),
    "a number as a text": ("d:\n  a: b\n", ["d", "a"], "1000", 'd:\n  a: "1000"\n'),
    "the quotes that are there": ("d: 'b' # c\n", ["d"], "it's", "d: 'it''s' # c\n"),
    "parents": ("a: 1\n", ["b", "c", "d"], True, "a: 1\nb:\n  c:\n    d: true\n"),
    "an empty mapping": ("d: {} # c\n", ["d", "a"], 1, "d: # c\n  a: 1\n"),
    "a flow mapping": ("d: {a: b}\n", ["d", "c"], ["x"], "d: {a: b, c: [x]}\n"),
    "a structure": ("d: x # c\ne: 1\n", ["d"], {"a": [{"b": None}]}, "d: # c\n  a:\n    - b: null\ne: 1\n"),
    "a scalar for a structure": ("d:\n  a: [1]\ne: 1\n", ["d"], 5, "d: 5\ne: 1\n"),
    "text of several lines": (
        "d:\n    a:\n        x: 1\n",
        ["d", "b"],
        "a\nb\n",
        "d:\n    a:\n        x: 1\n    b: |\n        a\n        b\n",
    ),
    "a block scalar replaced": ("d: |\n  a\n  b\ne: 1\n", ["d"], "c", "d: c\ne: 1\n"),
    "in an item": (
        "s:\n- uses: a\n- uses: b\n",
        ["s", 0, "with"],
        {"k": "v"},
        "s:\n- uses: a\n  with:\n    k: v\n- uses: b\n",
    ),
    "an alias replaced, its anchor stays": ("a: &x 1\nb: *x\n", ["b"], 2, "a: &x 1\nb: 2\n"),
    "an anchor kept": ("a: &x 1\nb: *x\n", ["a"], 2, "a: &x 2\nb: *x\n"),
    "line breaks": ("d:\r\n  a: b\r\n", ["d", "z"], "x", "d:\r\n  a: b\r\n  z: x\r\n"),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_set(case: str) -> None:
    text, path, value, expected = SETTINGS[case]
    assert set_value(text, path, value) == expected
    assert set_value(expected, path, value) == expected


def test_only_what_is_missing_is_set() -> None:
    assert set_value("d:\n  a: mine\n", ["d", "a"], "theirs", only_missing=True) == "d:\n  a: mine\n"
    assert set_value("d:\n  a:\n", ["d", "a"], "theirs", only_missing=True) == "d:\n  a:\n"
    merged = "x: &x {a: mine}\nd:\n  <<: *x\n"
    assert set_value(merged, ["d", "a"], "theirs", only_missing=True) == merged


OBJECTS = "kind: A\nmetadata:\n  name: one\n---\n# two\nkind: A\nmetadata:\n  name: two\n  namespace: n\nl:\n- x\n"


def test_a_document_among_several() -> None:
    number = select(OBJECTS, kind="A", name="two")
    assert insert_item(OBJECTS, ["l"], "z", document=number) == f"{OBJECTS}- z\n"
    assert set_value(OBJECTS, ["spec"], 1, document=0) == OBJECTS.replace("one\n", "one\nspec: 1\n")
    with pytest.raises(EditError, match="more than one A"):
        select(OBJECTS, kind="A")
    with pytest.raises(EditError, match="no B two"):
        select(OBJECTS, kind="B", name="two")


def test_add_document() -> None:
    new = "kind: B\nmetadata:\n  name: two\n"
    assert add_document(OBJECTS, new) == f"{OBJECTS}---\n{new}"
    assert add_document(OBJECTS, f"---\n{new}---\nkind: A\nmetadata: {{name: one}}\n") == f"{OBJECTS}---\n{new}"
    assert add_document("", new) == new
    assert add_document("a: 1\r\n", new) == "a: 1\r\n---\r\n" + new.replace("\n", "\r\n")
    assert load_documents(add_document("a: |+\n  t\n\n", new)) == [{"a": "t\n\n"}, load_documents(new)[0]]


ERRORS = {
    "several documents": (OBJECTS, ["l"], "2 documents stand in this file"),
    "a text where a list should be": ("l: x\n", ["l"], "l is not a list: x"),
    "a list where a mapping should be": ("l:\n- x\n", ["l", "m"], "l is not a mapping: - x"),
    "an alias on the way": ("a: &a {l: [x]}\nb: *a\n", ["b", "l"], "b is an alias of what stands elsewhere: *a"),
    "a key twice": ("l: [a]\nl: [b]\n", ["l"], "the key l stands twice in one mapping"),
    "no item of that number": ("l: [a]\n", ["l", 3, "k"], "l has no item number 3"),
    "no YAML": ("l: [a\n", ["l"], "not valid YAML"),
    "control characters": ("l: [\x00]\n", ["l"], "not valid YAML"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_what_cannot_be_edited_is_told_with_its_place(case: str) -> None:
    text, path, message = ERRORS[case]
    with pytest.raises(EditError) as caught:
        insert_item(text, path, "new", create=True, file="apps/kustomization.yaml")
    assert message in str(caught.value)
    assert str(caught.value).startswith("apps/kustomization.yaml")
    assert caught.value.hint


def test_a_missing_list_is_made_only_when_asked() -> None:
    with pytest.raises(EditError, match=r"there is no list spec\.l"):
        insert_item("spec: {}\n", ["spec", "l"], "x")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "- " * 100_000,
        "{a: " * 50_000,
        "a:\n" * 500_000,
        "&a " * 1000,
        "a: 1\n" * 300_000,
        "? " * 10_000,
        "'" + "x\n" * 99_999,
    ],
    ids=["brackets", "dashes", "braces", "keys", "anchors", "long", "questions", "quote"],
)
def test_hostile_texts_are_refused_in_time(text: str) -> None:
    start = time.process_time()
    with pytest.raises(EditError):
        insert_item(text, ["l", "m"], "x", create=True)
    assert time.process_time() - start < 20
