"""Sets of Fission specifications: what `fission spec apply` reads, a folder with a DeploymentConfig.

Source: Fission documentation, "Declarative specifications"; fission pkg/fission-cli/cmd/spec.
"""

from __future__ import annotations

import posixpath
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.evaluate.workloads import mapping

__all__ = ["Specification", "SpecificationSet", "specification_sets"]


class Specification(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a set."""

    file: str
    index: int
    line: int
    kind: str
    body: dict[str, Any]

    @property
    def metadata(self) -> dict[str, Any]:
        """Where the name is; kinds of the command line alone have it at the top."""
        return mapping(self.body.get("metadata")) or self.body

    @property
    def name(self) -> str:
        return str(self.metadata.get("name") or "")

    @property
    def namespace(self) -> str:
        """The namespace that is written, or the one that Fission takes."""
        return str(self.metadata.get("namespace") or "default")

    @property
    def spec(self) -> dict[str, Any]:
        return mapping(self.body.get("spec"))


class SpecificationSet(msgspec.Struct, frozen=True, kw_only=True):
    """The documents of one folder."""

    directory: str
    items: tuple[Specification, ...]

    def of_kind(self, kind: str) -> list[Specification]:
        """The documents of a kind."""
        return [item for item in self.items if item.kind == kind]

    def names(self, kind: str) -> set[str]:
        """The names of the documents of a kind."""
        return {item.name for item in self.of_kind(kind)}


def specification_sets(context: Context) -> list[SpecificationSet]:
    """Every folder with a DeploymentConfig of Fission, with the folders below it."""
    directories = {
        posixpath.dirname(file.path)
        for file in context.documents.files
        if any(document.kind == "DeploymentConfig" and _of_fission(document.api_version) for document in file.documents)
    }
    return [_read(context, directory) for directory in sorted(directories)]


def _of_fission(api_version: str) -> bool:
    return api_version.partition("/")[0] == "fission.io"


def _read(context: Context, directory: str) -> SpecificationSet:
    items = []
    for file in context.documents.files:
        if posixpath.dirname(file.path) != directory and not file.path.startswith(directory + "/"):
            continue
        bodies = context.bodies(file.path)
        for document in file.documents:
            body = bodies.get(document.index)
            if isinstance(body, dict):
                items.append(
                    Specification(
                        file=file.path, index=document.index, line=document.line, kind=document.kind, body=body
                    )
                )
    return SpecificationSet(directory=directory, items=tuple(items))
