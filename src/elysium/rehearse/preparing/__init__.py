"""What is sent to the server for a rendered object: itself, unless it would call what is not there."""

from __future__ import annotations

from elysium.rehearse.preparing.prepared import Prepared
from elysium.rehearse.preparing.preparing import prepare

__all__ = ["Prepared", "prepare"]
