"""Another document at the end of a file."""

from __future__ import annotations

from elysium.scaffold.editing import lines
from elysium.scaffold.editing.data import object_identity
from elysium.scaffold.editing.nodes import parsed

__all__ = ["add_document"]


def add_document(text: str, yaml: str, *, file: str = "") -> str:
    """`text` with the documents of `yaml` behind it; those whose kind, namespace and name are there are left out."""
    there = {identity for root in parsed(text, file=file) if (identity := object_identity(root))}
    for document in _documents(yaml):
        identities = [object_identity(root) for root in parsed(document)]
        if identities and not (identities[0] and identities[0] in there):
            text = _behind(text, document)
            there |= {identity for identity in identities if identity}
    return text


def _documents(yaml: str) -> list[str]:
    """The texts between the markers, which begin their lines: what belongs to a block scalar is indented."""
    found: list[list[str]] = [[]]
    for line in yaml.replace("\r\n", "\n").split("\n"):
        if line == "---" or line.startswith("--- "):
            found.append([])
        else:
            found[-1].append(line)
    return [text for part in found if (text := "\n".join(part).strip("\n"))]


def _behind(text: str, document: str) -> str:
    newline = lines.line_break(text)
    written = document.replace("\n", newline) + newline
    if not text.strip("\ufeff \t\r\n"):
        return text.rstrip(" \t\r\n") + written
    return text + ("" if text.endswith("\n") else newline) + "---" + newline + written
