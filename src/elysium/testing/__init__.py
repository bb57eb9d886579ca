"""Fixtures for the tests of others: a real API server, as the pytest plugin `elysium` gives it (docs/testing.md).

Every run of pytest imports this package, so what it exports is imported when it is first asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from elysium.testing.control_plane import ControlPlane, Refused

__all__ = ["ControlPlane", "Refused"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("elysium.testing.control_plane"), name)
