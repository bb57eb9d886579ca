"""A namespace that fits into its ResourceQuota, but not while something rolls out, scales or runs.

A Deployment starts a new pod before the old one goes (`maxSurge`, 25 % rounded up, so one even of one replica). When
the quota has no room for it and no old pod may go first (`maxUnavailable`, 25 % rounded down, so none of three
replicas), the rollout waits for ever, and Flux with it. The same holds for the pods of a Job beside what always runs,
and for an autoscaler that may scale further than the quota.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.machines import nodes_of
from elysium.evaluate.quotas import Outcome, QuotaLine, Share, quota_lines
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="quota-rollout",
    severity=Severity.WARNING,
    summary="a ResourceQuota leaves no room for a rollout, a job or an autoscaler",
    topic=Topic.SIZING,
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each line of a quota that is enough except at times."""
    for cluster, index in context.objects.items():
        for line in quota_lines(index, nodes_of(context, cluster)):
            if line.outcome is Outcome.FITS_EXCEPT_AT_TIMES:
                at = in_object(context, line.quota, ("spec", "hard", line.resource))
                yield about_object(RULE, line.quota, at, _message(line), hint=_hint(line))


def _message(line: QuotaLine) -> str:
    allowed, always = line.hard.written(line.resource), line.steady.written(line.resource)
    reasons = [_reason(line, share) for share in line.at_times[:3]]
    if line.peak > line.hard:
        reasons.append(f"with all autoscalers at their maximum {line.peak.written(line.resource)} are needed")
    return f"{line.quota}: {line.resource} is {allowed}, of which {always} are always in use: {'; '.join(reasons)}"


def _reason(line: QuotaLine, share: Share) -> str:
    if share.transient.nano:
        return f"{share.item.kind} {share.item.name} needs {share.transient.written(line.resource)} while it runs"
    return f"{share.item.kind} {share.item.name} needs {share.step.written(line.resource)} more while it rolls out"


def _hint(line: QuotaLine) -> str:
    needed = max([line.steady + max(share.step, share.transient) for share in line.at_times], default=line.peak)
    wanted = max(needed, line.peak).written(line.resource)
    if any(share.step.nano for share in line.at_times):
        return f"raise it to {wanted}, or let an old pod go first (maxUnavailable: 1, maxSurge: 0, or type Recreate)"
    return f"raise it to {wanted}"
