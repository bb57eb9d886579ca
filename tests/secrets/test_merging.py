"""Values are merged into a file: what was there stays as a person wrote it."""

from __future__ import annotations

import json
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from elysium.errors import SealingError
from elysium.sealing.sealed import Scope
from elysium.secrets import Place, merged_text, place_in, sealed_text
from tests.secrets.sealing_keys import certificate, opened

HEAD = "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: app\n  namespace: web\n"


def merged(text: str, **values: bytes) -> str:
    return merged_text(text, values=values, certificate=certificate())


def read(text: str) -> dict[str, str]:
    found = YAML(typ="safe", pure=True).load(text)["spec"]["encryptedData"]
    assert isinstance(found, dict)
    return found


def masked(text: str) -> str:
    """The text with new values as `NEW`."""
    made = YAML(typ="safe", pure=True).load(text)
    for value in made["spec"]["encryptedData"].values():
        if str(value).startswith("AQ"):
            text = text.replace(value, "NEW")
    return text


def test_comments_order_and_quotes_stay() -> None:
    text = (
        "# Why this is here.\n---\n" + HEAD + "spec:\n"
        "  template:   # first, by hand\n    type: Opaque\n"
        '  encryptedData:\n    # the old one\n    zeta: \'Ag1\'   # turned every year\n    "alpha": "Ag2"\n'
        "    beta: |\n      Ag3\n    # the end\n\n# after all\n"
    )
    expected = text.replace("'Ag1'", "'NEW'").replace("|\n      Ag3\n", "NEW\n    delta: NEW\n")
    assert masked(merged(text, zeta=b"1", beta=b"2", delta=b"3")) == expected


def test_what_is_in_order_stays_in_order() -> None:
    text = HEAD + "spec:\n  encryptedData:\n    # for b\n    b: Ag\n    # for d\n    d: Ag\n  template: {}\n"
    body = "    a: NEW\n    # for b\n    b: Ag\n    c: NEW\n    # for d\n    d: Ag\n    e: NEW\n"
    body += "    k2: NEW\n    k10: NEW\n"
    made = merged(text, e=b"", a=b"", c=b"", k10=b"", k2=b"")
    assert masked(made) == HEAD + "spec:\n  encryptedData:\n" + body + "  template: {}\n"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("spec:\n  encryptedData:\n", "spec:\n  encryptedData:\n    a: NEW\n    b: NEW\n"),
        ("spec:\n  encryptedData:", "spec:\n  encryptedData:\n    a: NEW\n    b: NEW\n"),
        ("spec:\n  encryptedData: {}  # c\n", "spec:\n  encryptedData:  # c\n    a: NEW\n    b: NEW\n"),
        (
            "spec:\n  encryptedData: null\n  template: {}\n",
            "spec:\n  encryptedData:\n    a: NEW\n    b: NEW\n  template: {}\n",
        ),
        ("spec:\n    template: {}\n", "spec:\n    encryptedData:\n      a: NEW\n      b: NEW\n    template: {}\n"),
        ("spec: {}\n", "spec:\n  encryptedData:\n    a: NEW\n    b: NEW\n"),
        ("spec: # c\n", "spec: # c\n  encryptedData:\n    a: NEW\n    b: NEW\n"),
        ("spec: {template: {}}\n", "spec: {encryptedData: {a: NEW, b: NEW}, template: {}}\n"),
        ("spec: {encryptedData: {}}\n", "spec: {encryptedData: {a: NEW, b: NEW}}\n"),
        ("spec: {encryptedData: }\n", "spec: {encryptedData: {a: NEW, b: NEW} }\n"),
        ("spec:\n  encryptedData: {b: Ag}\n", "spec:\n  encryptedData: {a: NEW, b: NEW}\n"),
        ("spec:\n  encryptedData: {a: 'Ag', c: Ag,}\n", "spec:\n  encryptedData: {a: 'NEW', b: NEW, c: Ag,}\n"),
        ("spec:\n  encryptedData: {0: Ag}\n", "spec:\n  encryptedData: {0: Ag, a: NEW, b: NEW}\n"),
        (
            "spec:\n  encryptedData: {\n    a: Ag, # one, two\n    z: Ag # last\n  }\n",
            "spec:\n  encryptedData: {\n    a: NEW, # one, two\n    b: NEW,\n    z: Ag # last\n  }\n",
        ),
        (
            "spec:\n  encryptedData: {\n    a: Ag # last\n  }\n",
            "spec:\n  encryptedData: {\n    a: NEW, # last\n    b: NEW\n  }\n",
        ),
        (
            "spec:\n  encryptedData: {\n    c: Ag\n  }\n",
            "spec:\n  encryptedData: {\n    a: NEW,\n    b: NEW,\n    c: Ag\n  }\n",
        ),
        (
            "spec:\n  encryptedData: {\n    0: Ag\n    , c: Ag}\n",
            "spec:\n  encryptedData: {\n    0: Ag, a: NEW, b: NEW\n    , c: Ag}\n",
        ),
        ("spec:\n  encryptedData:\n    a:\n    b: ~", "spec:\n  encryptedData:\n    a: NEW\n    b: NEW"),
        ("spec:\n  encryptedData:\n    0: Ag", "spec:\n  encryptedData:\n    0: Ag\n    a: NEW\n    b: NEW\n"),
        (
            "spec:\n  encryptedData:\n    a: >-\n        Ag\n\n        Ag\n      # mine\n    b: |+\n      Ag\n\n"
            "  template: {}\n",
            "spec:\n  encryptedData:\n    a: NEW\n      # mine\n    b: NEW\n\n  template: {}\n",
        ),
        ('spec:\n  encryptedData:\n    a: "Ag\n      Ag"\n', 'spec:\n  encryptedData:\n    a: "NEW"\n    b: NEW\n'),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_shape_of_a_file_is_edited_in_place(spec: str, expected: str, end: str) -> None:
    text = (HEAD + spec).replace("\n", end)
    made = merged(text, a=b"1", b=b"2")
    assert masked(made) == (HEAD + expected).replace("\n", end)
    assert {key: value for key, value in opened(made, b"web/app").items() if value} == {"a": b"1", "b": b"2"}


