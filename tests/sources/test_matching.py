"""Patterns as Go reads them."""

from __future__ import annotations

import time

import pytest

from elysium.sources.matching import is_glob, matches, matches_recursively


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.yaml", "a.yaml", True),
        ("*.yaml", "d/a.yaml", False),
        ("d/*", "d/.hidden", True),
        ("**", "d", True),
        ("d/**", "d/a/b", False),
        ("d/**/*.yaml", "d/x/a.yaml", True),
        ("d/**/*.yaml", "d/a.yaml", False),
        ("a?c", "abc", True),
        ("[a-c]x", "bx", True),
        ("[^a-c]x", "bx", False),
        (r"a\*", "a*", True),
        (r"a\*", "ab", False),
    ],
)
def test_one_level(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("**", "a/b/c", True),
        ("**/testdata/**", "a/testdata/b", True),
        ("**/testdata/**", "testdata/b/c", True),
        ("**/testdata/**", "a/test/b", False),
        ("a/**", "a", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("*.{yaml,yml}", "a.yml", True),
        ("{a,b/c}/*.md", "b/c/x.md", True),
        ("*.md", "d/x.md", False),
    ],
)
def test_any_level(pattern: str, path: str, expected: bool) -> None:
    assert matches_recursively(pattern, path) is expected


def test_what_is_a_pattern() -> None:
    assert [is_glob(text) for text in ("a/b.yaml", "a/*", "a?", "[a]")] == [False, True, True, True]


@pytest.mark.parametrize("pattern", ["[a", "a\\"])
def test_broken_patterns(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        matches(pattern, "a")


def test_hostile_patterns_take_no_time() -> None:
    started = time.monotonic()
    assert not matches("*a" * 60 + "b", "a" * 250)
    assert not matches_recursively("**/*a/" * 40 + "x", "/".join(["a"] * 200))
    with pytest.raises(ValueError, match="too many"):
        matches_recursively("{a,b}" * 20, "a")
    assert time.monotonic() - started < 5
