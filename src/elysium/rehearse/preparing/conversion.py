"""Webhooks of conversion: a definition without one keeps its kind usable although its operator does not run.

Otherwise every object in another version than the stored one is refused with `conversion webhook for … failed`.
"""

from __future__ import annotations

from typing import Any

from elysium.model import RenderedObject
from elysium.rehearse.types import Phase, Unknown

__all__ = ["without_conversion", "without_webhook"]


def without_conversion(
    item: RenderedObject, body: dict[str, Any], phase: Phase
) -> tuple[dict[str, Any], tuple[Unknown, ...]]:
    """The definition with the strategy `None`. Where it serves several versions, how they convert is not known."""
    changed = without_webhook(body)
    if changed is body:
        return body, ()
    served = _served(body["spec"])
    if len(served) < 2:
        return changed, ()
    message = (
        f"nothing converts between {', '.join(served)}: "
        "an object in another version than the stored one keeps only the fields that both have"
    )
    unknown = Unknown(phase=phase, code="conversion", message=message, unit=item.origin.unit, object=item.id)
    return changed, (unknown,)


def without_webhook(definition: dict[str, Any]) -> dict[str, Any]:
    """The definition itself where no webhook converts, otherwise one with the strategy `None`."""
    spec = definition.get("spec")
    conversion = spec.get("conversion") if isinstance(spec, dict) else None
    if not isinstance(spec, dict) or not isinstance(conversion, dict) or conversion.get("strategy") != "Webhook":
        return definition
    return definition | {"spec": spec | {"conversion": {"strategy": "None"}}}


def _served(spec: dict[str, Any]) -> list[str]:
    versions = spec.get("versions")
    listed = [entry for entry in versions if isinstance(entry, dict)] if isinstance(versions, list) else []
    return [str(entry.get("name")) for entry in listed if entry.get("served")]
