"""Which objects are changed before they are sent, and how.

Whatever is not named here is sent byte for byte as `elysium render` prints it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from elysium.model import RenderedObject, group_of
from elysium.rehearse.preparing.admission import without_calls
from elysium.rehearse.preparing.aggregation import without_backend
from elysium.rehearse.preparing.conversion import without_conversion
from elysium.rehearse.preparing.prepared import Prepared
from elysium.rehearse.preparing.secret_values import with_placeholders
from elysium.rehearse.types import Phase, Unknown
from elysium.sealing import is_opaque

__all__ = ["prepare"]

_Change = Callable[[RenderedObject, dict[str, Any], Phase], tuple[dict[str, Any] | None, tuple[Unknown, ...]]]

_CHANGES: dict[tuple[str, str], _Change] = {
    ("", "Secret"): with_placeholders,
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): without_calls,
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): without_calls,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): without_conversion,
    ("apiregistration.k8s.io", "APIService"): without_backend,
}


def prepare(item: RenderedObject, phase: Phase) -> Prepared:
    """What is sent for an object.

    Webhooks of admission are kept from being called, webhooks of conversion are taken away, APIs that another server
    would serve are left out, and the values of Secrets are replaced. All else stays as it is.
    """
    raw: bytes | None = item.raw
    unknown: tuple[Unknown, ...] = ()
    change = _CHANGES.get((group_of(item.api_version), item.kind))
    if change is not None:
        before = item.body()
        after, unknown = change(item, before, phase)
        if after is None:
            raw = None
        elif after != before:
            raw = msgspec.json.encode(after)
    return Prepared(raw=raw, unknown=unknown, opaque=raw is not None and is_opaque(raw.decode(errors="replace")))
