"""A Secret in Git whose values everybody can read.

Git keeps it for ever, also after the file is removed: the values must be replaced where they are used. Encrypt with
SOPS, or commit a SealedSecret or ExternalSecret instead. Values are never shown.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.locate import in_document
from elysium.check.rule import Rule, Topic
from elysium.model import Document, Finding, IndexedFile, ObjectReference, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="plaintext-secret",
    severity=Severity.ERROR,
    summary="a Secret in Git whose values everybody can read",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)

_PLACEHOLDER = re.compile(
    r"""(?ix) ^\s*(
        change[-_ ]?me.* | replace[-_ ]?me.* | (your|my)[-_ ].* | x{3,} | \*{3,} | \.{3} | todo.* | placeholder.*
        | dummy | example | redacted | <[^<>]*> | \{\{.*\}\} | \$?\$\{[^}]+\} | \$\([^)]+\) | null | none | -+
        | (op|vault|bws|doppler|akeyless|infisical)://.+ | ref\+\w+://.+ | vault:.+ | ENC\[.*
        | (true|false|yes|no|on|off) | \d{1,5}
    )\s*$"""
)
_SUBSTITUTION = re.compile(r"\$\{[^}]+\}|\{\{[^}]*\}\}|<path:[^>]+>")
_PUBLIC = ("-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-")
_PUBLIC_KEYS = {
    "username",
    "user",
    "url",
    "host",
    "hostname",
    "port",
    "type",
    "ca.crt",
    "known_hosts",
    "name",
    "project",
}
_HINT = "encrypt it with SOPS, or commit a SealedSecret or ExternalSecret; then replace the values, for Git keeps these"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Secret, and for each secretGenerator with literals."""
    for file in context.documents.files:
        for document in file.documents:
            if document.kind == "Secret" and document.api_version == "v1" and not document.sops:
                yield from _secret(context, file, document)
    yield from _generators(context)


def _secret(context: Context, file: IndexedFile, document: Document) -> Iterator[Finding]:
    body = context.bodies(file.path).get(document.index)
    if not isinstance(body, dict) or "sops" in body:
        return
    readable = [
        (field, str(key))
        for field in ("data", "stringData")
        for key, value in _items(body.get(field))
        if _is_secret(str(key), _text(value, encoded=field == "data"))
    ]
    if readable:
        keys = ", ".join(key for _, key in readable[:3]) + (" …" if len(readable) > 3 else "")
        at = in_document(context, file.path, document.index, readable[0], line=document.line)
        yield Finding(
            rule=RULE.id,
            severity=RULE.severity,
            message=f"Secret {document.name} is in Git in plain text ({keys})",
            hint=_HINT,
            object=ObjectReference(api_version="v1", kind="Secret", namespace=document.namespace, name=document.name),
            file=file.path,
            line=at.line or document.line,
        )


def _generators(context: Context) -> Iterator[Finding]:
    """Literals of a secretGenerator stand in kustomization.yaml itself, where nothing can encrypt them."""
    files = {
        item.origin.file
        for unit in context.render.units
        for item in unit.objects
        if item.kind == "Secret" and item.origin.generator and not item.origin.tree
    }
    for path in sorted(files & context.files.keys()):
        for index, body in context.bodies(path).items():
            for number, entry in enumerate(_list(body, "secretGenerator")):
                for position, literal in enumerate(_list(entry, "literals")):
                    key, _, value = str(literal).partition("=")
                    if _is_secret(key, value):
                        name = str(entry.get("name") or "")
                        where = ("secretGenerator", number, "literals", position)
                        at = in_document(context, path, index, where)
                        yield Finding(
                            rule=RULE.id,
                            severity=RULE.severity,
                            message=f"Secret {name} is in Git in plain text ({key}, in secretGenerator)",
                            hint=_HINT,
                            object=ObjectReference(api_version="v1", kind="Secret", namespace="", name=name),
                            file=path,
                            line=at.line,
                        )
                        break


def _items(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _list(body: Any, field: str) -> list[Any]:
    value = body.get(field) if isinstance(body, dict) else None
    return value if isinstance(value, list) else []


def _text(value: Any, *, encoded: bool) -> str:
    text = "" if value is None else str(value)
    if not encoded:
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


def _is_secret(key: str, text: str) -> bool:
    """Whether a value is worth hiding: not empty, not a placeholder, not filled in later, not public by nature."""
    if key.lower() in _PUBLIC_KEYS or _PLACEHOLDER.match(text):
        return False
    if text.lstrip().startswith(_PUBLIC) and "PRIVATE KEY" not in text:
        return False
    return bool(_SUBSTITUTION.sub("", text).strip())
