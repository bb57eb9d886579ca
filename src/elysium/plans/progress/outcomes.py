"""What the items of a plan say by themselves: their checks, run; their attestations and decisions, read."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from elysium.plans import checks
from elysium.plans.commands import end_commands
from elysium.plans.results import Evidence, Outcome, Result, unknown
from elysium.plans.types import Check, Item
from elysium.plans.world import World

__all__ = ["Progress", "outcomes", "together"]

Progress = Callable[[int, int], None]
"""Hears how many checks are done, and how many there are."""

_AT_ONCE = 4


def outcomes(items: Sequence[Item], world: World, progress: Progress | None) -> dict[str, Outcome]:
    """What each item's own checks, attestation or decision say; nothing for items that only consist of others."""
    different = list(dict.fromkeys(check for item in items for check in item.checks))
    ran: dict[Check, Outcome] = {}
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        try:
            said = pool.map(lambda check: checks.run(check, world), different)
            for check, outcome in zip(different, said, strict=True):
                ran[check] = outcome
                if progress:
                    progress(len(ran), len(different))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_commands()
            raise
    return {item.id: _outcome(item, ran, world) for item in items}


def _outcome(item: Item, ran: Mapping[Check, Outcome], world: World) -> Outcome:
    said = [_stamped(ran[check], world) for check in item.checks]
    if item.manual:
        said.append(_attested(item, world.today))
    if item.decision:
        said.append(_decided(item))
    if not said:
        return unknown("nothing tells: it has no check, no attestation and no decision")
    return together(said)


def _stamped(outcome: Outcome, world: World) -> Outcome:
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    stamped = tuple(msgspec.structs.replace(item, time=item.time or now) for item in outcome.evidence)
    return msgspec.structs.replace(outcome, evidence=stamped)


def together(said: Sequence[Outcome]) -> Outcome:
    """The result of several: failed when one is, unknown when one is, and passed when all are."""
    worst = next(
        (kind for kind in (Result.FAIL, Result.UNKNOWN) if any(one.result is kind for one in said)), Result.PASS
    )
    reasons = dict.fromkeys(one.reason for one in said if one.result is worst and one.reason)
    evidence = tuple(item for one in said for item in one.evidence)
    return Outcome(result=worst, reason="; ".join(reasons), evidence=evidence)


def _attested(item: Item, today: datetime.date) -> Outcome:
    said = item.manual
    if said is None or not (said.by and said.date):
        wanted = f": {said.what}" if said and said.what else ""
        hint = f"`elysium plan attest` {item.id} says so"
        return unknown(f"nobody has attested it{wanted}; {hint}")
    if said.expires and said.expires < today.isoformat():
        return unknown(f"what {said.by} attested on {said.date} held until {said.expires}")
    if said.date > today.isoformat():
        return unknown(f"the attestation of {said.by} is of {said.date}, which has not come")
    detail = f"attested by {said.by} on {said.date}" + (f": {said.reference}" if said.reference else "")
    evidence = Evidence(detail=detail, who=said.by, time=said.date)
    return Outcome(result=Result.PASS, reason=detail, evidence=(evidence,))


def _decided(item: Item) -> Outcome:
    said = item.decision
    if said is None or not said.chosen:
        return Outcome(result=Result.FAIL, reason="nothing is decided yet")
    detail = f"decided: {said.chosen}" + (f", because {said.reason}" if said.reason else "")
    evidence = Evidence(detail=detail, who=said.by, time=said.date)
    return Outcome(result=Result.PASS, reason=detail, evidence=(evidence,))
