"""One cache for all of these tests: they render nearly the same repositories, over and over."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _cache(_own_surroundings: None, warm_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELYSIUM_CACHE", str(warm_cache))
