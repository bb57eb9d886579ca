"""What is true of a cluster and stands nowhere in Git: what has to be on the rehearsal's server before Flux begins."""

from __future__ import annotations

from elysium.rehearse.facts.describing import describe
from elysium.rehearse.facts.facts import Facts
from elysium.rehearse.facts.gathering import gather
from elysium.rehearse.facts.snapshot import Snapshot, read_snapshot, write_snapshot
from elysium.rehearse.facts.taking import take_snapshot

__all__ = ["Facts", "Snapshot", "describe", "gather", "read_snapshot", "take_snapshot", "write_snapshot"]
