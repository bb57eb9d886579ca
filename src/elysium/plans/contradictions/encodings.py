"""The document was a copy whose UTF-8 had been read as another encoding: its marks could not be recognised."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.plans.contradictions.reading import Reading
from elysium.plans.contradictions.types import Contradiction

__all__ = ["detect"]


def detect(reading: Reading) -> Iterator[Contradiction]:
    """What importing repaired, as the header of the plan says."""
    if reading.plan.repaired:
        message = f"the copy that was imported had been read as {reading.plan.repaired}; the plan holds it repaired"
        yield Contradiction(kind="encodings", message=message)
