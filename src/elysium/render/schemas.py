"""Folders with schemas of custom kinds that the settings name: CustomResourceDefinitions, and JSON Schemas.

JSON Schemas are found by their names, in the layouts that kubeconform reads: `{group}/{kind}_{version}.json`, which is
also that of the CRDs-catalog, and `{kind}-{group}-{version}.json`, where the group may be its first part alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from elysium.engine import EnginePool
from elysium.errors import SettingsError
from elysium.model import Problem
from elysium.render.store import Store
from elysium.sources import Tree

__all__ = ["SchemaFolders", "read_schema_folders"]

_LARGEST = 5 << 20
_SUBJECT = "elysium.toml, schemas"
_KIND = b"CustomResourceDefinition"
_Definitions = dict[str, tuple[str, msgspec.Raw]]


class _Judged(msgspec.Struct, frozen=True):
    problems: tuple[tuple[Problem, ...], ...]


class SchemaFolders(msgspec.Struct, frozen=True, kw_only=True):
    """What the folders hold. `definitions`: `group/Kind` → scope and CRD as JSON; `files`: JSON Schemas, name → path.

    Names are in lower case and count from their folder.
    """

    root: str = ""
    definitions: _Definitions = {}
    files: dict[str, str] = {}

    def json_schema(self, group: str, version: str, kind: str) -> str:
        """The path of the JSON Schema for a kind at a version; empty where there is none."""
        if not self.files:
            return ""
        first = group.split(".", 1)[0]
        names = (f"{group}/{kind}_{version}", f"{kind}-{group}-{version}", f"{kind}-{first}-{version}")
        found = (self.files.get(f"{name}.json".lower()) for name in names)
        return next((path for path in found if path), "")

    def text(self, path: str) -> bytes:
        """A JSON Schema on one line, as the engine is asked. Raises SettingsError when it is no JSON object."""
        content = _read(self.root, path)
        try:
            read = json.loads(content)
            line = json.dumps(read, allow_nan=False).encode()
        except (ValueError, RecursionError) as error:
            raise malformed(path, f"not JSON: {error}") from error
        if not isinstance(read, dict):
            raise malformed(path, "a JSON Schema of a kind is an object")
        return line


def malformed(path: str, reason: str) -> SettingsError:
    """A file of a folder that says nothing: whoever named the folder relies on it."""
    hint = "mend the file, or take it out of the folders that `schemas` names in elysium.toml"
    return SettingsError(reason, subject=path, hint=hint)


def read_schema_folders(tree: Tree, folders: Iterable[str], pool: EnginePool, store: Store, by: str) -> SchemaFolders:
    """Everything in the folders (relative to the tree); `by` names the engine and the versions that judge definitions.

    The first folder that has a kind counts. Raises SettingsError for a folder that is not there and for a malformed
    definition; JSON Schemas are read when an object needs them.
    """
    definitions: _Definitions = {}
    files: dict[str, str] = {}
    for folder in folders:
        if not tree.has_directory(folder):
            hint = "name directories of the repository, relative to elysium.toml"
            raise SettingsError(f"there is no directory {folder}", subject=_SUBJECT, hint=hint)
        prefix = 0 if folder == "." else len(folder) + 1
        for path in tree.below(folder):
            if path.endswith(".json"):
                files.setdefault(path[prefix:].lower(), path)
            elif path.endswith((".yaml", ".yml")):
                for name, found in _defined(tree, path, pool, store, by):
                    definitions.setdefault(name, found)
    return SchemaFolders(root=tree.root, definitions=definitions, files=files)


def _defined(
    tree: Tree, path: str, pool: EnginePool, store: Store, by: str
) -> Iterator[tuple[str, tuple[str, msgspec.Raw]]]:
    """The definitions of a file. They were read and found sound before if the store knows them."""
    key = f"definitions:{by}:{tree.files[path]}"
    known = store.get(key)
    if known is None:
        bodies = [] if _KIND not in (content := _read(tree.root, path)) else _bodies(path, content, pool)
        for body in bodies:
            _require_sound(path, body, pool)
        known = msgspec.json.encode(bodies)
        store.put(key, known)
    for raw in msgspec.json.decode(known, type=list[msgspec.Raw]):
        spec = msgspec.json.decode(raw)["spec"]
        yield f"{spec['group']}/{spec['names']['kind']}", (str(spec["scope"]), msgspec.Raw(bytes(raw)))


def _bodies(path: str, content: bytes, pool: EnginePool) -> list[dict[str, Any]]:
    try:
        answer = pool.ask("yaml.decode", {"text": content.decode()})
    except UnicodeDecodeError as error:
        raise malformed(path, str(error)) from error
    if answer.error is not None:
        raise malformed(f"{path}:{answer.error.data.line}", answer.error.message)
    documents = msgspec.json.decode(answer.result)["documents"]
    return [body for body in documents if isinstance(body, dict) and body.get("kind") == _KIND.decode()]


def _require_sound(path: str, body: dict[str, Any], pool: EnginePool) -> None:
    """What the API server would refuse as a definition judges nothing."""
    minor = pool.versions().kubernetes[-1]
    answer = pool.call("objects.validate", {"kubernetes": minor, "crds": [], "objects": [body]})
    problems = msgspec.convert(answer, type=_Judged).problems[0]
    if problems:
        raise malformed(path, f"{problems[0].path}: {problems[0].message}")
    if body["spec"].get("scope") not in ("Namespaced", "Cluster"):
        raise malformed(path, "spec.scope: must be Namespaced or Cluster")


def _read(root: str, path: str) -> bytes:
    try:
        with (Path(root) / path).open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except OSError as error:
        raise malformed(path, str(error)) from error
    if len(content) > _LARGEST:
        raise malformed(path, "larger than 5 MiB")
    return content
