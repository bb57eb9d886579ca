"""The built-in checks of plans: `VERBS` by name, how the words of one are read, and how it is made.

A verb stands in the module of its family. It says what is wrong with its arguments before anything is looked at, and
tells pass, fail or unknown, whatever the repository holds.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from elysium.check.spelling import nearest
from elysium.errors import ElysiumError, PlanError
from elysium.kit import digests
from elysium.plans.checks import (
    access,
    alone,
    automation,
    dates,
    documents,
    equality,
    files,
    findings,
    hosts,
    live,
    monitoring,
    objects,
    previews,
    products,
    rehearsals,
    rendered,
    running,
    schedules,
    units,
    values,
    web,
    workloads,
)
from elysium.plans.checks.searching import TooMuchWork
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Evidence, Outcome, Result, unknown
from elysium.plans.types import Check
from elysium.plans.world import World

__all__ = ["VERBS", "Verb", "read", "run"]

_FAMILIES = (
    files, values, documents, automation, units, findings, objects, equality, products, workloads, schedules, access,
    monitoring, alone, previews, rehearsals, hosts, dates, live, web, running,
)  # fmt: skip

_LONGEST = 1000
_OF_OBJECTS = frozenset({"object", "secret", "service", "claim", "schedule", "alert", "dashboard", "source"})
"""Verbs that pass on an object: only where Flux applies it."""
_OF_ONE_CLUSTER = frozenset({"object", "count", "secret", "service", "claim", "reach", "can", "quota"})
"""Verbs whose answer mixes objects of the same names where there are several clusters."""

VERBS: Mapping[str, Verb] = {verb.name: verb for family in _FAMILIES for verb in family.VERBS}
"""Every built-in check by its name, those of a subject together."""


def read(words: tuple[str, ...], place: str) -> Check:
    """The check that words mean. Raises PlanError, with `place` (FILE:LINE), for a verb or arguments that cannot be."""
    if not words:
        hint = "write a verb with its arguments: docs/plans/checks.md lists them"
        raise PlanError("a check is empty", subject=place, hint=hint)
    name, *arguments = words
    verb = VERBS.get(name)
    if verb is None:
        near = nearest(name, VERBS)
        hint = f"did you mean {near}?" if near else f"known are {', '.join(VERBS)}; a command is written: run COMMAND"
        raise PlanError(f"there is no check {name!r}", subject=place, hint=hint)
    wrong = _wrong(verb, tuple(arguments))
    if wrong:
        hint = f"it is written: {verb.usage}, for example: {verb.example}"
        raise PlanError(f"the check `{name}` cannot be made: {wrong}", subject=place, hint=hint)
    return Check(verb=name, arguments=tuple(arguments))


def _wrong(verb: Verb, arguments: tuple[str, ...]) -> str:
    if any(len(word) > _LONGEST or "\0" in word for word in arguments):
        return f"a word has more than {_LONGEST} characters, or one that is none"
    return verb.refuse(arguments)


def run(check: Check, world: World) -> Outcome:
    """The result of a check. What the repository holds never raises; what was not consented to is unknown."""
    outcome = _outcome(check, world)
    evidence = tuple(_evident(item, check, world) for item in outcome.evidence)
    return msgspec.structs.replace(outcome, reason=_line(outcome.reason), evidence=evidence)


def _evident(item: Evidence, check: Check, world: World) -> Evidence:
    """Evidence with what every check has: its words, the commit, and the digest of the file that it is about."""
    text = world.read(item.path) if item.path in world.files and not item.digest else None
    digest = item.digest if text is None else f"sha256:{digests.of_bytes(text.encode())}"
    return msgspec.structs.replace(
        item, detail=_line(item.detail), check=str(check), commit=world.commit, digest=digest
    )


def _line(text: str) -> str:
    """One line of a length that a table takes: the engine's messages may have many."""
    line = " ".join(text.split()) if "\n" in text else text
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _outcome(check: Check, world: World) -> Outcome:
    verb = VERBS.get(check.verb)
    if verb is None or _wrong(verb, check.arguments):
        return unknown(f"`{check}` cannot be made: docs/plans/checks.md says how it is written")
    try:
        lacking = _lacking_consent(verb, world) or _lacking_cluster(verb, world)
        if lacking:
            return unknown(lacking)
        return _awake(check, verb.run(check.arguments, world), world)
    except ElysiumError as error:
        told = f"{error}" + (f": {error.hint}" if error.hint else "")
        return unknown(told.replace(f"{world.root}/", ""))
    except RecursionError:
        return unknown("this is too deeply nested to be looked into")
    except TooMuchWork:
        return unknown("a pattern takes too long: write a simpler one")


def _awake(check: Check, outcome: Outcome, world: World) -> Outcome:
    """A pass on an object that only a suspended unit makes is none: Flux does not apply it."""
    if outcome.result is not Result.PASS or check.verb not in _OF_OBJECTS:
        return outcome
    for item in outcome.evidence:
        unit = rendered.asleep(world, item.object)
        if unit:
            return unknown(f"{item.object} is made by {unit} alone, which is suspended: resume it", object=item.object)
    return outcome


def _lacking_consent(verb: Verb, world: World) -> str:
    """What has to be allowed first: a plan that is under review must not reach out, nor run anything."""
    if verb.live and not world.live:
        return "the network is asked only with --live"
    return "commands of a plan run only with --allow-commands" if verb.command and not world.allow_commands else ""


def _lacking_cluster(verb: Verb, world: World) -> str:
    """Which cluster has to be said: of several, each has objects of its own."""
    several = rendered.clusters(world) if verb.name in _OF_ONE_CLUSTER else ()
    many = f"the repository holds the clusters {', '.join(several)}: say with --cluster which is meant"
    return many if len(several) > 1 else ""
