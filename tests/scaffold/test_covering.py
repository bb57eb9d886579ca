"""The rows of a covering array meet what they say that they meet, and those that are polished no less."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scaffold.covering import Row, Space, anything, covering, unmet
from tests.scaffold.polishing import polished

FACTORS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 4), min_size=2, max_size=8)


def values(sizes: dict[str, int]) -> dict[str, list[str]]:
    return {name: [f"{number}" for number in range(size)] for name, size in sizes.items()}


def met(rows: list[Row]) -> set[tuple[tuple[str, str], ...]]:
    return {pair for row in rows for pair in combinations(sorted(row.items()), 2)}


@settings(max_examples=50)
@given(FACTORS)
def test_every_two_values_meet(sizes: dict[str, int]) -> None:
    factors = values(sizes)
    rows = covering(Space(factors))
    wanted = {
        pair
        for one, two in combinations(sorted(factors), 2)
        for pair in product([(one, value) for value in factors[one]], [(two, value) for value in factors[two]])
    }
    assert met(rows) == wanted
    assert unmet(Space(factors), rows) == []


@settings(max_examples=50)
@given(FACTORS, st.integers(1, 4))
def test_what_does_not_meet_is_told(sizes: dict[str, int], most: int) -> None:
    factors = values(sizes)
    rows = covering(Space(factors), most=most)
    pairs = sum(len(one) * len(two) for one, two in combinations(factors.values(), 2))
    assert len(rows) <= most
    assert len(unmet(Space(factors), rows)) == pairs - len(met(rows))


@settings(max_examples=50)
@given(FACTORS, st.integers(1, 12))
def test_polishing_loses_nothing(sizes: dict[str, int], most: int) -> None:
    factors = values(sizes)
    rows = covering(Space(factors), most=most)
    better = polished(Space(factors), rows, rounds=3)
    assert len(better) == len(rows)
    assert len(met(better)) >= len(met(rows))
    assert all(value in factors[name] for row in better for name, value in row.items())


def test_polishing_gains_where_rows_are_alike() -> None:
    factors = values({"a": 2, "b": 2, "c": 2})
    rows = [{"a": "0", "b": "0", "c": "0"}] * 4
    assert unmet(Space(factors), polished(Space(factors), rows)) == []


def test_many_factors_take_few_rows() -> None:
    factors = values({f"f{number}": 2 for number in range(200)})
    assert len(covering(Space(factors))) <= 24


def one_never_with(row: Row, more: Row) -> Row | None:
    """`a` is never 1 where there is `b`, and brings `c`."""
    longer = anything(row, more)
    if longer is None or (longer.get("a") == "1" and "b" in longer):
        return None
    return {**longer, "c": longer.get("c", "1")} if "a" in longer else longer


def test_what_cannot_meet_is_not_missed() -> None:
    factors = values({"a": 2, "b": 2, "c": 2})
    rows = covering(Space(factors, one_never_with))
    assert unmet(Space(factors, one_never_with), rows) == []
    assert all("b" not in row for row in rows if row["a"] == "1")
    assert unmet(Space(factors), rows) == [(("a", "1"), ("b", "0")), (("a", "1"), ("b", "1"))]


def test_polished_rows_go_together() -> None:
    factors = values({"a": 2, "b": 2, "c": 2})
    rows = polished(Space(factors, one_never_with), [{"a": "0", "b": "0", "c": "0"}] * 6)
    assert all("b" not in row for row in rows if row["a"] == "1")


def test_what_is_apart_does_not_have_to_meet() -> None:
    space = Space(values({"a": 2, "b": 3}), apart={("a", "1"): ["b"]})
    rows = covering(space)
    assert len(rows) == 3
    assert unmet(space, rows) == []
    assert polished(space, rows) == rows
