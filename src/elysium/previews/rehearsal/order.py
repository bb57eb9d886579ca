"""The order of a release: its hooks, and what each of them needs."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from elysium.cluster.protocol import Action
from elysium.model import ObjectId
from elysium.previews.rehearsal.deployment import Deployment
from elysium.previews.rehearsal.types import StepEntry

__all__ = ["in_order", "too_early"]

_LATE = "it needs what is made only after it: "


def in_order(entries: Iterable[StepEntry], deployment: Deployment, *, upgrade: bool) -> tuple[StepEntry, ...]:
    """The entries as they came; each hook with its event, and with the workloads that it needs and that came before.

    At a first installation, a hook that needs what comes after it says so: Helm waits for its end for nothing.
    """
    events = {sent.item.id: ", ".join(sent.item.hook.events) for sent in deployment.hooks if sent.item.hook}
    seen: set[ObjectId] = set()
    ordered = []
    for entry in entries:
        hook = events.get(entry.object, "")
        needs = deployment.needs.get(entry.object, ()) if hook else ()
        late = [str(identity) for identity in needs if identity not in seen and not upgrade]
        after = tuple(identity for identity in needs if identity in seen)
        message = entry.message or (_LATE + ", ".join(late) if late else "")
        ordered.append(msgspec.structs.replace(entry, hook=hook, after=after, message=message))
        seen.add(entry.object)
    return tuple(ordered)


def too_early(entries: Iterable[StepEntry]) -> str:
    """Why an installation would never end, although no container runs here that could wait."""
    for entry in entries:
        if entry.action is Action.CREATED and entry.message.startswith(_LATE):
            return f"{entry.object} runs at {entry.hook}: {entry.message}"
    return ""
