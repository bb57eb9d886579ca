"""Secret values: which are opaque, which must never be shown, and what stands in their place."""

from __future__ import annotations

from elysium.sealing.inner import leaf_values
from elysium.sealing.opaque import TOKEN, is_opaque, opaque_token
from elysium.sealing.produced import ProducedSecret, produced_secret
from elysium.sealing.redaction import Redactor

__all__ = ["TOKEN", "ProducedSecret", "Redactor", "is_opaque", "leaf_values", "opaque_token", "produced_secret"]
