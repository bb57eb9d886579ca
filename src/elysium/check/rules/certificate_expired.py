"""A certificate in a ConfigMap, a Secret or a `caBundle` that has expired or will within 30 days.

Clients refuse it from that moment on: an admission webhook with an expired bundle stops what it guards, a trust bundle
with one breaks the connections that it was for. Bundles of many certificates (those of a distribution) are left alone.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, RenderedObject, Severity
from elysium.sealing.certificates import certificates_in, has_certificate

__all__ = ["RULE", "check"]

RULE = Rule(
    id="certificate-expired",
    severity=Severity.WARNING,
    summary="a certificate that has expired or is about to",
    topic=Topic.SECRETS,
    profiles=("default", "gitops", "security"),
)

_SOON = timedelta(days=30)
_MOST = 3
_WEBHOOKS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each certificate that is over, or nearly."""
    now = datetime(context.today.year, context.today.month, context.today.day, tzinfo=UTC)
    for index in context.objects.values():
        for kind in ("ConfigMap", "Secret"):
            for item in index.of_kind("", kind):
                if b"CERTIFICATE-----" in item.raw or (kind == "Secret" and b"LS0tLS1CRUdJTi" in item.raw):
                    for path, text in _data(index.body(item), encoded=kind == "Secret"):
                        yield from _findings(context, item, path, text, now)
        for kind in _WEBHOOKS:
            for item in index.of_kind("admissionregistration.k8s.io", kind):
                for path, text in _bundles(index.body(item)):
                    yield from _findings(context, item, path, text, now)


def _data(body: dict[str, Any], *, encoded: bool) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for field in ("data", "stringData"):
        for key, value in mapping(body.get(field)).items():
            if isinstance(value, str):
                yield (field, str(key)), _decoded(value) if encoded and field == "data" else value


def _bundles(body: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for number, webhook in enumerate(sequence(body.get("webhooks"))):
        bundle = mapping(mapping(webhook).get("clientConfig")).get("caBundle")
        if isinstance(bundle, str):
            yield ("webhooks", number, "clientConfig", "caBundle"), _decoded(bundle)


def _findings(
    context: Context, item: RenderedObject, path: tuple[str | int, ...], text: str, now: datetime
) -> Iterator[Finding]:
    certificates = certificates_in(text) if has_certificate(text) else None
    if not certificates or len(certificates) > _MOST:
        return
    first = min(certificates, key=lambda certificate: certificate.not_after)
    if first.not_after < now + _SOON:
        over = first.not_after < now
        state = "expired" if over else "expires"
        name = f" ({first.subject})" if first.subject else ""
        place = ".".join(str(part) for part in path)
        message = f"{item}: the certificate{name} in {place} {state} on {first.not_after:%Y-%m-%d}"
        yield about_object(
            RULE, item, in_object(context, item, path), message, hint="renew it, or let cert-manager do so"
        )


def _decoded(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
