"""An Issuer or ClusterIssuer that does not exist.

cert-manager never signs a Certificate whose `issuerRef`, or an Ingress whose annotation, names no issuer: the Secret of
the certificate does not come, and the ingress controller shows its own certificate. Issuers of other groups are left
alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing, uses
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.evaluate.consumers.certificates import GROUP
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-issuer",
    severity=Severity.ERROR,
    summary="a Certificate or Ingress names an issuer that nothing makes",
    topic=Topic.INGRESS,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each reference to an issuer that is not there."""
    for kind in ("Issuer", "ClusterIssuer"):
        for index, use in uses(context, kind):
            known = index.names(GROUP, kind, use.namespace)
            if use.name not in known:
                finding = missing(RULE, context, use, known)
                if finding is not None:
                    yield finding
