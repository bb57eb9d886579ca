"""From what the replay says of objects to verdicts that name the file, the cause and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.cluster.protocol import Action, Entry
from elysium.model import UnitId
from elysium.rehearse import asking
from elysium.rehearse.consequences import consequence
from elysium.rehearse.judging import judge, takes_part
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
    for entry in turn.ended:
        yield _verdict(entry, turn.part.id, earlier.get(entry.object.id), phase)
    for entry in turn.entries():
        sent = _sent(turn.part, entry) or earlier.get(entry.object.id)
        verdict = _verdict(entry, turn.part.id, sent, phase, attempts=turn.attempts)
        if entry.action is Action.REJECTED and sent is not None:
            verdict = _judged(verdict, entry, sent, earlier.get(sent.item.id), replay)
        yield verdict


def _judged(verdict: Verdict, entry: Entry, sent: Sent, before: Sent | None, replay: Replay) -> Verdict:
    """A refusal with its cause and what to do about it."""
    opaque = sent.opaque and takes_part(entry, _body(sent), _body(before) if before else None)
    refusal = judge(entry, opaque=opaque, makers=replay.scenario.makers, unit=verdict.unit)
    return msgspec.structs.replace(
        verdict, cause=refusal.cause, field=refusal.field, hint=refusal.hint, unknown=refusal.unknown
    )


def _body(sent: Sent) -> Any:
    return msgspec.json.decode(sent.raw)


def _sent(part: Part, entry: Entry) -> Sent | None:
    """The object that an entry is about."""
    if entry.index < 0 or entry.step == "prune":
        return None
    if entry.step == "release":
        chosen = part.lasting
    else:
        lists = {"hook": asking.hooks_of, "crds": asking.definitions_of}
        chosen = lists[entry.step](part) if entry.step in lists else list(part.objects)
    return chosen[entry.index] if entry.index < len(chosen) else None


def _verdict(entry: Entry, unit: UnitId, sent: Sent | None, phase: Phase, *, attempts: int = 1) -> Verdict:
    place = sent.item.origin.position if sent else None
    version = sent.item.api_version if sent else "/".join(filter(None, (entry.object.group, entry.object.version)))
    return Verdict(
        phase=phase,
        object=sent.item.id if sent else entry.object.id,
        unit=unit,
        action=entry.action,
        api_version=version,
        message=entry.message,
        hint=consequence(entry.action, entry.object.id),
        warnings=tuple(text for text in entry.warnings if not _of_placeholders(entry, text)),
        attempts=attempts,
        file=place.file if place else "",
        line=place.line if place else 0,
    )


def _of_placeholders(entry: Entry, warning: str) -> bool:
    """Whether the server warns of what stands for a certificate, not of the certificate (`warningsForSecret`)."""
    return entry.object.kind == "Secret" and warning.startswith("tls: failed to find any PEM data")