def test_json_stays_json() -> None:
    body = {
        "kind": "SealedSecret",
        "apiVersion": "bitnami.com/v1alpha1",
        "metadata": {"name": "app", "namespace": "web"},
        "spec": {"encryptedData": {"a": "Ag", "c": "Ag"}, "template": {"type": "Opaque"}},
    }
    for indent in (None, 2):
        made = json.loads(masked(merged(json.dumps(body, indent=indent), c=b"", b=b"", d=b"")))
        assert made["spec"]["encryptedData"] == {"a": "Ag", "b": "NEW", "c": "NEW", "d": "NEW"}
        assert made | {"spec": 0} == body | {"spec": 0}
    assert json.loads(merged(json.dumps(body | {"spec": {}}), b=b""))["spec"]["encryptedData"].keys() == {"b"}


@pytest.mark.parametrize("scope", list(Scope))
def test_the_file_says_for_whom(scope: Scope) -> None:
    annotation = f"  annotations: {{sealedsecrets.bitnami.com/{scope}: 'true'}}\n"
    text = HEAD + annotation + "spec: {}\n"
    place = place_in(text)
    assert place == Place(name="app", namespace="web", scope=scope)
    assert opened(merged(text, a=b"x"), place.label) == {"a": b"x"}


def test_what_we_write_can_be_merged_into() -> None:
    text = sealed_text(name="app", namespace="web", values={"b": b"1"}, certificate=certificate(), comments=["Why."])
    made = merged(text, a=b"2", b=b"3")
    assert opened(made, b"web/app") == {"a": b"2", "b": b"3"}
    assert made.startswith("---\n# Why.\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this file holds no SealedSecret"),
        ("kind: Secret\n", "this file holds no SealedSecret"),
        ("- a\n", "this file holds no SealedSecret"),
        (f"{HEAD}spec: {{}}\n---\n{HEAD}spec: {{}}\n", "this file holds 2 SealedSecrets"),
        ("a: [", "this is not YAML: expected the node content, but found '<stream end>'"),
        ("a: \x00", "this is not YAML"),
        ("[" * 5000, "this file is too large or nested too deeply"),
        ("[" * 199, "this is not YAML: expected the node content, but found '<stream end>'"),
        (HEAD, "this SealedSecret has no spec"),
        (HEAD + "spec: []\n", "this SealedSecret has no spec"),
        ("x: &e {}\n" + HEAD + "spec: *e\n", "this SealedSecret has no spec"),
        (HEAD + "spec:\n  encryptedData: text\n", "spec.encryptedData is no mapping of its own"),
        (HEAD + "spec:\n  template: &t {a: b}\n  encryptedData: *t\n", "spec.encryptedData is no mapping of its own"),
        (HEAD + "spec:\n  encryptedData: {a: [Ag]}\n", 'encryptedData "a" is no text of its own'),
        (HEAD + "spec:\n  encryptedData: {a: &x Ag, b: *x}\n", 'encryptedData "a" is no text of its own'),
        (HEAD + "spec:\n  encryptedData: {b: &x Ag, a: *x}\n", 'encryptedData "a" is no text of its own'),
        (HEAD.replace("  name: app\n", "") + "spec: {}\n", "missing metadata.name in input Secret"),
        (HEAD.replace("web", "n") + "spec: {}\n", "secret must declare a namespace"),
        (HEAD.replace("web", "${NS}") + "spec: {}\n", "metadata.namespace '${NS}' holds a variable"),
    ],
)
def test_a_file_that_cannot_be_edited_is_refused(text: str, message: str) -> None:
    with pytest.raises(SealingError) as caught:
        merged_text(text, values={"a": b"hunter2"}, certificate=certificate(), subject="app.yaml")
    assert caught.value.message == message
    assert caught.value.subject.startswith("app.yaml")
    assert caught.value.hint
    assert "hunter2" not in f"{caught.value}{caught.value.hint}"


