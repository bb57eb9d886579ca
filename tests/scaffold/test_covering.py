"""The rows of a covering array meet what they say that they meet."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scaffold.covering import covering

FACTORS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 4), min_size=2, max_size=8)


@settings(max_examples=50)
@given(FACTORS)
def test_every_two_values_meet(sizes: dict[str, int]) -> None:
    factors = {name: [f"{number}" for number in range(size)] for name, size in sizes.items()}
    rows, left = covering(factors, lambda row: row)
    met = {pair for row in rows for pair in combinations(sorted(row.items()), 2)}
    wanted = {
        pair
        for one, two in combinations(sorted(factors), 2)
        for pair in product([(one, value) for value in factors[one]], [(two, value) for value in factors[two]])
    }
    assert left == []
    assert met == wanted


def test_many_factors_take_few_rows() -> None:
    rows, left = covering({f"f{number}": ["yes", "no"] for number in range(200)}, lambda row: row)
    assert (left, len(rows) <= 24) == ([], True)


def test_what_never_comes_together_is_counted() -> None:
    def real(row: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in row.items() if name != "b" or row["a"] != "1"}

    _, left = covering({"a": ["1", "2"], "b": ["1", "2"]}, real)
    assert len(left) == 2
