"""What the rules about roles share."""

from __future__ import annotations

from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import RenderedObject, Severity

__all__ = ["flux_made", "severity_for"]

_FLUX = ("flux", "flux-operator")
_LABELS = ("app.kubernetes.io/part-of", "app.kubernetes.io/name")


def flux_made(index: ObjectIndex, item: RenderedObject) -> bool:
    """Whether an object belongs to Flux itself, as `flux install` and the Flux Operator label what they make."""
    labels = mapping(mapping(index.body(item).get("metadata")).get("labels"))
    return any(labels.get(label) in _FLUX for label in _LABELS)


def severity_for(item: RenderedObject) -> Severity:
    """How bad a broad role is: what a chart brings is its author's choice, and good to know."""
    return Severity.INFO if item.origin.chart else Severity.WARNING
