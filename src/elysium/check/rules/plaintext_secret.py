"""A Secret in Git whose values everybody can read.

Git keeps it for ever, also after the file is removed: the values must be replaced where they are used. Encrypt with
SOPS, or commit a SealedSecret or ExternalSecret instead. Values are never shown.
"""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.check.locate import in_document
from elysium.check.plaintext.judgement import for_scope, is_address, is_placeholder, key_class
from elysium.check.plaintext.objects import Written, finding, written_objects
from elysium.check.plaintext.tree import leaks, leaks_in_text
from elysium.check.rule import Rule, Topic
from elysium.errors import EngineError
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, ObjectReference, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="plaintext-secret",
    severity=Severity.ERROR,
    summary="a Secret in Git whose values everybody can read",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)

_SUBSTITUTION = re.compile(r"\$\{[^}]+\}|\{\{[^}]*\}\}|<path:[^>]+>|<<[^>]*>>")
_PUBLIC = ("-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-")
_PUBLIC_KEYS = {
    *(
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
        "database",
    ),
    *("email", "endpoint", "bucket", "region"),
}
_PUBLIC_WORDS = {"username", "user", "host", "hostname", "port", "database", "db", "dbname", "bucket", "region"}
_INNER = re.compile(r"""(?m)^[ \t]*-?[ \t]*["']?kind["']?:\s*["']?Secret\b""")
_HINT = "encrypt it with SOPS, or commit a SealedSecret or ExternalSecret; then replace the values, for Git keeps these"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Secret, also in a text, and for each secretGenerator that takes plain text.

    Those for development are one finding for a folder.
    """
    folders: dict[str, Finding] = {}
    for found in _all(context):
        folder = posixpath.dirname(found.file)
        if found.severity is RULE.severity:
            yield found
        elif folder in folders:
            folders[folder] = msgspec.structs.replace(folders[folder], folded=folders[folder].folded + 1)
        else:
            folders[folder] = found
    yield from folders.values()


def _all(context: Context) -> Iterator[Finding]:
    for item in written_objects(context):
        if item.kind == "Secret" and str(item.body.get("apiVersion") or "v1") == "v1":
            yield from _secret(context, item, item.body)
        elif item.kind != "CustomResourceDefinition":
            for text in _texts(item.body):
                for body in _decoded(context, text):
                    if mapping(body).get("kind") == "Secret":
                        yield from _secret(context, item, body, inside=item.reference)
        yield from _generators(context, item)
        if item.kind == "ExternalSecret":
            yield from _template(context, item)
    yield from _json_files(context)


def _secret(
    context: Context, item: Written, body: dict[str, Any], inside: ObjectReference | None = None
) -> Iterator[Finding]:
    if "sops" in body:
        return
    readable = [
        (field, str(key))
        for field in ("data", "stringData")
        for key, value in mapping(body.get(field)).items()
        if _is_secret(context, str(key), _text(value, encoded=field == "data"))
    ]
    if readable:
        name = str(mapping(body.get("metadata")).get("name") or "")
        keys = ", ".join(key for _, key in readable[:3]) + (" …" if len(readable) > 3 else "")
        path = item.path if inside or item.inline else (*item.path, *readable[0])
        at = in_document(context, item.file, item.document, path, line=item.line)
        line = at.line or item.line
        if inside:
            line = _line_of(context, item.file, line, "Secret")
        where = f", in a text of {inside}" if inside else ""
        message = f"{name} is in Git in plain text ({keys}{where})"
        yield _finding(inside or item.reference, message, item, line)


def _finding(reference: ObjectReference, message: str, item: Written, line: int) -> Finding:
    return Finding(
        rule=RULE.id,
        severity=for_scope(RULE.severity, item.file),
        message=f"Secret {message}",
        hint=_HINT,
        object=reference,
        file=item.file,
        line=line,
    )


def _template(context: Context, item: Written) -> Iterator[Finding]:
    """What stands in the template of an ExternalSecret as it is does not come from the store."""
    template = mapping(mapping(mapping(item.body.get("spec")).get("target")).get("template"))
    for leak in leaks(context.decode, mapping(template.get("data")), ("spec", "target", "template", "data")):
        yield finding(RULE, context, item, leak, "keep it in the store, and take it into the template by its name")


def _generators(context: Context, item: Written) -> Iterator[Finding]:
    """Literals of a secretGenerator stand in kustomization.yaml itself, where nothing can encrypt them; its files can
    be encrypted, and Flux decrypts them.
    """
    for number, value in enumerate(sequence(item.body.get("secretGenerator"))):
        entry = mapping(value)
        name = str(entry.get("name") or "")
        reference = ObjectReference(api_version="v1", kind="Secret", namespace="", name=name)
        found = next(_plain_parts(context, item, entry), None)
        if found:
            field, position, what = found
            at = in_document(context, item.file, item.document, ("secretGenerator", number, field, position))
            message = f"{name} is in Git in plain text ({what}, in secretGenerator)"
            yield _finding(reference, message, item, at.line)


def _plain_parts(context: Context, item: Written, entry: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    for position, literal in enumerate(sequence(entry.get("literals"))):
        key, _, value = str(literal).partition("=")
        if _is_secret(context, key, value):
            yield "literals", position, key
    for field in ("files", "envs"):
        for position, named in enumerate(sequence(entry.get(field))):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(item.file), str(named).rpartition("=")[2]))
            text = context.text(path) if path in context.paths else ""
            lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
            values = [line.partition("=")[2] for line in lines] if field == "envs" else [text]
            encrypted = "ENC[AES256_GCM" in text
            if not encrypted and any(_is_secret(context, posixpath.basename(path), value) for value in values):
                yield field, position, posixpath.basename(path)


def _json_files(context: Context) -> Iterator[Finding]:
    for path in context.paths:
        if path.endswith(".json") and '"Secret"' in context.text(path):
            for body in _decoded(context, context.text(path)):
                if mapping(body).get("kind") == "Secret" and mapping(body).get("apiVersion") == "v1":
                    yield from _secret(context, Written(file=path, document=0, line=1, body=body), body)


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """The texts in data that are written as a Secret."""
    if isinstance(value, str):
        if "Secret" in value and "\n" in value and _INNER.search(value):
            yield value
    elif isinstance(value, dict | list) and depth < 40:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item, depth + 1)


def _decoded(context: Context, text: str) -> list[Any]:
    try:
        return context.decode(text)
    except EngineError:
        return []


def _line_of(context: Context, file: str, start: int, word: str) -> int:
    lines = context.text(file).splitlines()
    pattern = re.compile(rf"kind\W+{word}\b")
    return next((number for number in range(max(1, start), len(lines) + 1) if pattern.search(lines[number - 1])), start)


def _text(value: Any, *, encoded: bool) -> str:
    text = "" if value is None else str(value)
    if not encoded:
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


def _is_secret(context: Context, key: str, text: str) -> bool:
    """Whether a value is worth hiding: not empty, not a placeholder, not filled in later, not public by nature."""
    if (
        re.split(r"[-_.]", key.lower())[-1] in _PUBLIC_WORDS
        or key.lower() in _PUBLIC_KEYS
        or is_placeholder(text)
        or (not key_class(key) and is_address(text.strip()))
    ):
        return False
    if text.lstrip().startswith(_PUBLIC) and "PRIVATE KEY" not in text:
        return False
    if _SUBSTITUTION.search(text):
        return any(leaks_in_text(context.decode, text + "\n", key))
    return bool(text.strip())
