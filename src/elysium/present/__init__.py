"""Results to text, JSON, YAML and names. Import the module you need: nobody pays for the rest."""

from __future__ import annotations

__all__: list[str] = []
