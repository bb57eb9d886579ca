"""What is written in the files of a tree, before anything is rendered."""

from __future__ import annotations

import msgspec

__all__ = ["Document", "Documents", "FileProblem", "IndexedFile"]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The head of one YAML document; empty strings where it has no such field. Lines count from 1."""

    index: int
    line: int
    end_line: int = 0
    api_version: str = ""
    kind: str = ""
    namespace: str = ""
    name: str = ""
    sops: bool = False


class FileProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a file as YAML. `code`: syntax, duplicate-key, encoding, too-large, alias-bomb."""

    code: str
    line: int
    column: int
    message: str


class IndexedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file with its documents; a file with a problem has the documents before it."""

    path: str
    documents: tuple[Document, ...] = ()
    problems: tuple[FileProblem, ...] = ()


class Documents(msgspec.Struct, frozen=True, kw_only=True):
    """The YAML files of a tree, sorted by path. Templates of Helm charts are not among them."""

    files: tuple[IndexedFile, ...]

    def of_kind(self, kind: str, group: str) -> list[tuple[IndexedFile, Document]]:
        """Every document of a kind whose API group is `group`, in order."""
        return [
            (file, document)
            for file in self.files
            for document in file.documents
            if document.kind == kind and document.api_version.rpartition("/")[0] == group
        ]
