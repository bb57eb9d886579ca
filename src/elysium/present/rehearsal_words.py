"""The sentences about a rehearsal that several forms share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from elysium.cluster.protocol import Action
from elysium.model import UnitId
from elysium.present.rehearsal_parts import CHANGES, Trouble, changes, passed, troubles
from elysium.present.verdict import Verdict, count
from elysium.rehearse.types import Phase, Rehearsal

__all__ = ["UNKNOWN_TITLES", "listed", "revisions", "rollback_sentence", "timing", "unit_name", "verdict", "versions"]

UNKNOWN_TITLES = {
    "unit": "units that cannot be rendered offline",
    "suspended": "suspended units",
    "webhook": "what webhooks would say: nobody runs them here",
    "conversion": "conversion by webhooks: nobody runs them here",
    "aggregated": "APIs that another server answers",
    "kind": "kinds whose definition is not here",
    "opaque": "values that only the cluster holds",
    "readiness": "what controllers do that do not run here",
    "controllers": "what controllers would do: this server has none",
    "images": "what is in the images",
    "unsettled": "workloads that were still on their way",
    "nodes": "scheduling: nobody says which nodes there are",
    "class": "classes: nobody says which there are",
    "definition": "kinds whose definition comes from the catalogue: the cluster may have another version",
}
"""What a code of something unknown means, as a heading."""

_DIGEST = re.compile(r"\b([0-9a-f]{10})[0-9a-f]{30,}\b")


def revisions(rehearsal: Rehearsal) -> str:
    """`main@sha1:79324f70f6 → working tree`, digests cut to what a person compares."""
    return _DIGEST.sub(r"\1", " → ".join(name for name in (rehearsal.base, rehearsal.head) if name))


def versions(rehearsal: Rehearsal) -> str:
    """`Kubernetes 1.36.3`."""
    return f"Kubernetes {rehearsal.server.version.removeprefix('v')}"


def timing(rehearsal: Rehearsal) -> str:
    """`9.2 s (boot 2.9 s, base 4.1 s)`, or nothing when nobody measured."""
    seconds = rehearsal.summary.seconds
    parts = [f"{name} {number:.1f} s" for name, number in seconds.items() if name != "whole" and number >= 0.05]
    total = seconds.get("whole", sum(seconds.values()))
    return f"{total:.1f} s" + (f" ({', '.join(parts)})" if parts else "") if seconds else ""


def unit_name(unit: UnitId, rehearsal: Rehearsal) -> str:
    """`ks/flux-system/apps`, with its cluster where there are several."""
    return f"{unit.cluster}: {unit}" if len(rehearsal.clusters) > 1 else str(unit)


def listed(names: Sequence[str], shown: int) -> str:
    """The first few names, and how many there are beyond them."""
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more:,} more" if more > 0 else "")


def verdict(rehearsal: Rehearsal) -> Verdict:
    """What a rehearsal comes down to."""
    found = troubles(rehearsal)
    new = [item for item in found if not item.known]
    more = _beside(rehearsal, len(found) - len(new))
    if not new and not passed(rehearsal):
        return Verdict(passed=False, title="the head is accepted, and there is no way back", rest=more)
    if new:
        title = _wrong(new)
        since = " that the base did not have" if rehearsal.base else ""
        return Verdict(passed=False, title=title + since, rest=more)
    title = "nothing new is refused" if len(found) > len(new) else "the API server accepts all of it"
    return Verdict(passed=True, title=title, rest=f": {_done(rehearsal)}{more}")


def rollback_sentence(rehearsal: Rehearsal) -> Verdict | None:
    """Whether the way back gives everything back; None when nobody asked."""
    if Phase.ROLLBACK not in {item.phase for item in rehearsal.verdicts}:
        return None
    refused = [item for item in troubles(rehearsal, Phase.ROLLBACK) if not item.known]
    left = len(rehearsal.summary.leftovers)
    if not refused and not left:
        return Verdict(passed=True, title="the way back gives every object back")
    if not refused and not rehearsal.summary.unrestored:
        rest = f", but for {count(left, 'object')} kept on purpose"
        return Verdict(passed=True, title="the way back gives back what it can", rest=rest)
    parts = [_wrong(refused)] if refused else []
    parts += [f"{count(left, 'object')} not as before"] if left else []
    return Verdict(passed=False, title="the way back does not give everything back", rest=f": {', '.join(parts)}")


def _wrong(found: Sequence[Trouble]) -> str:
    """`2 objects are refused and 1 workload is in trouble`."""
    refused = sum(item.refused for item in found)
    others = len(found) - refused
    parts = [f"{count(refused, 'object')} {'is' if refused == 1 else 'are'} refused"] if refused else []
    parts += [f"{count(others, 'object')} {'does' if others == 1 else 'do'} not come up"] if others else []
    return " and ".join(parts)


def _done(rehearsal: Rehearsal) -> str:
    found = changes(rehearsal)
    parts = [f"{len(found[action]):,} {action.value}" for action in CHANGES if action in found]
    unchanged = rehearsal.summary.actions.get(Action.UNCHANGED, 0)
    parts += [f"{unchanged:,} unchanged"] if unchanged else []
    return ", ".join(parts) or "there is nothing to apply"


def _beside(rehearsal: Rehearsal, known: int) -> str:
    summary = rehearsal.summary
    parts = [f"{known:,} known before"] if known else []
    parts += [f"{summary.fixed:,} fixed"] if summary.fixed else []
    parts += [f"{summary.unknown:,} not known"] if summary.unknown else []
    return f", {', '.join(parts)}" if parts else ""
