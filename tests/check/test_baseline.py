"""The file of known findings: what it looks like, and what it takes back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.check import baseline
from elysium.check.identity import Identity
from elysium.errors import SettingsError

ONE = Identity(file="apps/a.yaml", object="Secret/web/login", rule="plaintext-secret", message="a key")
TWO = Identity(file="", object="", rule="yaml-syntax", message='a "quoted" message')


def test_a_baseline_is_sorted_with_one_finding_a_line() -> None:
    text = baseline.write([ONE, TWO, ONE])
    assert text.splitlines() == [
        "{",
        ' "version": 1,',
        ' "findings": [',
        '  {"rule":"yaml-syntax","message":"a \\"quoted\\" message"},',
        '  {"file":"apps/a.yaml","object":"Secret/web/login","rule":"plaintext-secret","message":"a key","count":2}',
        " ]",
        "}",
    ]
    assert baseline.write([TWO, ONE, ONE]) == text
    assert json.loads(baseline.write([])) == {"version": 1, "findings": []}


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
IDENTITIES = st.builds(Identity, file=TEXTS, object=TEXTS, rule=TEXTS, message=TEXTS)


@given(st.lists(IDENTITIES, max_size=6))
def test_what_is_written_is_read_again(identities: list[Identity]) -> None:
    assert sorted(baseline.parse(baseline.write(identities), "known.json")) == sorted(identities)


@pytest.mark.parametrize(
    ("old", "new", "line", "part"),
    [
        ('"rule":"plaintext-secret",', "", 5, "rule"),
        ('"count":2', '"count":"two"', 5, "int"),
        ('"count":2', '"count":0', 5, "0"),
        ('"count":2', '"counts":2', 5, "counts"),
        ('"version": 1', '"version": 7', 2, "version 7"),
        ('"message":"a key"', '"message":"a ke', 5, "JSON"),
        ('"findings": [', '"findings": {', 3, ""),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, line: int, part: str) -> None:
    text = baseline.write([ONE, TWO, ONE]).replace(old, new)
    with pytest.raises(SettingsError) as caught:
        baseline.parse(text, "known.json")
    assert part in caught.value.message
    assert caught.value.subject.startswith(f"known.json:{line}")
    assert "--update-baseline" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"version":1,"findings":' + "[" * 100_000, '{"version":1,"findings":[' + '{"rule":' * 100_000],
)
def test_what_is_nested_without_end_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        baseline.parse(text, "known.json")


def test_a_count_without_end_is_refused() -> None:
    many = baseline.write([ONE]).replace('"a key"}', '"a key","count":1000000000000}')
    with pytest.raises(SettingsError, match="count cannot be"):
        baseline.parse(many, "known.json")
