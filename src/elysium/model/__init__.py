"""Frozen types that more than one stage uses."""

from __future__ import annotations

from elysium.model.documents import Document, Documents, FileProblem, IndexedFile
from elysium.model.explanations import Explanation, FieldOrigin, FieldSource
from elysium.model.findings import Edit, Finding, ObjectReference, Severity
from elysium.model.ids import ObjectId, Position, UnitId, UnitKind
from elysium.model.objects import Hook, Origin, Problem, RenderedObject, group_of
from elysium.model.units import Assumption, Failure, Need, Render, Unit, UnitState, UnreadValue

__all__ = [
    "Assumption",
    "Document",
    "Documents",
    "Edit",
    "Explanation",
    "Failure",
    "FieldOrigin",
    "FieldSource",
    "FileProblem",
    "Finding",
    "Hook",
    "IndexedFile",
    "Need",
    "ObjectId",
    "ObjectReference",
    "Origin",
    "Position",
    "Problem",
    "Render",
    "RenderedObject",
    "Severity",
    "Unit",
    "UnitId",
    "UnitKind",
    "UnitState",
    "UnreadValue",
    "group_of",
]
