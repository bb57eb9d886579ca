"""The objects that stand in the files of the repository, with the file and the place of each: whole documents, items of
lists and ResourceSets, and the patches of a kustomization.yaml.

Secrets are searched in what is written, not in what is rendered: Git keeps every file, used or not, and a chart's own
defaults are not in Git.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.check.locate import in_document
from elysium.check.plaintext.judgement import for_scope, suspicious
from elysium.check.plaintext.tree import Leak
from elysium.check.rule import Rule
from elysium.errors import EngineError
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, IndexedFile, ObjectReference

__all__ = ["Written", "finding", "written_objects"]

_LISTS = {"List": ("items",), "ResourceSet": ("spec", "resources")}


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """An object in a file: `path` leads from the document to it, `inline` if it stands in a text there (a patch)."""

    file: str
    document: int
    line: int
    body: dict[str, Any]
    path: tuple[str | int, ...] = ()
    inline: bool = False

    @property
    def kind(self) -> str:
        return str(self.body.get("kind") or "")

    @property
    def reference(self) -> ObjectReference:
        """The object as a finding names it."""
        metadata = mapping(self.body.get("metadata"))
        namespace, name = str(metadata.get("namespace") or ""), str(metadata.get("name") or "")
        version = str(self.body.get("apiVersion") or "")
        return ObjectReference(api_version=version, kind=self.kind, namespace=namespace, name=name)


def written_objects(context: Context) -> tuple[Written, ...]:
    """Every object of a file in which there may be a secret. Computed once for a context."""
    found: tuple[Written, ...] | None = context.__dict__.get("written_objects")
    if found is None:
        files = [file for file in context.documents.files if suspicious(context.text(file.path))]
        context.preload(file.path for file in files)
        found = tuple(item for file in files for item in _of_file(context, file))
        context.__dict__["written_objects"] = found
    return found


def finding(rule: Rule, context: Context, item: Written, leak: Leak, hint: str) -> Finding:
    """A finding about a secret in an object: where it is and what kind of thing, never what it says."""
    path = (*item.path,) if item.inline else (*item.path, *leak.path)
    line: int = in_document(context, item.file, item.document, path, line=item.line).line
    if item.inline or leak.line:
        line = _line_inside(context.text(item.file), line, leak)
    reference = item.reference
    place = ".".join(str(part) for part in leak.path) if leak.path else leak.key
    if leak.line and leak.key and (not leak.path or leak.key != leak.path[-1]):
        place += f" ({leak.key})"
    return Finding(
        rule=rule.id,
        severity=for_scope(leak.judgement.severity, item.file),
        message=f"{reference}: {place} is in Git in plain text ({leak.judgement})",
        hint=hint,
        object=reference,
        file=item.file,
        line=line,
    )


def _line_inside(text: str, start: int, leak: Leak) -> int:
    """The line of a key inside a text that begins at a line of the file."""
    key = leak.key or ""
    lines = text.splitlines()
    first = start + max(0, leak.line)
    pattern = re.compile(rf"(?<!\w){re.escape(key)}(?!\w)")
    candidates: tuple[int, ...] = (first, *range(start, min(len(lines), start + 2000) + 1))
    for number in candidates:
        if key and 0 < number <= len(lines) and pattern.search(lines[number - 1]):
            return number
    return start


def _of_file(context: Context, file: IndexedFile) -> Iterator[Written]:
    bodies = context.bodies(file.path)
    for document in file.documents:
        body = bodies.get(document.index)
        if isinstance(body, dict) and not document.sops and "sops" not in body:
            whole = Written(file=file.path, document=document.index, line=document.line, body=body)
            yield from _within(whole)
            yield from _patches(context, whole)


def _within(item: Written) -> Iterator[Written]:
    yield item
    path = _LISTS.get(item.kind, ())
    value: Any = item.body
    for part in path:
        value = mapping(value).get(part)
    for number, inner in enumerate(sequence(value) if path else ()):
        if isinstance(inner, dict):
            yield msgspec.structs.replace(item, body=inner, path=(*item.path, *path, number))


def _patches(context: Context, item: Written) -> Iterator[Written]:
    """Patches that are written as text in a kustomization.yaml or a Flux Kustomization."""
    fields = ("patches", "patchesStrategicMerge", "patchesJson6902")
    for prefix, holder in (((), item.body), (("spec",), mapping(item.body.get("spec")))):
        for field in fields if item.kind in ("Kustomization", "Component", "") else ():
            for number, entry in enumerate(sequence(holder.get(field))):
                text = entry.get("patch") if isinstance(entry, dict) else entry
                if not isinstance(text, str) or "\n" not in text or not suspicious(text):
                    continue
                target = mapping(mapping(entry).get("target"))
                for body in _decoded(context, text, target):
                    last = ("patch",) if isinstance(entry, dict) else ()
                    path = (*prefix, field, number, *last)
                    yield msgspec.structs.replace(item, body=body, path=path, inline=True)


def _decoded(context: Context, text: str, target: dict[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        bodies = context.decode(text)
    except EngineError:
        return
    for body in bodies:
        if isinstance(body, dict):
            yield body if body.get("kind") else {**body, "kind": str(target.get("kind") or "")}
        elif isinstance(body, list):
            yield from (_of_operation(operation, target) for operation in body if isinstance(operation, dict))


def _of_operation(operation: dict[str, Any], target: dict[str, Any]) -> dict[str, Any]:
    """What an operation of a JSON patch adds, in the shape of the object that it is added to."""
    value: Any = operation.get("value")
    for part in reversed(str(operation.get("path") or "").strip("/").split("/")):
        value = {part.replace("~1", "/").replace("~0", "~"): value}
    name = {"metadata": {"name": str(target.get("name") or "")}}
    return {**name, **mapping(value), "kind": str(target.get("kind") or "")}
