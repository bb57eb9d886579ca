"""The Secret of a certificate that an Ingress, IngressRoute or Gateway names and that nothing makes.

Certificates come from a Secret, a SealedSecret or ExternalSecret, a Certificate of cert-manager, or by its annotation.
Without the Secret the controller shows a certificate of its own, and browsers refuse it. Ingresses of Tailscale get
their certificates from Tailscale. A Secret without the keys `tls.crt` and `tls.key` is as good as none.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing, uses
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers import Means, Use
from elysium.evaluate.producers import Product, names, product
from elysium.evaluate.routing import ingress_class
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="ingress-tls-secret",
    severity=Severity.ERROR,
    summary="nothing makes the certificate of an Ingress, route or Gateway",
    topic=Topic.INGRESS,
    profiles=("default", "gitops"),
)

_SERVING = ("Ingress", "IngressRoute", "IngressRouteTCP", "TLSStore", "Gateway")
_KEYS = {"tls.crt", "tls.key"}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each certificate that will not be there."""
    for index, use in uses(context, "Secret"):
        if use.by is not Means.TLS or use.item.kind not in _SERVING or _of_tailscale(index, use):
            continue
        made = product(index, "Secret", use.namespace, use.name)
        if made is None:
            finding = missing(RULE, context, use, names(index, "Secret", use.namespace))
        else:
            finding = _incomplete(context, use, made)
        if finding is not None:
            yield finding


def _of_tailscale(index: ObjectIndex, use: Use) -> bool:
    return use.item.kind == "Ingress" and ingress_class(index.body(use.item)) == "tailscale"


def _incomplete(context: Context, use: Use, made: Product) -> Finding | None:
    lacking = sorted(_KEYS - made.keys)
    if made.open_ended or not lacking:
        return None
    message = f"{use.item}: {use} has no {' and no '.join(lacking)}, so it is no certificate"
    hint = f"its keys: {', '.join(sorted(made.keys))}"
    return about_object(RULE, use.item, in_object(context, use.item, use.path), message, hint=hint)
