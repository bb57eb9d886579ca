"""What several components wrote alike: when one does not want it any more, it stays for the others."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from elysium.scaffold.proposing import Proposal
from elysium.scaffold.records import Record, RecordedEntry

__all__ = ["without_shared"]


def without_shared(record: Record, proposal: Proposal, others: Iterable[Record]) -> Record:
    """The record without what is not proposed any more and another record has, too.

    So neither a component that changed nor a record that somebody forged takes away what belongs to another one.
    """
    others = tuple(others)
    wanted = {RecordedEntry(path=item.path, at=item.list, value=item.value) for item in proposal.entries}
    proposed = {file.path for file in proposal.files}
    entries = {entry for other in others for entry in other.entries} - wanted
    paths = {path for other in others for path in _paths(other)} - proposed
    return msgspec.structs.replace(
        record,
        files={path: text for path, text in record.files.items() if path not in paths},
        entries=tuple(entry for entry in record.entries if entry not in entries),
        secrets=tuple(mark for mark in record.secrets if mark.partition(" ")[0] not in paths),
    )


def _paths(record: Record) -> Iterable[str]:
    return (*record.files, *(mark.partition(" ")[0] for mark in record.secrets))
