"""The pytest plugin: found by its entry point, so whatever it needs is imported when a test asks for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from elysium.testing.control_plane import ControlPlane

__all__ = ["control_plane"]

_SELDOM = 200


@pytest.fixture(scope="session")
def control_plane(request: pytest.FixtureRequest) -> Iterator[ControlPlane]:
    """A Kubernetes API server with controllers, for all tests of the session that ask for it.

    It is built on first use, which takes minutes, starts in seconds, and is gone at the end with all that it held.
    """
    from contextlib import ExitStack

    from elysium.testing.control_plane import start

    capturing = request.config.pluginmanager.getplugin("capturemanager")
    with ExitStack() as stack:
        with capturing.global_and_fixture_disabled() if capturing else nullcontext():
            running = start(stack, _tell)
        yield running


def _tell(text: str, done: int, total: int) -> None:
    """Show the build, which is long, and be silent about the rest."""
    if total and done % _SELDOM == 0:
        print(f"elysium: {text} ({done} of {total})", file=sys.stderr, flush=True)
