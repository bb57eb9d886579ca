"""Objects as they reach the cluster, and where each came from."""

from __future__ import annotations

import functools
from typing import Any, cast

import msgspec

from elysium.model.ids import ObjectId, Position, UnitId

__all__ = ["Hook", "Origin", "Problem", "RenderedObject", "group_of"]


@functools.lru_cache(maxsize=1024)
def group_of(api_version: str) -> str:
    """The API group of an apiVersion; the core group is the empty string."""
    group, separator, _ = api_version.partition("/")
    return group if separator else ""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """What made an object: the unit, and the file (and line) of the repository or the template of the chart.

    `file` is relative to the root of the tree that the unit was built from; `tree` is empty when that is the repository
    being looked at, otherwise it names the source (`GitRepository/flux-system/podinfo`).
    """

    unit: UnitId
    file: str = ""
    line: int = 0
    document: int = 0
    tree: str = ""
    template: str = ""
    chart: str = ""
    generator: str = ""

    @property
    def position(self) -> Position | None:
        """The place in the repository being looked at, or None when the object was made elsewhere."""
        return Position(file=self.file, line=self.line) if self.file and not self.tree else None


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """A Helm hook: the events it runs on, its weight, and when it is deleted."""

    events: tuple[str, ...] = ()
    weight: int = 0
    delete_policies: tuple[str, ...] = ()


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What the schema of its kind has against an object. `path` is dotted, from the object's root.

    `by` names the operator and version whose definition says so, where that is the engine's catalogue: the cluster may
    run another version.
    """

    code: str
    path: str
    message: str
    by: str = ""


class RenderedObject(msgspec.Struct, frozen=True, kw_only=True):
    """One object, as JSON bytes: most are only passed on, so they are decoded when somebody looks inside."""

    api_version: str
    kind: str
    namespace: str
    name: str
    origin: Origin
    raw: bytes
    problems: tuple[Problem, ...] = ()
    hook: Hook | None = None
    crd: bool = False

    @property
    def id(self) -> ObjectId:
        return ObjectId(group_of(self.api_version), self.kind, self.namespace, self.name)

    def body(self) -> dict[str, Any]:
        """The object itself, decoded anew on every call: keep it if you need it twice."""
        return cast(dict[str, Any], msgspec.json.decode(self.raw))

    def __str__(self) -> str:
        return str(self.id)
