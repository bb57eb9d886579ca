"""Every two options of every two components together: repositories without a finding under strict."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scaffold.combinations import NUMBER, combination, rows
from tests.scaffold.harness import assert_clean


@pytest.mark.parametrize("number", range(NUMBER))
def test_a_combination_passes_the_strict_check(number: int, repository: Path) -> None:
    assert_clean(combination(rows()[number], repository))
