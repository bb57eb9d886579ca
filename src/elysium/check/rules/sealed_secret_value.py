"""A sealed value that no key can open, because it is no sealed value.

It is Base64 of a length, a session key that is as long as the RSA modulus, and the encrypted text with its tag. A value
that was cut off, wrapped or pasted in plain text does not have that form; the controller drops or refuses the whole
Secret. A value whose key is not as long as that of the repository's certificate was sealed with another one.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.locate import in_document
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Document, Finding, IndexedFile, ObjectReference, Severity
from elysium.sealing.certificates import certificates_in, has_certificate
from elysium.sealing.sealed import fault_of_value, key_bytes

__all__ = ["RULE", "check"]

RULE = Rule(
    id="sealed-secret-value",
    severity=Severity.ERROR,
    summary="a value of a SealedSecret is not a sealed value",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each value that cannot be opened."""
    sizes = _certified(context)
    for file, document in context.documents.of_kind("SealedSecret", "bitnami.com"):
        body = mapping(context.bodies(file.path).get(document.index))
        for key, value in mapping(mapping(body.get("spec")).get("encryptedData")).items():
            text = value if isinstance(value, str) else str(value)
            if "$" in text or "{{" in text or "<<" in text:
                continue
            fault, severity = fault_of_value(text), RULE.severity
            if not fault and sizes and key_bytes(text) not in sizes:
                size, severity = key_bytes(text) * 8, Severity.WARNING
                fault = f"was sealed with a key of {size} bits, which the certificate of the repository is not"
            if fault:
                yield _finding(context, file, document, str(key), f"{fault} ({len(text)} characters)", severity)


def _finding(
    context: Context, file: IndexedFile, document: Document, key: str, fault: str, severity: Severity
) -> Finding:
    path = ("spec", "encryptedData", key)
    return Finding(
        rule=RULE.id,
        severity=severity,
        message=f"SealedSecret {document.name}: the value of {key} {fault}",
        hint="seal the value again",
        object=ObjectReference(
            api_version=document.api_version, kind=document.kind, namespace=document.namespace, name=document.name
        ),
        file=file.path,
        line=in_document(context, file.path, document.index, path, line=document.line).line,
    )


def _certified(context: Context) -> set[int]:
    """The sizes, in bytes, of the keys of the certificates that are there for sealing."""
    found = set()
    for path in context.paths:
        if "sealed-secret" in posixpath.basename(path) and path.endswith((".pem", ".crt", ".cert", ".cer")):
            text = context.text(path)
            for certificate in (certificates_in(text) if has_certificate(text) else None) or ():
                found.add(certificate.bits // 8)
    return found - {0}
