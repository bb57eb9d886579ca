"""Every component and every option alone: repositories without a finding under strict.

One repository holds many components, each with one option that is not left alone, and with what this option needs. The
next repository has the next option of each, until all were there.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.scaffold.choices import BEGUN, LEFT_ALONE, PRESENT, factors, instances
from tests.scaffold.combinations import combination
from tests.scaffold.covering import Row
from tests.scaffold.feasible import whole
from tests.scaffold.harness import assert_clean

_TOGETHER = 30
"""In so many repositories there is everything, so that options meet neighbours that look for what they offer."""


@cache
def repositories() -> tuple[Row, ...]:
    """The first has everything as it is by default; the last only what still has options."""
    options = {name: _options(name) for name in instances()}
    found = [dict.fromkeys(options, PRESENT)]
    for number in range(max(map(len, options.values()))):
        begun = {name: PRESENT for name, item in instances().items() if item.component in BEGUN or number < _TOGETHER}
        found.append({**begun, **_joined(rows[number] for rows in options.values() if number < len(rows))})
    return tuple(row for row in map(whole, found) if row is not None)


def _options(name: str) -> list[Row]:
    """Each option of an instance, alone with the answers that it has no meaning without."""
    values = [(factor, value) for factor in factors() if factor.startswith(f"{name} ") for value in factors()[factor]]
    found = (whole({factor: value}) for factor, value in values if value != LEFT_ALONE)
    return [row for row in found if row is not None]


def _joined(rows: Iterable[Row]) -> Row:
    return {name: value for row in rows for name, value in row.items()}


@pytest.mark.parametrize("number", range(len(repositories())))
def test_each_option_alone_passes_the_strict_check(number: int, repository: Path) -> None:
    assert_clean(combination(repositories()[number], repository), units=4)


def test_every_option_is_there() -> None:
    there = {pair for row in repositories() for pair in row.items()}
    assert all(set(row.items()) <= there for name in instances() for row in _options(name))
