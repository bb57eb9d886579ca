"""APIs that another server would serve (metrics, custom metrics): left out, since discovery waits for that server."""

from __future__ import annotations

from typing import Any

from elysium.model import RenderedObject
from elysium.rehearse.types import Phase, Unknown

__all__ = ["without_backend"]


def without_backend(
    item: RenderedObject, body: dict[str, Any], phase: Phase
) -> tuple[dict[str, Any] | None, tuple[Unknown, ...]]:
    """None for an APIService that leads to a Service; one of the API server itself stays as it is."""
    spec = body.get("spec")
    service = spec.get("service") if isinstance(spec, dict) else None
    if not isinstance(service, dict):
        return body, ()
    served = f"{service.get('namespace')}/{service.get('name')}"
    message = f"it is left out: nothing runs behind the Service {served}, so its kinds are not there"
    return None, (Unknown(phase=phase, code="aggregated", message=message, unit=item.origin.unit, object=item.id),)
