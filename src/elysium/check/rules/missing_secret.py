"""A Secret that a pod, an Ingress or another object needs and that nothing makes.

The kubelet does not start a container whose `secretKeyRef`, `envFrom` or volume names a Secret that is not there
(`CreateContainerConfigError`, `FailedMount`), unless it is `optional`. Known makers are Secrets, SealedSecrets,
ExternalSecrets, Certificates and the annotations of cert-manager; what an operator, a job or an unknown chart might
make is left alone, and so is what a script or document of the repository tells people to make: the keys with which
the others are opened come first. Without a pull secret the image may still be public, so that is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing, uses
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.consumers import Means
from elysium.evaluate.producers import names, product
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-secret",
    severity=Severity.ERROR,
    summary="an object needs a Secret that nothing makes",
    topic=Topic.SECRETS,
    profiles=("default", "gitops"),
)

_FIRST = ("ClusterSecretStore", "SecretStore", "Kustomization")
"""Whose Secrets have to be there before any other can be opened, so people make them."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each reference without `optional` to a Secret that nothing makes.

    `dangling-reference` looks after values and variables, `ingress-tls-secret` after certificates.
    """
    for index, use in uses(context, "Secret", Means.VALUES, Means.TLS, Means.SUB_PATH):
        if product(index, "Secret", use.namespace, use.name) is None:
            known = names(index, "Secret", use.namespace)
            first = use.item.kind in _FIRST and not nearest(use.name, known)
            softer = use.by is Means.IMAGE_PULL or use.item.id.group == "source.toolkit.fluxcd.io"
            severity = Severity.WARNING if softer else None
            finding = None if first else missing(RULE, context, use, known, severity=severity)
            if finding is not None:
                yield finding
