"""The documentation of rules, as it is packaged: beside the code, or in `docs/rules` of a checkout."""

from __future__ import annotations

from pathlib import Path

from elysium.check import registry

__all__ = ["page"]

_PLACES = (Path(__file__).parent / "pages", Path(__file__).resolve().parents[3] / "docs" / "rules")


def page(identifier: str) -> str:
    """The page of a rule, Markdown; what its module says where the pages were not installed."""
    for place in _PLACES:
        path = place / f"{identifier}.md"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    if identifier not in registry.PIPELINE:
        return ""
    return f"# {identifier}\n\n{registry.load(identifier).explanation}\n"
