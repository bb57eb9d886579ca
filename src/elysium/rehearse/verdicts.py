"""From what the replay says of objects to verdicts that name the file, the cause and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.cluster.protocol import Action, Entry
from elysium.model import UnitId
from elysium.rehearse import asking
from elysium.rehearse.judging import judge
from elysium.rehearse.replaying import Replay
from elysium.rehearse.scenario import Part, Sent
from elysium.rehearse.turns import Turn
from elysium.rehearse.types import Phase, Verdict

__all__ = ["verdicts_of"]


def verdicts_of(replay: Replay) -> Iterator[Verdict]:
    """The verdicts of one phase, in the order of its units."""
    phase = replay.scenario.phase
    for turn in replay.turns.values():
        yield from _of_turn(turn, replay, phase)
    for identity, (kept, entries) in replay.ending.retired.items():
        known = kept.sent()
        for entry in entries:
            yield _verdict(entry, identity, known.get(entry.object.id), phase)


def _of_turn(turn: Turn, replay: Replay, phase: Phase) -> Iterator[Verdict]:
    before = replay.before.get(turn.part.id)
    earlier = before.sent() if before else {}
    for entry in (*turn.entries(), *turn.ended):
        sent = _sent(turn.part, entry) or earlier.get(entry.object.id)
        yield _verdict(entry, turn.part.id, sent, phase, attempts=turn.attempts)


def _sent(part: Part, entry: Entry) -> Sent | None:
    """The object that an entry is about."""
    if entry.index < 0:
        return None
    lists = {"hook": asking.hooks_of, "crds": asking.definitions_of, "release": asking.manifest_of}
    chosen = lists[entry.step](part) if entry.step in lists else part.objects
    return chosen[entry.index] if entry.index < len(chosen) else None


def _verdict(entry: Entry, unit: UnitId, sent: Sent | None, phase: Phase, *, attempts: int = 1) -> Verdict:
    refused = entry.action is Action.REJECTED
    refusal = judge(entry, opaque=sent is not None and sent.opaque) if refused else None
    place = sent.item.origin.position if sent else None
    version = sent.item.api_version if sent else "/".join(filter(None, (entry.object.group, entry.object.version)))
    return Verdict(
        phase=phase,
        object=sent.item.id if sent else entry.object.id,
        unit=unit,
        action=entry.action,
        api_version=version,
        message=entry.message,
        hint=refusal.hint if refusal else "",
        cause=refusal.cause if refusal else "",
        field=refusal.field if refusal else "",
        unknown=refusal.unknown if refusal else "",
        warnings=entry.warnings,
        attempts=attempts,
        file=place.file if place else "",
        line=place.line if place else 0,
    )
