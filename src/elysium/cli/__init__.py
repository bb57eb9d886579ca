"""The command `elysium`: arguments to `elysium.api`, results to `elysium.present`, an exit code back."""

from __future__ import annotations

__all__: list[str] = []
