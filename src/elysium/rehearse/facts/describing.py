"""What was taken for granted, as lines for a person."""

from __future__ import annotations

from elysium.rehearse.facts.facts import Facts

__all__ = ["describe"]

_MOST_NAMED = 6


def describe(facts: Facts) -> list[str]:
    """One line for the nodes, one for each sort of class, then every assumption."""
    made_up = " (made up)" if "nodes" in facts.made_up else ""
    lines = [f"nodes{made_up}: {_named(facts.nodes)}"]
    for setting, names in facts.classes.items():
        made_up = " (some made up)" if setting in facts.made_up else ""
        if names or made_up:
            lines.append(f"{setting.replace('-', ' ')}{made_up}: {_named(names)}")
    return [*lines, *facts.assumptions]


def _named(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more if names else "none"
