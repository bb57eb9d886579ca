"""Plans: documents for people whose every item has a check, an owner and evidence. Their state is computed.

What is exported here is imported when it is first asked for: most commands need a part of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from elysium.plans.document.composing import compose
    from elysium.plans.document.parsing import parse
    from elysium.plans.progress.verification import ItemResult, PartState, Verification
    from elysium.plans.progress.verifying import Chosen, verify
    from elysium.plans.results import Evidence, Outcome, Result
    from elysium.plans.types import Item, Mark, Part, Plan
    from elysium.plans.world import World

__all__ = [
    "Chosen",
    "Evidence",
    "Item",
    "ItemResult",
    "Mark",
    "Outcome",
    "Part",
    "PartState",
    "Plan",
    "Result",
    "Verification",
    "World",
    "compose",
    "parse",
    "verify",
]

_LATER = {
    "document.composing": ("compose",),
    "document.parsing": ("parse",),
    "results": ("Evidence", "Outcome", "Result"),
    "types": ("Item", "Mark", "Part", "Plan"),
    "progress.verification": ("ItemResult", "PartState", "Verification"),
    "progress.verifying": ("Chosen", "verify"),
    "world": ("World",),
}


def __getattr__(name: str) -> Any:
    module = next((module for module, names in _LATER.items() if name in names), None)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"elysium.plans.{module}"), name)
