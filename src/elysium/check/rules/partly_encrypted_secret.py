"""A Secret that SOPS encrypted, with a value that it did not.

An `encrypted_regex` that leaves a field out, or a value that was added by hand afterwards, stays readable while the
file looks encrypted. SOPS leaves empty values as they are, and keys with the suffix that the file names for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.locate import in_document
from elysium.check.plaintext.judgement import is_placeholder
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, ObjectReference, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="partly-encrypted-secret",
    severity=Severity.ERROR,
    summary="a Secret encrypted with SOPS has a value in plain text",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each readable value of an encrypted Secret."""
    for file in context.documents.files:
        for document in file.documents:
            if document.kind != "Secret" or not document.sops:
                continue
            body = mapping(context.bodies(file.path).get(document.index))
            for field, key in _readable(body):
                reference = ObjectReference(
                    api_version="v1", kind="Secret", namespace=document.namespace, name=document.name
                )
                yield Finding(
                    rule=RULE.id,
                    severity=RULE.severity,
                    message=f"Secret {document.name} is encrypted with SOPS, and {field}.{key} is not",
                    hint="encrypt the file anew, with an encrypted_regex that covers data and stringData",
                    object=reference,
                    file=file.path,
                    line=in_document(context, file.path, document.index, (field, key), line=document.line).line,
                )


def _readable(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    suffix = str(mapping(body.get("sops")).get("unencrypted_suffix") or "_unencrypted")
    for field in ("data", "stringData"):
        for key, value in mapping(body.get(field)).items():
            text = "" if value is None else str(value)
            encrypted = not text or text.startswith("ENC[") or str(key).endswith(suffix)
            if not encrypted and not is_placeholder(text):
                yield field, str(key)
