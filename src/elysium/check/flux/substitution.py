"""Variables of `postBuild`: who defines them, and where they are used."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.check.flux import references
from elysium.check.flux.comments import without_comments
from elysium.model import Document, RenderedObject, Unit, UnitKind

__all__ = ["Use", "Variable", "build_settings", "is_valid_name", "malformed", "opted_out", "uses", "variables"]

_USE = re.compile(r"\$\$|\$\{([A-Za-z0-9_]+)(\})?")
_MALFORMED = re.compile(r"\$\$|(\$\{(?!#?[A-Za-z0-9_]+(?:[}:=#%/,^]|$)))")
_VALID = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")
_OPTED_OUT = re.compile(r"kustomize\.toolkit\.fluxcd\.io/substitute[\"']?\s*:\s*[\"']?disabled\b")


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """A variable of a Kustomization. `value` is None where it is not known; `source` says where it comes from."""

    name: str
    value: str | None
    source: str


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """`${name…}` in a file, with the document around it. `plain`: without a default or another operation."""

    name: str
    file: str
    line: int
    plain: bool
    document: Document | None


def is_valid_name(name: str) -> bool:
    """Whether Flux accepts this as the name of a variable; one that it does not accept fails the whole build."""
    return _VALID.fullmatch(name) is not None


def build_settings(context: Context, unit: Unit) -> tuple[RenderedObject, dict[str, Any]] | None:
    """The definition of a Kustomization with its `postBuild`; None where it has none."""
    if unit.id.kind is not UnitKind.KUSTOMIZATION:
        return None
    index = context.objects[unit.id.cluster]
    holder = index.definition(unit.id)
    spec = index.body(holder).get("spec") if holder else None
    settings = spec.get("postBuild") if isinstance(spec, dict) else None
    return (holder, settings) if holder and isinstance(settings, dict) else None


def variables(context: Context, unit: Unit) -> dict[str, Variable]:
    """The variables of a Kustomization as Flux merges them: references in order, then those written inline."""
    found: dict[str, Variable] = {}
    settings = build_settings(context, unit)
    if settings is None:
        return found
    index = context.objects[unit.id.cluster]
    for reference in references.of_unit(context, unit):
        target = references.find(context, reference)
        for key in target.keys if target else ():
            found[key] = Variable(name=key, value=None, source=str(reference))
        for item in target.items if target else ():
            body = index.body(item)
            if body.get("kind") == reference.kind:
                found.update(_from_object(body, str(reference)))
    inline = settings[1].get("substitute")
    for key, value in inline.items() if isinstance(inline, dict) else ():
        found[str(key)] = Variable(name=str(key), value=str(value), source=str(unit.id))
    return found


def uses(context: Context, file: str) -> Iterator[Use]:
    """Every `${name…}` of a file that is not escaped as `$${name}`, outside comments and documents that opted out."""
    text = context.text(file)
    if "${" not in text:
        return
    indexed = context.files.get(file)
    documents = indexed.documents if indexed else ()
    skipped = {document.index for document in documents if opted_out(text, document)}
    for number, line in enumerate(without_comments(text), 1):
        if "${" not in line:
            continue
        document = next((item for item in reversed(documents) if item.line <= number), None)
        if document and document.index in skipped:
            continue
        for match in _USE.finditer(line):
            if match[1]:
                yield Use(name=match[1], file=file, line=number, plain=bool(match[2]), document=document)


def malformed(text: str) -> int:
    """The first line with `${…}` that Flux cannot read, such as `${a.b}` or `${list[@]}`; 0 if there is none."""
    for number, line in enumerate(without_comments(text), 1):
        if any(match[1] for match in _MALFORMED.finditer(line)):
            return number
    return 0


def opted_out(text: str, document: Document) -> bool:
    """Whether a document carries the label or annotation that keeps substitution away from it."""
    if "substitute" not in text:
        return False
    lines = text.splitlines()[document.line - 1 : document.end_line or None]
    return any(_OPTED_OUT.search(line) for line in lines)


def _from_object(body: dict[str, Any], source: str) -> dict[str, Variable]:
    secret = body.get("kind") == "Secret"
    data = body.get("data")
    found = {}
    for key, value in data.items() if isinstance(data, dict) else ():
        text = _decoded(value) if secret else str(value)
        found[str(key)] = Variable(name=str(key), value=text, source=source)
    return found


def _decoded(value: object) -> str | None:
    try:
        return base64.b64decode(str(value), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
