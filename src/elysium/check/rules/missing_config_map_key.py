"""A key that a ConfigMap does not have.

A container whose environment names the key does not start (`CreateContainerConfigError`), a volume whose `items` name
it is not mounted, and a `subPath` without its file becomes an empty directory where the program expects a file. Keys
that a controller may add are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing_key
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.evaluate.consumers import Means, of_kind
from elysium.evaluate.producers import product
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-config-map-key",
    severity=Severity.ERROR,
    summary="an object needs a key that a ConfigMap does not have",
    topic=Topic.REFERENCES,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each key without `optional`; `missing-reference-key` looks after the values of releases."""
    for index in context.objects.values():
        for use in of_kind(index, "ConfigMap"):
            if use.by is not Means.VALUES:
                made = product(index, "ConfigMap", use.namespace, use.name)
                finding = missing_key(RULE, context, use, made)
                if finding is not None:
                    yield finding
