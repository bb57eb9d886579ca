"""Patterns: the same as Python's where both know them, and in time that grows with the text alone."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.plans.checks.patterns import Pattern, TooMuchWork

_PATTERNS = (
    "a", "a|b", "ab*c", "(ab)+", "^a", "a$", "^$", "a{2,3}b", "[a-c]+d", "[^a]b", r"\d+", "(?i)AB", "a?b?c", "(a|b)*c",
    "^(a|bc)+$", "", "a|", "[]a]", "x(?:yz)?w", r"\w\s\w", "(a+)+b", "^a{0,2}$", "a{3}", "b$|^c", "(^|b)c", r"[\d-]x",
    r"\S\W", "a{1,}b", ".+x.", "a+?b",
)  # fmt: skip


@pytest.mark.parametrize("pattern", _PATTERNS)
@given(text=st.text(alphabet="abcdxyzwAB1 -", max_size=12))
def test_a_pattern_means_what_it_means_to_python(pattern: str, text: str) -> None:
    assert bool(Pattern(pattern).line_of(text)) == bool(re.search(pattern, text))


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(", "not closed"), (")", "not opened"), ("[a", "not closed"), ("a{2", "number of times"), ("*", "repeat"),
        ("(?=a)", "not known"), (r"\1", "not known"), (r"\b", "not known"), ("a\\", "backslash"), ("a{2,1}", "times"),
        ("a{9999}", "times"), ("[b-a]", "before it begins"), ("(" * 60 + ")" * 60, "deeply"), ("a" * 501, "longer"),
        ("((a{100}){100})", "too much"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_pattern_is_told(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Pattern(pattern)


def test_the_line_is_told() -> None:
    assert Pattern("^b$").line_of("a\r\nb\r\nc") == 2


def test_a_pattern_that_would_never_end_ends() -> None:
    started = time.monotonic()
    for pattern in ("(a+)+b", "(a|a)*b", "(a|aa)+$b", "(.*)*x"):
        assert Pattern(pattern).line_of("a" * 200_000) == 0
    assert time.monotonic() - started < 3


def test_a_pattern_that_goes_too_many_ways_is_given_up() -> None:
    pattern = Pattern("[ab]*a[ab]{60}[ab]{60}c")
    text = "".join(random.Random(1).choices("ab", k=300_000))
    started = time.monotonic()
    with pytest.raises(TooMuchWork):
        pattern.line_of(text)
    assert time.monotonic() - started < 10
