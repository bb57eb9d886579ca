"""Rendering without Flux: one chart, one overlay, a stream of objects. No secret value leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from elysium.api.redacting import redact_alone
from elysium.engine import Answer, EnginePool, FailureCode
from elysium.errors import UsageError
from elysium.model import Origin, Problem, Render, RenderedObject, Unit, UnitId, UnitKind, UnitState
from elysium.render import RenderOptions
from elysium.render.answers import BuildResult, ChartResult, failure_of, rendered_objects
from elysium.render.options import PINNED_TIME

__all__ = [
    "STANDARD_INPUT",
    "assignments",
    "chart_parameters",
    "objects_of_text",
    "render_chart",
    "render_kustomize",
    "unit_of",
]

STANDARD_INPUT = "standard input"
"""What a stream of objects is called that comes from no file."""

_LARGEST = 100 << 20
_MARKS = (".git", "elysium.toml", ".elysium")
"""What only the root of a repository has."""

_Objects = Callable[[msgspec.Raw], tuple[RenderedObject, ...]]
"""Reads the objects out of an answer."""


def render_kustomize(directory: Path, pool: EnginePool, options: RenderOptions) -> Render:
    """A directory as `kustomize build` renders it: nothing of Flux is added."""
    if not directory.is_dir():
        raise UsageError("there is no such directory", subject=f"--kustomize {directory}", hint="name an overlay")
    root = _checkout(directory.resolve())
    pool.announce("alone", "tree.open", {"id": "alone", "root": str(root), "files": None, "rules": "none"})
    path = directory.resolve().relative_to(root).as_posix()
    identity = UnitId("", UnitKind.KUSTOMIZATION, "", directory.name)
    params = {"tree": "alone", "path": path, "kustomization": None, "validate": True, "kubernetes": options.minor}
    answer = pool.ask("kustomization.build", params)
    return _result(identity, answer, options, lambda raw: _built(raw, identity))


def _checkout(directory: Path) -> Path:
    """The repository around a directory, so that bases and charts beside it belong to the tree."""
    around = (directory, *directory.parents)
    return next((parent for parent in around if any((parent / mark).exists() for mark in _MARKS)), directory)


def _built(raw: msgspec.Raw, identity: UnitId) -> tuple[RenderedObject, ...]:
    return rendered_objects(msgspec.json.decode(raw, type=BuildResult).objects, identity, "")


def render_chart(
    chart: Path, values_files: Sequence[str], settings: Sequence[str], pool: EnginePool, options: RenderOptions
) -> Render:
    """A chart as `helm template` renders it, with values files and `--set` values in their order."""
    location = _chart_location(chart, pool)
    values = [{"text": _text(Path(name)), "target_path": None, "literal": False} for name in values_files]
    values += assignments(settings)
    identity = UnitId("", UnitKind.HELM_RELEASE, "default", "release-name")
    label = f"chart:{chart.name}"
    answer = pool.ask("chart.render", chart_parameters(location, identity, values, options, seed=str(chart)))
    return _result(
        identity,
        answer,
        options,
        lambda raw: rendered_objects(msgspec.json.decode(raw, type=ChartResult).objects, identity, label),
    )


def chart_parameters(
    chart: dict[str, str], release: UnitId, values: Sequence[dict[str, Any]], options: RenderOptions, *, seed: str
) -> dict[str, Any]:
    """The question to the engine about a chart that no HelmRelease installs: a first installation under that name."""
    return {
        "chart": chart,
        "values_from": values,
        "values": {},
        "release": {"name": release.name, "namespace": release.namespace, "upgrade": False, "revision": 1},
        "kubernetes": options.patch,
        "apis": list(options.api_versions),
        "crds": "Create",
        "post_render_strategy": "nohooks",
        "origin": None,
        "seed": seed,
        "time": PINNED_TIME,
        "validate": True,
    }


def _chart_location(chart: Path, pool: EnginePool) -> dict[str, str]:
    if chart.is_file():
        return {"archive": str(chart.resolve())}
    if not (chart / "Chart.yaml").is_file():
        raise UsageError("there is no Chart.yaml", subject=f"--chart {chart}", hint="name a chart directory or a .tgz")
    directory = chart.resolve()
    root = _around(directory)
    pool.announce("alone", "tree.open", {"id": "alone", "root": str(root), "files": None, "rules": "none"})
    return {"tree": "alone", "path": directory.relative_to(root).as_posix()}


def _around(chart: Path) -> Path:
    """The chart itself, or the folder that also holds the charts beside it which its `Chart.yaml` names."""
    if "file://" not in _text(chart / "Chart.yaml"):
        return chart
    root = _checkout(chart)
    return chart.parent if root == chart else root


def assignments(settings: Sequence[str]) -> list[dict[str, Any]]:
    """Texts of `--set` as the engine takes values. Raises UsageError for what is no assignment."""
    return [_setting(text) for item in settings for text in _split(item)]


def _split(settings: str) -> list[str]:
    """`a=1,b=2` as Helm splits it: at commas that begin another `path=`, so that `{x,y}` stays one value."""
    parts: list[str] = []
    for part in settings.split(","):
        if parts and ("=" not in part or parts[-1].count("{") > parts[-1].count("}") or parts[-1].endswith("\\")):
            parts[-1] += "," + part
        else:
            parts.append(part)
    return parts


def _setting(text: str) -> dict[str, Any]:
    path, separator, value = text.partition("=")
    if not separator or not path:
        raise UsageError("this is no assignment", subject=f"--set {text}", hint="write --set path.to.value=VALUE")
    return {"text": value, "target_path": path, "literal": False}


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(_LARGEST).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(str(error), subject=f"--values {path}", hint="name a readable YAML file") from error


def unit_of(identity: UnitId, answer: Answer, objects: _Objects) -> Unit:
    """What the engine made of a unit: its objects, or why it failed, or what is unknown offline."""
    if answer.error is None:
        return Unit(id=identity, state=UnitState.RENDERED, objects=objects(answer.result))
    unknown = answer.error.code == FailureCode.UNAVAILABLE
    state = UnitState.UNKNOWN if unknown else UnitState.FAILED
    return Unit(id=identity, state=state, failure=failure_of(answer.error))


def _result(identity: UnitId, answer: Answer, options: RenderOptions, objects: _Objects) -> Render:
    return _render_of((unit_of(identity, answer, objects),), options)


def _render_of(units: tuple[Unit, ...], options: RenderOptions) -> Render:
    flux, kubernetes = options.flux, options.kubernetes
    return redact_alone(Render(revision="", digest="", flux=flux, kubernetes=kubernetes, clusters=("",), units=units))


def objects_of_text(
    text: bytes, name: str, pool: EnginePool, options: RenderOptions, numbers: Sequence[int] = ()
) -> Render:
    """A YAML stream of objects as one unit, judged by the schemas of the declared Kubernetes version.

    `numbers` are the indices of the documents that are not empty, where they are known.
    """
    try:
        decoded = text.decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"this is not UTF-8 text: {error}", subject=name, hint="give a YAML stream") from error
    answer = pool.ask("yaml.decode", {"text": decoded})
    identity = UnitId("", UnitKind.KUSTOMIZATION, "", name)
    if answer.error is not None:
        failure = msgspec.structs.replace(failure_of(answer.error), file=name)
        return _render_of((Unit(id=identity, state=UnitState.FAILED, failure=failure),), options)
    documents = msgspec.json.decode(answer.result, type=_Decoded).documents
    indices = numbers if len(numbers) == len(documents) else range(len(documents))
    pairs = zip(indices, documents, strict=True)
    numbered = [(number, head, body) for number, document in pairs for head, body in _objects(document)]
    crds = [body for _, head, body in numbered if head.kind == "CustomResourceDefinition"]
    bodies = [body for _, _, body in numbered]
    params = {"kubernetes": options.minor, "flux": options.flux, "catalogue": True, "crds": crds, "objects": bodies}
    problems = msgspec.convert(pool.call("objects.validate", params)["problems"], list[tuple[Problem, ...] | None])
    file = "" if name == STANDARD_INPUT else name
    objects = tuple(
        _object(head, body, found or (), Origin(unit=identity, file=file, document=number))
        for (number, head, body), found in zip(numbered, problems, strict=True)
    )
    return _render_of((Unit(id=identity, state=UnitState.RENDERED, objects=objects),), options)


class _Decoded(msgspec.Struct, frozen=True):
    """The answer of `yaml.decode`. Documents stay JSON: they are only judged and passed on."""

    documents: list[msgspec.Raw]


class _Head(msgspec.Struct, frozen=True, rename="camel"):
    """What an object says of itself; a stream may hold anything in these places."""

    api_version: Any = None
    kind: Any = None
    metadata: Any = None


class _Items(msgspec.Struct, frozen=True):
    items: list[msgspec.Raw]


_head_of = msgspec.json.Decoder(_Head).decode
_items_of = msgspec.json.Decoder(_Items).decode


def _objects(document: msgspec.Raw) -> Iterator[tuple[_Head, msgspec.Raw]]:
    """The object of a document, or those of a list; nothing for a document that is no mapping."""
    try:
        head = _head_of(document)
    except msgspec.ValidationError:
        return
    if str(head.kind).endswith("List"):
        try:
            items = _items_of(document).items
        except msgspec.ValidationError:  # a kind that only sounds like a list
            yield head, document
            return
        for item in items:
            yield from _objects(item)
    else:
        yield head, document


def _object(head: _Head, body: msgspec.Raw, problems: tuple[Problem, ...], origin: Origin) -> RenderedObject:
    metadata = head.metadata if isinstance(head.metadata, dict) else {}
    return RenderedObject(
        api_version=str(head.api_version or ""),
        kind=str(head.kind or ""),
        namespace=str(metadata.get("namespace") or ""),
        name=str(metadata.get("name") or ""),
        origin=origin,
        raw=bytes(body),
        problems=problems,
    )
