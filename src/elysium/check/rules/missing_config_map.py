"""A ConfigMap that a pod or another object needs and that nothing makes.

The kubelet does not start a container whose `configMapKeyRef`, `envFrom` or volume names a ConfigMap that is not there,
unless it is `optional`. What an operator, a job or an unknown chart might make is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing, uses
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.evaluate.consumers import Means
from elysium.evaluate.producers import names, product
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-config-map",
    severity=Severity.ERROR,
    summary="an object needs a ConfigMap that nothing makes",
    topic=Topic.REFERENCES,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each reference without `optional`; `dangling-reference` looks after values and variables."""
    for index, use in uses(context, "ConfigMap", Means.VALUES, Means.SUB_PATH):
        if product(index, "ConfigMap", use.namespace, use.name) is None:
            finding = missing(RULE, context, use, names(index, "ConfigMap", use.namespace))
            if finding is not None:
                yield finding
