"""The YAML files of a tree, indexed by the engine; a file that was indexed before is not parsed again."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from elysium.engine import Answer, EnginePool, FailureCode, identity
from elysium.errors import EngineError
from elysium.model import Documents, IndexedFile
from elysium.model.documents import FileProblem

__all__ = ["IndexStore", "index_documents", "read_bodies", "yaml_files"]

_BATCH = 200


class IndexStore(Protocol):
    """Remembers by content: what was indexed before."""

    def get_many(self, keys: Iterable[str]) -> Mapping[str, bytes]: ...

    def put_many(self, items: Mapping[str, bytes]) -> None: ...


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    files: tuple[IndexedFile, ...]


def yaml_files(paths: Iterable[str]) -> list[str]:
    """The files that hold Kubernetes YAML: `.yaml` and `.yml`, without the templates of Helm charts."""
    listed = list(paths)
    charts = {posixpath.dirname(path) for path in listed if posixpath.basename(path) == "Chart.yaml"}
    return [path for path in listed if path.endswith((".yaml", ".yml")) and not _in_chart(path, charts)]


def _in_chart(path: str, charts: set[str]) -> bool:
    if not charts:
        return False
    directory = posixpath.dirname(path)
    while directory:
        if directory in charts:
            return True
        directory = posixpath.dirname(directory)
    return "" in charts


def index_documents(pool: EnginePool, tree: str, files: Mapping[str, str], store: IndexStore) -> Documents:
    """Index the YAML files among `files` (path → content digest) of an open tree, in the order of their paths."""
    wanted = yaml_files(sorted(files))
    keys = {path: f"index:{identity()}:{files[path]}" for path in wanted}
    known = store.get_many(keys.values())
    decode = msgspec.msgpack.Decoder(IndexedFile).decode
    found = {path: decode(known[key]) for path, key in keys.items() if key in known}
    missing = [path for path in wanted if path not in found]
    fresh = {file.path: file for file in _ask(pool, tree, missing)}
    unread = {path: _alone(pool, tree, path) for path in missing if path not in fresh}
    encode = msgspec.msgpack.encode
    store.put_many({keys[path]: encode(msgspec.structs.replace(file, path="")) for path, file in fresh.items()})
    found.update(fresh | unread)
    return Documents(files=tuple(msgspec.structs.replace(found[path], path=path) for path in wanted))


def _ask(pool: EnginePool, tree: str, paths: Sequence[str]) -> Iterable[IndexedFile]:
    batches = [paths[start : start + _BATCH] for start in range(0, len(paths), _BATCH)]
    for number, batch in enumerate(batches):
        pool.submit(("index", number), "documents.index", {"tree": tree, "files": batch})
    for _ in batches:
        _, answer = pool.next()
        if answer.error is None or answer.error.code != FailureCode.EXCEEDED:
            yield from _files(answer)


def _alone(pool: EnginePool, tree: str, path: str) -> IndexedFile:
    """A file of a batch that took too much; where it was this one, that is a problem of the file."""
    answer = pool.ask("documents.index", {"tree": tree, "files": [path]})
    if answer.error is not None and answer.error.code == FailureCode.EXCEEDED:
        problem = FileProblem(code="too-large", line=1, column=1, message=answer.error.message)
        return IndexedFile(path=path, problems=(problem,))
    return next(iter(_files(answer)))


def _files(answer: Answer) -> Iterable[IndexedFile]:
    if answer.error:
        hint = "run the command again; if it fails again, look at the files that were changed last"
        raise EngineError(answer.error.message, subject=answer.error.data.file, hint=hint)
    return msgspec.json.decode(answer.result, type=_Answer).files


def read_bodies(pool: EnginePool, tree: str, paths: Sequence[str]) -> list[tuple[str, int, dict[str, Any]]]:
    """Every object of some files of an open tree, as (path, line, object)."""
    if not paths:
        return []
    answer = pool.call("documents.index", {"tree": tree, "files": list(paths), "bodies": True})
    return [
        (file["path"], document["line"], document["body"])
        for file in answer["files"]
        for document in file["documents"]
        if isinstance(document.get("body"), dict)
    ]


def decoded_documents(pool: EnginePool, tree: str, paths: Sequence[str]) -> dict[str, dict[int, Any]]:
    """The documents of files of an open tree by path and index; of a file that takes too much there are none."""
    found: dict[str, dict[int, Any]] = {}
    batches = [paths[start : start + _BATCH] for start in range(0, len(paths), _BATCH)]
    for batch in batches:
        answer = pool.ask("documents.index", {"tree": tree, "files": batch, "bodies": True})
        if answer.error is None:
            for file in msgspec.json.decode(answer.result)["files"]:
                found[file["path"]] = {entry["index"]: entry.get("body") for entry in file.get("documents") or ()}
        elif len(batch) > 1:
            for path in batch:
                found |= decoded_documents(pool, tree, [path])
    return found
