"""The state of an item, a step or a phase, computed from results: what people typed has no part in it.

All pass: complete. Some pass: partial. Nothing does: pending. What is open is deferred throughout: deferred. Something
that is not known is never complete: unknown, or partial where something passes.
"""

from __future__ import annotations

from collections.abc import Iterable

from elysium.plans.results import Result
from elysium.plans.types import Mark

__all__ = ["combined", "of_result"]


def of_result(result: Result, *, deferred: bool) -> Mark:
    """The state of an item alone. What is deferred stays so until it passes."""
    if result is Result.PASS:
        return Mark.COMPLETE
    if deferred:
        return Mark.DEFERRED
    return Mark.PENDING if result is Result.FAIL else Mark.UNKNOWN


def combined(states: Iterable[Mark]) -> Mark:
    """The state of what consists of items with these states; of nothing, unknown."""
    found = list(states)
    still_open = [state for state in found if state is not Mark.COMPLETE]
    if found and not still_open:
        return Mark.COMPLETE
    if not found:
        return Mark.UNKNOWN
    if all(state is Mark.DEFERRED for state in still_open):
        return Mark.DEFERRED
    counted = [state for state in found if state is not Mark.DEFERRED]
    if any(state in (Mark.COMPLETE, Mark.PARTIAL) for state in counted):
        return Mark.PARTIAL
    return Mark.PENDING if Mark.PENDING in counted else Mark.UNKNOWN
