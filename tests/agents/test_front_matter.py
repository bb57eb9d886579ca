"""Front matter: what is read, where it stands, and what is refused before it costs anything."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.agents.front_matter import FrontMatterError, parse, split


def read(text: str) -> dict[str, object]:
    head, _ = split(text)
    return {entry.key: entry.value for entry in parse(head).entries}


def test_values_have_their_types_and_places() -> None:
    text = "---\ndescription: 'Plans'\ntools: ['fetch', 'search']\nsend: true\n\nnested:\n  a: 1\n---\n\n# Body\n"
    head, body = split(text)
    front = parse(head)
    assert [(item.key, item.value, item.line) for item in front.entries] == [
        ("description", "Plans", 2),
        ("tools", ["fetch", "search"], 3),
        ("send", True, 4),
        ("nested", {"a": 1}, 6),
    ]
    assert body == "\n# Body\n"
    assert front.text("description") == "Plans"
    assert front.text("tools") == ""


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("no front matter\n", "no front matter\n"),
        ("---\n---\nbody", "body"),
        ("---\r\na: b\r\n---\r\nbody\r\n", "body\r\n"),
        ("\ufeff---\na: b\n---\nbody", "body"),
        ("---\n\nonly a rule across the page\n", "---\n\nonly a rule across the page\n"),
        ("", ""),
    ],
)
def test_the_body_is_what_stands_below(text: str, rest: str) -> None:
    assert split(text)[1] == rest


@pytest.mark.parametrize(
    ("text", "line", "column", "told"),
    [
        ("---\na: b: c\n---\n", 2, 5, "mapping values"),
        ("---\na: 1\napplyTo: **/*.ts\n---\n", 3, 10, "an alias"),
        ("---\na: &x [1]\nb: *x\n---\n", 3, 4, "an alias"),
        ("---\n- a\n- b\n---\n", 2, 1, "no mapping"),
        ("---\na: 1\nb: 2\na: 3\n---\n", 4, 1, "there twice"),
        ("---\na: [1\n---\n", 3, 1, "expected"),
        ("---\na: b\n", 1, 1, "no end"),
        ("---\na: \x00\n---\n", 2, 1, "unacceptable character"),
        ("---\na: " + "[" * 30 + "]" * 30 + "\n---\n", 2, 1, "nested too deeply"),
        ("---\na: [" + "1, " * 10_000 + "1]\n---\n", 2, 1, "nested too deeply or too long"),
        ("---\na: " + "x" * 70_000 + "\n---\n", 2, 1, "larger than 64 KiB"),
    ],
)
def test_what_cannot_be_read_has_a_place(text: str, line: int, column: int, told: str) -> None:
    with pytest.raises(FrontMatterError, match=told) as caught:
        parse(split(text)[0])
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_pattern_without_quotes_gets_the_advice_to_quote_it() -> None:
    with pytest.raises(FrontMatterError) as caught:
        parse("applyTo: *.ts\n")
    assert "quote it" in caught.value.hint


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    begun = time.monotonic()
    with pytest.raises(FrontMatterError, match="alias"):
        parse("\n".join(lines) + "\n")
    assert time.monotonic() - begun < 8


def test_no_tag_makes_an_object() -> None:
    assert read("---\na: !!python/object/apply:os.system ['true']\nb: 2026-01-02\nc: 0x1F\n---\n")["a"] == ["true"]


@given(st.text(alphabet="ab:-#&*!|>[]{},'\"\\%@` \n\t\r\u2028\x00é0", max_size=80))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    whole = f"---\n{text}\n---\nbody\n"
    try:
        head, body = split(whole)
        parse(head)
    except FrontMatterError as error:
        assert error.line >= 1
        assert error.column >= 1
        assert error.message
    else:
        assert whole.endswith(body)
