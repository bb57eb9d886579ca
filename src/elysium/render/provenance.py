"""What made each field of an object that a Kustomization builds."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from elysium.engine import EnginePool
from elysium.model import FieldOrigin, FieldSource, ObjectId, RenderedObject
from elysium.render.answers import BuildResult, BuiltObject, rendered_objects
from elysium.render.inputs import data_of
from elysium.render.leaves import Address, dotted, leaves, real_path, short
from elysium.render.patches import Patch, flux_patches, patches_of, transformer_of
from elysium.render.progress import Task
from elysium.render.request import Request
from elysium.render.world import World

__all__ = ["Provenance"]

_VARIABLE = re.compile(r"\$\{\s*#?([A-Za-z_][A-Za-z0-9_]*)")
_FLUX_LABEL = "kustomize.toolkit.fluxcd.io/"
_ABSENT = object()


class Provenance:
    """Explains objects of one Kustomization. The build is done once more, this time with a record of what changed
    what.
    """

    def __init__(self, task: Task, request: Request, world: World, pool: EnginePool) -> None:
        self._task = task
        self._request = request
        self._world = world
        self._pool = pool
        self._files: dict[str, list[Any]] = {}
        answer = pool.ask("kustomization.build", {**request.params, "provenance": True})
        self._built: dict[ObjectId, BuiltObject] = {}
        if answer.error is None:
            built = msgspec.json.decode(answer.result, type=BuildResult).objects or ()
            rendered = rendered_objects(built, task.id, request.location.label)
            self._built = {item.id: source for item, source in zip(rendered, built, strict=True)}

    def transformations(self, item: RenderedObject) -> tuple[str, ...]:
        """What touched the object, in order, as `Transformer in file`."""
        found = self._built.get(item.id)
        steps = (found.transformations if found else None) or ()
        return tuple(f"{step.get('kind')} in {step.get('file')}" for step in steps)

    def fields(self, item: RenderedObject) -> tuple[FieldOrigin, ...]:
        """Every field of an object with its origin."""
        body = item.body()
        source = self._source(item)
        patches = [patch for patch in self._patches(item) if patch.selects(body)]
        made = [self._origin(address, value, body, source, patches, item) for address, value in leaves(body)]
        lines = self._lines(made)
        return tuple(
            msgspec.structs.replace(origin, line=line) for (origin, _, _), line in zip(made, lines, strict=True)
        )

    # Where candidates come from

    def _source(self, item: RenderedObject) -> dict[str, Any]:
        documents = self._read(item.origin.file) if item.origin.file else []
        index = item.origin.document
        found = documents[index] if 0 <= index < len(documents) else {}
        return found if isinstance(found, dict) else {}

    def _read(self, path: str) -> list[Any]:
        if path not in self._files:
            params = {"tree": self._request.location.tree, "files": [path], "bodies": True}
            answer = self._pool.ask("documents.index", params)
            documents: dict[int, Any] = {}
            if answer.error is None:
                for file in msgspec.json.decode(answer.result)["files"]:
                    documents = {document["index"]: document.get("body") for document in file.get("documents") or ()}
            self._files[path] = [documents.get(number) for number in range(max(documents, default=-1) + 1)]
        return self._files[path]

    def _decode(self, text: str) -> list[Any]:
        answer = self._pool.ask("yaml.decode", {"text": text})
        return msgspec.json.decode(answer.result)["documents"] if answer.error is None else []

    def _patches(self, item: RenderedObject) -> list[Patch]:
        """Patches that may have touched the object, the last one first."""
        found = self._built.get(item.id)
        steps = (found.transformations if found else None) or ()
        files = list(dict.fromkeys(str(step.get("file")) for step in steps if "Patch" in str(step.get("kind"))))
        listed = [patch for file in files for patch in patches_of(file, self._read, self._decode)]
        defined = self._task.origin.file if self._task.origin and not self._task.origin.tree else ""
        listed += flux_patches(self._task.spec, defined, self._decode)
        return listed[::-1]

    # One field

    def _origin(
        self,
        address: Address,
        value: Any,
        body: dict[str, Any],
        source: dict[str, Any],
        patches: list[Patch],
        item: RenderedObject,
    ) -> tuple[FieldOrigin, int, list[str | int]]:
        made = FieldOrigin(path=dotted(address), value=short(value), source=FieldSource.DEFAULT)
        for patch in patches:
            found = patch.sets(address, body)
            if found is not None and _same(found[0], value):
                inside = list(patch.path) if patch.inline else found[1]
                detail = self._variables(found[0], value)
                return self._with(made, FieldSource.PATCH, patch.file, detail), patch.document, inside
        written = _value_at(source, address)
        if written is not _ABSENT and _same(written, value):
            detail = self._variables(written, value)
            kind = FieldSource.SUBSTITUTION if detail else FieldSource.FILE
            return self._with(made, kind, item.origin.file, detail), item.origin.document, real_path(source, address)
        return self._otherwise(made, address, item), 0, []

    def _with(self, made: FieldOrigin, source: FieldSource, file: str, detail: str) -> FieldOrigin:
        return msgspec.structs.replace(made, source=source, file=file, detail=detail)

    def _otherwise(self, made: FieldOrigin, address: Address, item: RenderedObject) -> FieldOrigin:
        flux = self._flux(address)
        if flux:
            return self._with(made, FieldSource.FLUX, "", flux)
        found = self._built.get(item.id)
        steps = (found.transformations if found else None) or ()
        for file in dict.fromkeys(str(step.get("file")) for step in reversed(steps)):
            field = transformer_of(file, address, self._read)
            if field:
                return self._with(made, FieldSource.TRANSFORMER, file, field)
        if item.origin.generator:
            return self._with(made, FieldSource.GENERATOR, item.origin.file, item.origin.generator)
        return self._with(made, FieldSource.DEFAULT, "", "set when Flux normalises the object")

    def _flux(self, address: Address) -> str:
        spec = self._task.spec
        if address[:2] == ("metadata", "labels") and address[-1].startswith(_FLUX_LABEL):
            return "owner label of kustomize-controller"
        metadata = spec.get("commonMetadata") or {}
        if len(address) == 3 and address[0] == "metadata" and address[2] in (metadata.get(address[1]) or {}):
            return f"spec.commonMetadata of {self._task.id}"
        if address == ("metadata", "namespace") and spec.get("targetNamespace"):
            return f"spec.targetNamespace of {self._task.id}"
        if address == ("metadata", "name") and (spec.get("namePrefix") or spec.get("nameSuffix")):
            return f"spec.namePrefix or nameSuffix of {self._task.id}"
        if address[-1:] == ("image",) and spec.get("images"):
            return f"spec.images of {self._task.id}"
        return ""

    # Variables

    def _variables(self, written: Any, value: Any) -> str:
        if not isinstance(written, str) or "$" not in written or written == value:
            return ""
        names = list(dict.fromkeys(_VARIABLE.findall(written)))
        return ", ".join(f"${{{name}}} {self._variable(name)}" for name in names) or "$$ is an escaped $"

    def _variable(self, name: str) -> str:
        build = self._task.spec.get("postBuild") or {}
        if name in (build.get("substitute") or {}):
            return f"from postBuild.substitute of {self._task.id}"
        for reference in reversed(build.get("substituteFrom") or ()):
            identity = ObjectId("", str(reference.get("kind")), self._task.id.namespace, str(reference.get("name")))
            found = data_of(self._world, identity, None)
            if found is not None and name in found.data:
                return f"from {identity}"
        return "from its default, or from a Secret that only the cluster has"

    # Lines

    def _lines(self, origins: list[tuple[FieldOrigin, int, list[str | int]]]) -> list[int]:
        lines = [0] * len(origins)
        by_file: dict[str, list[int]] = {}
        for number, (origin, _, _) in enumerate(origins):
            if origin.file and origin.source not in (FieldSource.TRANSFORMER, FieldSource.GENERATOR):
                by_file.setdefault(origin.file, []).append(number)
        for file, numbers in by_file.items():
            queries = [_query(origins[number][1], origins[number][2], self._task) for number in numbers]
            params = {"tree": self._request.location.tree, "file": file, "queries": queries}
            answer = self._pool.ask("positions.find", params)
            found = msgspec.json.decode(answer.result)["positions"] if answer.error is None else [None] * len(numbers)
            for number, position in zip(numbers, found, strict=True):
                lines[number] = position["line"] if position else 0
        return lines


def _query(document: int, path: list[str | int], task: Task) -> dict[str, Any]:
    if document >= 0:
        return {"document": document, "kind": "", "name": "", "path": path}
    return {"document": None, "kind": task.id.kind.value, "name": task.id.name, "path": path}


def _value_at(body: Any, address: Address) -> Any:
    path = real_path(body, address)
    if len(path) != len(address):
        return _ABSENT
    for part in path:
        body = body[part]
    return body


def _same(written: Any, value: Any) -> bool:
    """Whether a written value may have become this one: it is equal, or it holds variables."""
    if written == value or str(written) == str(value):
        return True
    return isinstance(written, str) and "$" in written and _fits(written, str(value))


def _fits(written: str, value: str) -> bool:
    parts = re.split(r"\$\{[^}]*\}|\$\$", written)
    return re.fullmatch(".*".join(re.escape(part) for part in parts), value, re.DOTALL) is not None
