"""A SecretStore or ClusterSecretStore that does not exist.

The External Secrets Operator marks an ExternalSecret without its store as not ready, and the Secret does not come.
A store that an unknown chart might bring along is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing, uses
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.evaluate.consumers.external_secrets import GROUP
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-secret-store",
    severity=Severity.ERROR,
    summary="an ExternalSecret names a store that nothing makes",
    topic=Topic.SECRETS,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each reference to a store that is not there."""
    for kind in ("SecretStore", "ClusterSecretStore"):
        for index, use in uses(context, kind):
            known = index.names(GROUP, kind, use.namespace)
            if use.name not in known:
                finding = missing(RULE, context, use, known)
                if finding is not None:
                    yield finding
