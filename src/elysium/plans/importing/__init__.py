"""Any Markdown plan as a typed one: its text stays, and what can be told of it is written beside it."""

from __future__ import annotations

from elysium.plans.importing.importing import Imported, import_plan

__all__ = ["Imported", "import_plan"]
