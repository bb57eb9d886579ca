"""The engine's results, as objects of the model."""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.engine import EngineFailure, FailureCode
from elysium.model import Failure, Hook, Need, ObjectId, Origin, Problem, RenderedObject, UnitId, group_of

__all__ = ["BuildResult", "ChartResult", "ReadSet", "failure_of", "rendered_objects"]


class _Metadata(msgspec.Struct, frozen=True):
    name: str = ""
    namespace: str = ""


class _Head(msgspec.Struct, frozen=True, rename="camel"):
    kind: str = ""
    api_version: str = ""
    metadata: _Metadata = _Metadata()


class BuiltOrigin(msgspec.Struct, frozen=True):
    """Where the engine says that an object came from."""

    file: str = ""
    line: int = 0
    document: int = 0
    generator: str = ""
    remote: str = ""
    chart: str = ""
    input: int = 0


class BuiltObject(msgspec.Struct, frozen=True):
    """One object of a result; its body stays raw JSON."""

    object: msgspec.Raw
    origin: BuiltOrigin = BuiltOrigin()
    problems: tuple[Problem, ...] | None = None
    hook: Hook | None = None
    crd: bool = False
    transformations: tuple[dict[str, Any], ...] | None = None


class ReadSet(msgspec.Struct, frozen=True):
    """What an answer depends on inside its tree."""

    files: tuple[str, ...] | None = ()
    directories: tuple[str, ...] | None = ()
    absent: tuple[str, ...] | None = ()


class _Variables(msgspec.Struct, frozen=True):
    used: tuple[str, ...] | None = ()
    undefined: tuple[str, ...] | None = ()
    defaulted: tuple[str, ...] | None = ()


class _Warning(msgspec.Struct, frozen=True):
    code: str = ""
    message: str = ""
    file: str = ""


class _Plain(msgspec.Struct, frozen=True):
    token: str
    value: str


class BuildResult(msgspec.Struct, frozen=True):
    """The result of `kustomization.build`."""

    objects: tuple[BuiltObject, ...] | None = ()
    read: ReadSet = ReadSet()
    variables: _Variables = _Variables()
    sensitive: bool = False
    decrypted: tuple[_Plain, ...] | None = ()
    warnings: tuple[_Warning, ...] | None = ()


class _Chart(msgspec.Struct, frozen=True):
    name: str = ""
    version: str = ""


class _Uses(msgspec.Struct, frozen=True):
    capabilities: bool = False
    lookup: bool = False
    random: bool = False
    time: bool = False


class ChartResult(msgspec.Struct, frozen=True):
    """The result of `chart.render`."""

    objects: tuple[BuiltObject, ...] | None = ()
    values: msgspec.Raw = msgspec.Raw(b"{}")
    value_origins: tuple[dict[str, Any], ...] | None = ()
    chart: _Chart = _Chart()
    uses: _Uses = _Uses()
    unread_values: tuple[tuple[str, ...], ...] | None = ()
    unread_siblings: tuple[tuple[str, ...], ...] | None = ()
    warnings: tuple[_Warning, ...] | None = ()


_head = msgspec.json.Decoder(_Head).decode


def rendered_objects(
    built: tuple[BuiltObject, ...] | None, unit: UnitId, tree: str, chart: str = ""
) -> tuple[RenderedObject, ...]:
    """Objects of a result with their heads read. `tree` names the source they were built from, unless it is our own;
    `chart` is the chart's directory in our own tree, for objects of templates that stand in the repository.
    """
    return tuple(_rendered(item, unit, tree, chart) for item in built or ())


def _head_of(raw: msgspec.Raw) -> _Head:
    try:
        return _head(raw)
    except msgspec.ValidationError:  # a name that is no text, for instance: the schema says what is wrong
        body = msgspec.json.decode(raw)
        metadata = body.get("metadata")
        named = {key: str(value) for key, value in metadata.items()} if isinstance(metadata, dict) else {}
        place = _Metadata(name=named.get("name", ""), namespace=named.get("namespace", ""))
        return _Head(kind=str(body.get("kind")), api_version=str(body.get("apiVersion")), metadata=place)


def _rendered(item: BuiltObject, unit: UnitId, tree: str, chart: str) -> RenderedObject:
    head = _head_of(item.object)
    made = item.origin
    template = made.file if made.chart or chart or tree.startswith("chart:") else ""
    file = f"{chart}/{made.file}" if chart and made.file else "" if template else made.file
    return RenderedObject(
        api_version=head.api_version,
        kind=head.kind,
        namespace=head.metadata.namespace,
        name=head.metadata.name,
        origin=Origin(
            unit=unit,
            file=file,
            line=made.line,
            document=made.document,
            tree=made.remote or tree,
            template=template,
            chart=made.chart,
            generator=made.generator,
        ),
        raw=bytes(item.object),
        problems=item.problems or (),
        hook=item.hook,
        crd=item.crd,
    )


def failure_of(error: EngineFailure) -> Failure:
    """An engine's failure as the reason of a unit."""
    data = error.data
    if error.code == FailureCode.EXCEEDED:
        hint = "raise the limit with --limit-seconds or --limit-memory if this is meant to be so large"
        return Failure(code="exceeded", message=error.message, hint=hint, file=data.file)
    need = None
    if error.code == FailureCode.UNAVAILABLE:
        need = Need(remedy="run `elysium fetch`, or map it with --source")
    return Failure(
        code=data.stage or "build",
        message=error.message,
        file=data.file or data.template,
        line=data.line,
        object=_object_id(data.object),
        need=need,
        variables=data.undefined,
    )


def _object_id(found: dict[str, Any] | None) -> ObjectId | None:
    if not found:
        return None
    return ObjectId(
        group_of(str(found.get("apiVersion") or found.get("api_version") or "")),
        str(found.get("kind") or ""),
        str(found.get("namespace") or ""),
        str(found.get("name") or ""),
    )
