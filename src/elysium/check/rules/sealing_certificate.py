"""The public certificate that secrets are sealed with: whether it is one, how strong, how old, how long valid.

The controller makes a key of 4096 bits every 30 days and keeps the old ones, so an old certificate still works; the
newest is what `kubeseal --fetch-cert` gives. kubeseal refuses an expired one. The private key never belongs here.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from elysium.check.context import Context
from elysium.check.plaintext.formats import has_private_key
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity
from elysium.sealing.certificates import Certificate, certificates_in, has_certificate

__all__ = ["RULE", "check"]

RULE = Rule(
    id="sealing-certificate",
    severity=Severity.ERROR,
    summary="the certificate for sealing is broken, weak, expired or old",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
    supersedes=("plaintext-file",),
)

_NAME = re.compile(r"(?i)(sealed-?secrets?|kubeseal|sealing)[\w.-]*\.(pem|crt|cert|cer)$")
_RENEWAL = timedelta(days=30)
_FETCH = "fetch the newest: kubeseal --fetch-cert"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each certificate that is named for sealing and is not what it should be."""
    for path in context.paths:
        if _NAME.search(posixpath.basename(path)):
            for severity, message, hint in _faults(context.text(path), context.today):
                yield Finding(
                    rule=RULE.id, severity=severity, message=f"{path}: {message}", hint=hint, file=path, line=1
                )


def _faults(text: str, today: date) -> Iterator[tuple[Severity, str, str]]:
    if has_private_key(text):
        hint = "take it out of Git and of its history, and make the controller renew its key"
        yield Severity.ERROR, "this is a private key: whoever reads it opens every sealed value", hint
        return
    certificates = certificates_in(text) if has_certificate(text) else None
    if not certificates:
        yield Severity.ERROR, "this is not a certificate that can be read", _FETCH
        return
    yield from _of_certificate(certificates[0], datetime(today.year, today.month, today.day, tzinfo=UTC))


def _of_certificate(certificate: Certificate, today: datetime) -> Iterator[tuple[Severity, str, str]]:
    if certificate.key != "RSA":
        yield Severity.ERROR, f"its key is {certificate.key}, and values are sealed with RSA", _FETCH
    elif certificate.bits < 2048:
        yield Severity.ERROR, f"its key has {certificate.bits} bits, and fewer than 2048 can be broken", _FETCH
    elif certificate.bits < 4096:
        yield Severity.INFO, f"its key has {certificate.bits} bits, where the controller makes 4096", _FETCH
    if certificate.not_after < today:
        yield Severity.ERROR, f"it expired on {certificate.not_after:%Y-%m-%d}, and kubeseal refuses it", _FETCH
    elif certificate.not_before > today + timedelta(days=1):
        yield Severity.WARNING, f"it is valid only from {certificate.not_before:%Y-%m-%d}", _FETCH
    elif today - certificate.not_before > _RENEWAL:
        age = (today - certificate.not_before).days
        yield Severity.INFO, f"it is {age} days old, and the controller makes a new key every {_RENEWAL.days}", _FETCH
