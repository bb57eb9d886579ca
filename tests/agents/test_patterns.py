"""Patterns: the short way says the same as looking at every file."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.agents.patterns import any_match
from elysium.sources.matching import matches_recursively

SEGMENT = st.sampled_from(["a", "b.md", "*", "**", "*.md", "{a,b}", "a*", "[ab]", "?"])
PATTERN = st.lists(SEGMENT, min_size=1, max_size=4).map("/".join)
PATH = st.lists(st.sampled_from(["a", "b", "ab", "b.md", "c.yaml"]), min_size=1, max_size=4).map("/".join)


@given(pattern=PATTERN, paths=st.lists(PATH, max_size=6), anywhere=st.booleans())
def test_it_finds_what_looking_at_every_file_finds(pattern: str, paths: list[str], anywhere: bool) -> None:
    forms = [pattern, f"**/{pattern}"] if anywhere else [pattern]
    expected = any(matches_recursively(form, path) for form in forms for path in [*paths, ""])
    assert any_match(pattern, paths, anywhere=anywhere) == expected


@pytest.mark.parametrize("pattern", ["a/[b", "a\\"])
def test_a_broken_pattern_is_told_without_any_file(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        any_match(pattern, [])


def test_a_hundred_thousand_files_are_no_work() -> None:
    files = [f"apps/base/app-{number}/deployment.yaml" for number in range(100_000)]
    begun = time.monotonic()
    assert not any_match("**/Chart.yaml", files)
    assert not any_match("charts/**", files)
    assert time.monotonic() - begun < 8
