"""Names that are nearly the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.check.spelling import distance, nearest

WORDS = st.text(alphabet="abc-", max_size=8)


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [
        ("", "", 0),
        ("abc", "", 3),
        ("vaules", "values", 1),
        ("cluster-varz", "cluster-vars", 1),
        ("kitten", "sitting", 3),
    ],
)
def test_distance(left: str, right: str, edits: int) -> None:
    assert distance(left, right) == edits


@given(WORDS, WORDS)
def test_distance_is_symmetric_and_bounded(left: str, right: str) -> None:
    edits = distance(left, right)
    assert edits == distance(right, left)
    assert abs(len(left) - len(right)) <= edits <= max(len(left), len(right))
    assert (edits == 0) == (left == right)


@pytest.mark.parametrize(
    ("name", "candidates", "found"),
    [
        ("cluster-var", ["cluster-vars", "other"], "cluster-vars"),
        ("app-1", ["app-2", "app-3"], ""),
        ("db", ["de"], "de"),
        ("db", ["ab"], "ab"),
        ("db", ["xy"], ""),
        ("grafana", ["prometheus"], ""),
        ("same", ["same"], ""),
    ],
)
def test_nearest(name: str, candidates: list[str], found: str) -> None:
    assert nearest(name, candidates) == found
