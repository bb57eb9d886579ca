"""Fields that differ."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.compare.fields import differences


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("a", "1", "2")]),
        ({"a": 1}, {"a": True}, [("a", "1", "true")]),
        ({"a": {"b": None}}, {"a": {}}, [("a.b", "null", "")]),
        ({}, {"a.b/c": "x"}, [('["a.b/c"]', "", '"x"')]),
        ({"a": [1, 2]}, {"a": [1, 3, 4]}, [("a[1]", "2", "3"), ("a[2]", "", "4")]),
        (
            {"a": [{"name": "x", "v": 1}, {"name": "y", "v": 2}]},
            {"a": [{"name": "y", "v": 3}, {"name": "x", "v": 1}]},
            [("a[y].v", "2", "3")],
        ),
        ({"a": [{"name": "x"}]}, {"a": {"x": 1}}, [("a", '[{"name":"x"}]', '{"x":1}')]),
        ({"a": [{"name": {}}]}, {"a": [{"name": []}]}, [("a[0].name", "{}", "[]")]),
    ],
)
def test_fields(before: Any, after: Any, changes: list[tuple[str, str, str]]) -> None:
    assert [(item.path, item.before, item.after) for item in differences(before, after)] == changes


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "a", "b"]), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_equal_values_have_no_difference_and_any_value_may_stand_anywhere(before: Any, after: Any) -> None:
    assert list(differences(before, before)) == []
    list(differences(before, after))
