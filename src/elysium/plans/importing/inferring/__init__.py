"""Checks from words, where words are certain: one small recogniser a pattern, listed here and in docs/plans/import.md.

A recogniser that is not certain says nothing: an item that nothing tells is unknown, which is true, and a check that
looks at the wrong thing is worse. What was inferred stands beside the item, so a person reads and changes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from elysium.errors import PlanError
from elysium.plans import checks
from elysium.plans.importing.inferring import (
    attestations,
    chart_sources,
    charts,
    commands,
    contents,
    controls,
    dates,
    decisions,
    deferrals,
    deliveries,
    dependencies,
    exposure,
    hosts,
    kustomizations,
    make_targets,
    namespaces,
    observations,
    releases,
    resources,
    schedules,
    secrets,
    services,
    storage,
    timings,
    workflows,
)
from elysium.plans.importing.inferring.entries import LONGEST, entries, subject_of
from elysium.plans.importing.inferring.types import Entry, Inferred, Recogniser, Subject
from elysium.plans.types import Plan

__all__ = ["LONGEST", "RECOGNISERS", "Entry", "Inferred", "Subject", "infer", "subject_of"]

RECOGNISERS: dict[str, Recogniser] = {
    "workflows": workflows.recognise,
    "deliveries": deliveries.recognise,
    "charts": charts.recognise,
    "contents": contents.recognise,
    "kustomizations": kustomizations.recognise,
    "make-targets": make_targets.recognise,
    "namespaces": namespaces.recognise,
    "services": services.recognise,
    "storage": storage.recognise,
    "exposure": exposure.recognise,
    "chart-sources": chart_sources.recognise,
    "dependencies": dependencies.recognise,
    "timings": timings.recognise,
    "resources": resources.recognise,
    "releases": releases.recognise,
    "secrets": secrets.recognise,
    "schedules": schedules.recognise,
    "observations": observations.recognise,
    "controls": controls.recognise,
    "hosts": hosts.recognise,
    "commands": commands.recognise,
    "decisions": decisions.recognise,
    "deferrals": deferrals.recognise,
    "dates": dates.recognise,
}
"""Every recogniser by its name; what several tell of an item is put together."""


def infer(plan: Plan) -> Iterator[tuple[Entry, Inferred]]:
    """What the words of each item tell, in the order of the document."""
    subject = subject_of(plan)
    for entry in entries(plan, subject):
        yield entry, _inferred(entry)


def _inferred(entry: Entry) -> Inferred:
    told = [one for recognise in RECOGNISERS.values() if (one := recognise(entry)) is not None]
    found = Inferred(
        checks=tuple(dict.fromkeys(check for one in told for check in one.checks if _can_be_made(check))),
        files=tuple(dict.fromkeys(path for one in told for path in one.files)),
        impact=tuple(dict.fromkeys(name for one in told for name in one.impact)),
        manual=any(one.manual for one in told),
        decision=any(one.decision for one in told),
        decided=next((one.decided for one in told if one.decided), ""),
        deferred=next((one.deferred for one in told if one.deferred), ""),
        due=next((one.due for one in told if one.due), ""),
    )
    if found.checks and _SECOND_SENTENCE.search(entry.title):
        return msgspec.structs.replace(found, manual=True)
    if found.checks or found.manual or found.decision or found.decided:
        return found
    return _attested(entry, found)


_SECOND_SENTENCE = re.compile(r"[a-z0-9)`]\. [A-Z][a-z]")
"""What an item says beyond its first sentence is not told by checks of the first."""


def _attested(entry: Entry, found: Inferred) -> Inferred:
    by_hand = attestations.recognise(entry)
    return msgspec.structs.replace(found, manual=True) if by_hand and not entry.item.items else found


def _can_be_made(check: tuple[str, ...]) -> bool:
    """Whether the verb takes these words: what a document says may be anything."""
    try:
        checks.read(check, "")
    except PlanError:
        return False
    return True
