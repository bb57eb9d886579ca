"""Results to text, JSON, YAML and names. Modules are imported one by one, so that nobody pays for what they do not show."""

from __future__ import annotations

__all__: list[str] = []
