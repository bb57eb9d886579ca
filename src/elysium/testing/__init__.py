"""Fixtures for the tests of others: a real API server, as the pytest plugin `elysium` gives it (docs/testing.md)."""

from __future__ import annotations

__all__: list[str] = []
