"""Every two options of every two components together: repositories without a finding under strict."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scaffold.choices import factors, instances, library
from tests.scaffold.combinations import MOST, SPACE, WRITE_ANEW, combination, rows
from tests.scaffold.covering import unmet
from tests.scaffold.feasible import whole
from tests.scaffold.harness import assert_clean


@pytest.mark.parametrize("number", range(len(rows())))
def test_a_combination_passes_the_strict_check(number: int, repository: Path) -> None:
    assert_clean(combination(rows()[number], repository), units=4)


def test_the_array_knows_every_factor() -> None:
    known = {name: set(values) for name, values in factors().items()}
    unknown = {(name, value) for row in rows() for name, value in row.items() if value not in known.get(name, set())}
    assert not unknown, f"{sorted(unknown)}: {WRITE_ANEW}"
    assert 40 <= len(rows()) <= MOST


def test_every_two_values_that_can_meet_do() -> None:
    left = unmet(SPACE, rows())
    assert not left, f"{len(left)} pairs do not meet, such as {left[:3]}: {WRITE_ANEW}"


def test_rows_go_together_and_have_what_they_need() -> None:
    for number, row in enumerate(rows()):
        assert whole(row) == row, f"row {number}: {WRITE_ANEW}"


def test_every_component_is_in_the_array() -> None:
    assert {item.component for item in instances().values()} == set(library())
