"""Findings: what a rule has to say about the repository."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from elysium.model.ids import UnitId

__all__ = ["Edit", "Finding", "ObjectReference", "Severity"]


class Severity(StrEnum):
    """How bad it is: an error breaks the cluster or the reconciliation, a warning may, information does not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is worst, so that findings sort by it."""
        return list(Severity).index(self)


class ObjectReference(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The object that a finding is about, as programs want it."""

    api_version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.namespace}/{self.name}" if self.namespace else f"{self.kind}/{self.name}"


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """A change of whole lines of a file: those from `line` on that read `old` become `new`.

    Lines end with a newline in both texts. An empty `old` inserts before `line`, an empty `new` removes. An edit whose
    lines no longer read `old` is not applied.
    """

    file: str
    line: int
    old: str
    new: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One defect with the place to mend it. `folded` counts further places with the same root cause.

    `chart` names the chart that made the object, if one did. `edits` mend the defect without anybody's judgement.
    """

    rule: str
    severity: Severity
    message: str
    hint: str = ""
    object: ObjectReference | None = None
    unit: UnitId | None = None
    cluster: str = ""
    file: str = ""
    line: int = 0
    folded: int = 0
    chart: str = ""
    edits: tuple[Edit, ...] = ()

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        return f"{place}{self.message} [{self.rule}]"
