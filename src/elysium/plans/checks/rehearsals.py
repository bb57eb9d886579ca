"""What a real API server makes of it (`elysium rehearse`), as a check of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from elysium.plans.checks.arguments import amount
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed
from elysium.plans.world import World
from elysium.previews.events import EventKind

if TYPE_CHECKING:
    from elysium.previews.rehearsal import PreviewRehearsal, RehearsedEvent

__all__ = ["VERBS", "judge_rehearsal"]

_SUBJECT = "preview"
_MOST_EVENTS = 20


def _refuse(words: tuple[str, ...]) -> str:
    wrong = amount(words, 2, 3)
    if wrong:
        return wrong
    if words[0] != _SUBJECT:
        return f"{words[0]!r} cannot be rehearsed here, only a preview"
    if not (words[1].isdecimal() and 0 < len(words[1]) < 8):
        return f"{words[1]!r} is no number"
    names = words[2].split(",") if words[2:] else []
    known = [kind.value for kind in EventKind]
    strange = [name for name in names if name not in known]
    if strange:
        return f"{strange[0]!r} is no event: {', '.join(known)}"
    return f"there are more than {_MOST_EVENTS} events" if len(names) > _MOST_EVENTS else ""


def _rehearse(words: tuple[str, ...], world: World) -> Outcome:
    names = words[2].split(",") if words[2:] else []
    return judge_rehearsal(world.rehearsed_preview(int(words[1]), tuple(map(EventKind, names))))


def judge_rehearsal(found: PreviewRehearsal) -> Outcome:
    """The result of a rehearsal: what is wrong first, or that nothing is."""
    if found.platform.in_trouble:
        return failed(f"the platform is refused: {found.platform.message}")
    for event in found.events:
        if not event.passed:
            return failed(f"{found.namespace}, {event.number}. {event.kind.value}: {_wrong(event)}")
    events = ", ".join(event.kind.value for event in found.events)
    server = found.server.version.removeprefix("v")
    return passed(f"{found.namespace} as {found.account}: {events}: nothing is refused by Kubernetes {server}")


def _wrong(event: RehearsedEvent) -> str:
    for step in event.steps:
        if step.in_trouble:
            return f"{step.name}: {step.message}"
    for item in event.troubled:
        return f"{item.object} is {item.state.value}: {item.message}"
    for entry in event.drift:
        return f"{entry.object} changes although it was sent as before"
    return f"{event.leftovers[0]} is left"


VERBS = (
    Verb(
        name="rehearse",
        usage="rehearse preview NUMBER [EVENT,EVENT…]",
        summary=(
            "A preview lives through these events on a control plane of its own, as the account that deploys it: "
            "nothing is refused, and nothing is left (`elysium rehearse preview`)."
        ),
        example="rehearse preview 42 opened,synchronize,closed",
        refuse=_refuse,
        run=_rehearse,
    ),
)
