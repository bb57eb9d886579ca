"""Each test has a sandbox of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.sandbox import Sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """Surroundings that are watched."""
    return Sandbox(tmp_path)
