"""A target that Prometheus is not let through to.

A ServiceMonitor or PodMonitor makes targets of pods, and Prometheus connects to each of them from its own namespace.
When policies isolate the pods and do not name it, the target is down and the alerts on its metrics never fire. Only a
Prometheus that is rendered with the rest is judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.scraping import scrapers, targets
from elysium.evaluate.endpoints import endpoint_of
from elysium.evaluate.reach import network_of
from elysium.evaluate.verdicts import Verdict
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="policy-blocks-scraping",
    severity=Severity.WARNING,
    summary="a policy keeps Prometheus from the pods that it is to scrape",
    topic=Topic.NETWORK,
    profiles=("review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each monitor, at its first target that no Prometheus reaches."""
    for index in context.objects.values():
        network = network_of(index)
        sources = scrapers(index) if network.policies else []
        told = set()
        for item, path, workload, port in targets(index) if sources else ():
            answers = [network.reach(source, endpoint_of(workload), port) for source in sources]
            if item.id not in told and all(answer.verdict is Verdict.DENIED for answer in answers):
                told.add(item.id)
                message = f"{item}: Prometheus cannot reach {workload.item}: {answers[0].reason}"
                hint = f"let {answers[0].source} in on TCP {port}"
                yield about_object(RULE, item, in_object(context, item, path), message, hint=hint)
