"""Whether a preview fits its quota: all the time, and while it is deployed again.

A quota never refuses a Deployment, it refuses pods, so nothing fails when it is applied. At the worst moment every
Deployment surges (25 % rounds up, so one replica means two pods; StatefulSets do not surge) while one job runs: hooks
of a chart run one after another. Containers that say nothing get what the LimitRange gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from elysium.evaluate import ObjectIndex, QuotaLine, missing_values, quota_lines, workloads
from elysium.evaluate.claims import claims
from elysium.evaluate.limit_ranges import claim_violations, pod_violations
from elysium.evaluate.quantities import ZERO, Quantity
from elysium.evaluate.quotas import Share

__all__ = ["Fit", "FitLine", "Refused", "Taker", "Verdict", "fit"]


class Verdict(StrEnum):
    """Whether there is room."""

    FITS = "fits"
    EXCEPT_DURING_ROLLOUT = "fits except during a rollout"
    DOES_NOT_FIT = "does not fit"


class Taker(msgspec.Struct, frozen=True, kw_only=True):
    """What one object takes of a line: all the time, and how much more while it rolls out or runs."""

    object: str
    steady: str
    more: str


class FitLine(msgspec.Struct, frozen=True, kw_only=True):
    """One resource of a quota. `missing` is by how much it is too small, and `change` what to do about that."""

    quota: str
    resource: str
    verdict: Verdict
    allowed: str
    steady: str
    rollout: str
    missing: str = ""
    change: str = ""
    takers: tuple[Taker, ...] = ()
    unknown: tuple[str, ...] = ()


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """An object whose pods or claims the API server refuses whatever the sum is."""

    object: str
    reason: str
    change: str


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a preview fits: the worst of its lines. `quotas` counts them: without one, everything fits."""

    namespace: str
    verdict: Verdict
    quotas: int
    lines: tuple[FitLine, ...] = ()
    refused: tuple[Refused, ...] = ()


def fit(index: ObjectIndex, namespace: str) -> Fit:
    """Compare what a namespace is to hold with its quotas and limits."""
    lines = tuple(_line(line) for line in quota_lines(index) if line.quota.namespace == namespace)
    refused = (*_without_values(index, namespace), *_beyond_limits(index, namespace))
    verdicts = {line.verdict for line in lines} | ({Verdict.DOES_NOT_FIT} if refused else set())
    worst = next((verdict for verdict in reversed(Verdict) if verdict in verdicts), Verdict.FITS)
    quotas = sum(item.namespace == namespace for item in index.of_kind("", "ResourceQuota"))
    return Fit(namespace=namespace, verdict=worst, quotas=quotas, lines=lines, refused=refused)


def _line(line: QuotaLine) -> FitLine:
    rollout = _rollout(line)
    largest = max(line.steady, rollout)
    missing = largest - line.hard
    verdict = Verdict.FITS
    if line.steady > line.hard:
        verdict = Verdict.DOES_NOT_FIT
    elif rollout > line.hard:
        verdict = Verdict.EXCEPT_DURING_ROLLOUT
    return FitLine(
        quota=str(line.quota),
        resource=line.resource,
        verdict=verdict,
        allowed=line.hard.written(line.resource),
        steady=line.steady.written(line.resource),
        rollout=rollout.written(line.resource),
        missing=missing.written(line.resource) if verdict is not Verdict.FITS else "",
        change=_change(line, largest) if verdict is not Verdict.FITS else "",
        takers=tuple(_taker(share, line.resource) for share in line.shares if _more(share) or share.steady.nano),
        unknown=line.unknown,
    )


def _rollout(line: QuotaLine) -> Quantity:
    """The worst moment: everything surges that can, and the largest of the jobs runs."""
    surges = sum((share.surge for share in line.shares), ZERO)
    jobs = max((share.transient for share in line.shares), default=ZERO)
    return line.peak + surges + jobs


def _more(share: Share) -> int:
    return (share.peak - share.steady + share.surge + share.transient).nano


def _taker(share: Share, resource: str) -> Taker:
    more = Quantity(nano=_more(share))
    return Taker(object=str(share.item), steady=share.steady.written(resource), more=more.written(resource))


def _change(line: QuotaLine, largest: Quantity) -> str:
    """What to do: raise the quota to the sum, or make the one that takes most smaller."""
    first = max(line.shares, key=lambda share: (share.steady.nano + _more(share), str(share.item)), default=None)
    less = f", or lower {line.resource} of {first.item}" if first else ""
    surging = [str(share.item) for share in line.shares if share.surge.nano]
    recreate = ""
    if line.steady <= line.hard and surging:
        recreate = f", or let {surging[0]} be replaced without a surge (strategy Recreate)"
    return f"raise {line.resource} of {line.quota} to {largest.written(line.resource)}{less}{recreate}"


def _without_values(index: ObjectIndex, namespace: str) -> Iterator[Refused]:
    for missing in missing_values(index):
        if missing.quota.namespace == namespace:
            wanted = ", ".join(missing.resources)
            reason = f"container {missing.container} gives no {wanted}, which {missing.quota} demands"
            yield Refused(object=str(missing.workload.item), reason=reason, change="give it, or add a LimitRange")


def _beyond_limits(index: ObjectIndex, namespace: str) -> Iterator[Refused]:
    change = "change the container, or the LimitRange"
    for workload in workloads(index):
        if workload.namespace == namespace:
            for found in pod_violations(index, workload):
                reason = f"{found.who} {found.reason} ({found.limit_range})"
                yield Refused(object=str(workload.item), reason=reason, change=change)
    for claim in claims(index):
        if claim.item.namespace == namespace:
            for limit_range, reason in claim_violations(index, namespace, claim.requests):
                yield Refused(object=str(claim.item), reason=f"{reason} ({limit_range})", change=change)
