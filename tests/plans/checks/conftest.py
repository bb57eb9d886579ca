"""Worlds that serve several tests: the example, a cluster that is not wholly known, and a folder without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from elysium.api.plan_world import PlanWorld
from tests.plans.checks.asking import CLUSTER, copied, opened, write

_EXAMPLE = Path(__file__).parents[3] / "examples" / "kyrion"


@pytest.fixture(scope="session")
def kyrion(tmp_path_factory: pytest.TempPathFactory, warm_cache: Path) -> Iterator[PlanWorld]:
    """The example, where every unit renders."""
    with opened(copied(_EXAMPLE, tmp_path_factory.mktemp("plans") / "kyrion")) as world:
        yield world


@pytest.fixture(scope="session")
def dim(tmp_path_factory: pytest.TempPathFactory, warm_cache: Path) -> Iterator[PlanWorld]:
    """A cluster with a release that is unknown."""
    with opened(write(tmp_path_factory.mktemp("dim"), CLUSTER)) as world:
        yield world
