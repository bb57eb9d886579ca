"""Durations as Go and Kubernetes write them: `1h30m`, `90s`, `1.5h`."""

from __future__ import annotations

import re

__all__ = ["seconds", "written"]

_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)")
_WHOLE = re.compile(rf"(?:{_PART.pattern})+")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_LONGEST = 2**63 / 1e9  # what Go keeps in a time.Duration


def seconds(duration: str) -> int | None:
    """A duration in whole seconds; None for what is none."""
    if not _WHOLE.fullmatch(duration):
        return None
    total = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(duration))
    return int(total) if total < _LONGEST else None


def written(amount: int) -> str:
    """Whole seconds as a duration: `1h30m`, `90s` as `1m30s`."""
    hours, rest = divmod(amount, 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "m"), (left, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"