KEYS = st.text("abc01._-", min_size=1, max_size=3).filter(lambda key: key not in (".", ".."))
VALUES = st.sampled_from(
    [
        "AgA=",
        "'AgB='",
        '"AgC="',
        "|\n      AgD",
        ">-\n        AgE\n\n        AgE",
        "",
        "~",
        '"Ag\n      F"',
        "!!str AgG",
    ]
)
COMMENTS = st.sampled_from(["", "", "    # one\n", "\n", "      # deep: er\n    # two\n"])
NOTES = st.sampled_from(["", "  # note", " # a: b, c"])


@st.composite
def files(draw: st.DrawFn) -> str:
    """A SealedSecret that a person has written."""
    lines = []
    for key in draw(st.lists(KEYS, max_size=5, unique=True)):
        value = draw(VALUES)
        note = "" if "\n" in value else draw(NOTES)
        lines.append(f"{draw(COMMENTS)}    {json.dumps(key)}: {value}{note}\n")
    field = f"  encryptedData:{draw(NOTES)}\n{''.join(lines)}{draw(COMMENTS)}"
    template = "  template:\n    type: Opaque\n"
    spec = template + field if draw(st.booleans()) else field + template
    text = f"{HEAD}spec:\n{spec}" + draw(st.sampled_from(["", "# end\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@settings(max_examples=30)
@given(files(), st.dictionaries(KEYS, st.binary(max_size=9), max_size=4))
def test_no_comment_and_no_other_value_is_lost(text: str, values: dict[str, bytes]) -> None:
    made = merged_text(text, values=values, certificate=certificate())
    assert comments(made) == comments(text)
    before, after = YAML(typ="safe", pure=True).load(text), YAML(typ="safe", pure=True).load(made)
    known = before["spec"].pop("encryptedData") or {}
    found = after["spec"].pop("encryptedData") or {}
    assert after == before
    assert {key: value for key, value in found.items() if key not in values} == {
        key: value for key, value in known.items() if key not in values
    }
    assert found.keys() == known.keys() | values.keys()
    assert [key for key in found if key in known] == list(known)
    if values:
        assert {key: opened(made, b"web/app")[key] for key in values} == values
    assert set(made.replace("\r\n", "")) & {"\r"} == set()


def comments(text: str) -> list[str]:
    return [line[line.index("#") :] for line in text.splitlines() if "#" in line]


@settings(max_examples=40)
@given(st.text(max_size=80) | st.text("{}[],:#&*!|>'\"-? \na", max_size=60))
def test_any_text_is_edited_or_refused(text: str) -> None:
    for whole in (text, HEAD + textwrap.indent(text, "  "), HEAD + "spec:\n  encryptedData: " + text):
        try:
            made = merged_text(whole, values={"a": b"x"}, certificate=certificate())
        except SealingError as refused:
            assert refused.hint
        else:
            assert read(made)["a"].startswith("AQ")
