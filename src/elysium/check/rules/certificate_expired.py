"""A certificate in a ConfigMap, a Secret or a `caBundle` that has expired or will within 30 days.

Clients refuse it from that moment on: an admission webhook with an expired bundle stops what it guards, a trust bundle
with one breaks the connections that it was for. Bundles of many certificates (those of a distribution) are left alone.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_document, in_object
from elysium.check.plaintext.objects import Written, written_objects
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import Path, mapping, sequence
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
_HINT = "renew it, or let cert-manager do so"
_WEBHOOKS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each certificate that is over, or nearly."""
    now = datetime(context.today.year, context.today.month, context.today.day, tzinfo=UTC)
    for index in context.objects.values():
        for item in index.of_kind("", "ConfigMap"):
            if b"CERTIFICATE-----" in item.raw:
                data = mapping(index.body(item).get("data"))
                yield from _of_object(context, item, ((("data", str(key)), text) for key, text in data.items()), now)
        for kind in _WEBHOOKS:
            for item in index.of_kind("admissionregistration.k8s.io", kind):
                yield from _of_object(context, item, _bundles(index.body(item)), now)
    for written in written_objects(context):
        if written.kind == "Secret":
            yield from _of_secret(context, written, now)


def _of_object(
    context: Context, item: RenderedObject, texts: Iterable[tuple[Path, Any]], now: datetime
) -> Iterator[Finding]:
    for path, text in texts:
        fault = _fault(path, text, now) if isinstance(text, str) else ""
        if fault:
            yield about_object(RULE, item, in_object(context, item, path), f"{item}: {fault}", hint=_HINT)


def _of_secret(context: Context, written: Written, now: datetime) -> Iterator[Finding]:
    """Of Secrets only what is in a file: their values are not part of what is rendered."""
    for field in ("data", "stringData"):
        for key, value in mapping(written.body.get(field)).items():
            path = (field, str(key))
            text = _decoded(value) if field == "data" and isinstance(value, str) else value
            fault = _fault(path, text, now) if isinstance(text, str) else ""
            if fault:
                at = in_document(context, written.file, written.document, (*written.path, *path), line=written.line)
                yield Finding(
                    rule=RULE.id,
                    severity=RULE.severity,
                    message=f"{written.reference}: {fault}",
                    hint=_HINT,
                    object=written.reference,
                    file=at.file,
                    line=at.line,
                )


def _bundles(body: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for number, webhook in enumerate(sequence(body.get("webhooks"))):
        bundle = mapping(mapping(webhook).get("clientConfig")).get("caBundle")
        if isinstance(bundle, str):
            yield ("webhooks", number, "clientConfig", "caBundle"), _decoded(bundle)


def _fault(path: Path, text: str, now: datetime) -> str:
    certificates = certificates_in(text) if has_certificate(text) else None
    if not certificates or len(certificates) > _MOST:
        return ""
    first = min(certificates, key=lambda certificate: certificate.not_after)
    if first.not_after >= now + _SOON:
        return ""
    state = "expired" if first.not_after < now else "expires"
    name = f" ({first.subject})" if first.subject else ""
    return f"the certificate{name} in {'.'.join(str(part) for part in path)} {state} on {first.not_after:%Y-%m-%d}"


def _decoded(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
