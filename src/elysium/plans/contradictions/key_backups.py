"""The sealing key is kept less often than the controller makes a new one.

Sealed Secrets renews its key every 30 days by default (`--key-renew-period=720h`), and keeps the old ones in the
cluster only. A copy made each quarter misses up to three of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.plans.contradictions.frequencies import Often, frequencies
from elysium.plans.contradictions.reading import Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["detect"]

_RENEWED = 30


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Backups of the sealing key with a longer time between them than between two keys."""
    for often in frequencies(reading):
        if often.days > _RENEWED and _of_sealing_key(often):
            message = f"the sealing key is kept {often.word}, and the controller makes a new one every {_RENEWED} days"
            yield between("key-backups", message, often.line)


def _of_sealing_key(often: Often) -> bool:
    text = often.line.text.lower()
    return "key" in text and "seal" in text and ("backup" in text or "back up" in text)
