"""The copy operations of an ArtifactGenerator, as source-watcher carries them out.

Where its documentation and its code differ, the code counts: `@source/configs/*.yaml` keeps the directory `configs`,
and `**` in a pattern matches one level (directories that match are copied whole), except for `strategy: Extract`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from elysium.sources import archives, matching
from elysium.sources.content import blob_digest
from elysium.sources.stored import is_safe
from elysium.sources.tree import Tree

__all__ = ["CopyError", "CopyOperation", "Staged", "apply"]

Call = Callable[[str, dict[str, Any]], Any]


class CopyError(Exception):
    """An operation that source-watcher would refuse."""


class CopyOperation(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of `spec.artifacts[].copy`."""

    source: str = msgspec.field(name="from")
    to: str
    exclude: tuple[str, ...] = ()
    strategy: Literal["Overwrite", "Merge", "Extract"] = "Overwrite"
    optional: bool = False


class _Content(msgspec.Struct, frozen=True):
    digest: str
    path: str = ""
    data: bytes = b""

    def read(self) -> bytes:
        return Path(self.path).read_bytes() if self.path else self.data


class Staged:
    """The artifact as it grows: contents by path."""

    def __init__(self) -> None:
        self.files: dict[str, _Content] = {}
        self._directories: set[str] = set()

    def has_directory(self, path: str) -> bool:
        return path in ("", ".") or path in self._directories

    def put(self, path: str, content: _Content) -> None:
        """Place a file; CopyError where it leads out of the artifact or a directory is in its place."""
        normal = posixpath.normpath(path)
        if not is_safe(normal):
            raise CopyError(f"destination '{path}' leads out of the artifact")
        parents = [str(parent) for parent in Path(normal).parents][:-1]
        if normal in self._directories or any(parent in self.files for parent in parents):
            raise CopyError(f"destination '{path}' is a directory in one place and a file in another")
        self._directories.update(parents)
        self.files[normal] = content


def apply(operations: Iterable[CopyOperation], sources: Mapping[str, Tree], call: Call) -> Staged:
    """Carry out operations in order. CopyError says which one was refused and why."""
    staged = Staged()
    for operation in operations:
        try:
            _Copy(operation, sources, staged, call).run()
        except (CopyError, ValueError) as error:
            raise CopyError(f"copy from '{operation.source}' to '{operation.to}': {error}") from error
    return staged


class _Copy:
    """One operation under way."""

    def __init__(self, operation: CopyOperation, sources: Mapping[str, Tree], staged: Staged, call: Call) -> None:
        alias, separator, self.pattern = operation.source.removeprefix("@").partition("/")
        if not operation.source.startswith("@") or not separator:
            raise CopyError("source format must be '@alias/pattern'")
        if not operation.to.startswith("@artifact/"):
            raise CopyError("destination must start with '@artifact/'")
        if alias not in sources:
            raise CopyError(f"source alias '{alias}' not found")
        self.tree = sources[alias]
        self.to = operation.to.removeprefix("@artifact/")
        self.operation = operation
        self.staged = staged
        self.call = call
        self.prefix = _fixed_prefix(self.pattern)

    def run(self) -> None:
        if matching.is_glob(self.pattern):
            self._many()
        else:
            self._one(posixpath.normpath(self.pattern) if self.pattern else ".")

    def _one(self, path: str) -> None:
        if path in self.tree.files:
            self._file(path)
        elif path == "." or self.tree.has_directory(path):
            if self.operation.strategy == "Extract":
                raise CopyError(f"extract strategy is not supported for directories, got '{path}'")
            self._directory(path, posixpath.join(self.to, posixpath.basename(path)) if path != "." else self.to)
        elif not self.operation.optional:
            raise CopyError(f"source '{path}' does not exist")

    def _file(self, path: str) -> None:
        if self._excluded(path, ""):
            return
        if self.operation.strategy == "Extract":
            if not _is_tarball(path):
                raise CopyError(f"extract strategy requires tarball file (.tar.gz or .tgz), got '{path}'")
            self._extract(path)
            return
        into = self.operation.to.endswith("/") or self.staged.has_directory(posixpath.normpath(self.to))
        self._place(path, posixpath.join(self.to, posixpath.basename(path)) if into else self.to)

    def _many(self) -> None:
        extract = self.operation.strategy == "Extract"
        test = matching.matches_recursively if extract else matching.matches
        found = [path for path in _entries(self.tree) if test(self.pattern, path)]
        if not found and self.operation.optional:
            return
        if not found:
            raise CopyError("no files match the pattern")
        kept = [path for path in found if not self._excluded(path, "")]
        if not kept:
            raise CopyError("all files that match the pattern were excluded")
        for path in kept:
            if not extract:
                self._matched(path)
            elif path in self.tree.files and _is_tarball(path):
                self._extract(path)

    def _matched(self, path: str) -> None:
        stem = self.pattern.removesuffix("/**")
        inner = path.removeprefix(f"{stem}/") if stem != self.pattern else path
        target = posixpath.join(self.to, inner)
        if path in self.tree.files:
            self._place(path, target)
        else:
            self._directory(path, target)

    def _directory(self, directory: str, target: str) -> None:
        """Copy what lies in a directory; `Merge` does not reach into it."""
        base = "" if directory == "." else f"{directory}/"
        for path in self.tree.below(directory):
            inner = path.removeprefix(base)
            if not self._excluded(path, base):
                self.staged.put(posixpath.join(target, inner), self._content(path))

    def _place(self, path: str, target: str) -> None:
        existing = self.staged.files.get(posixpath.normpath(target))
        if self.operation.strategy == "Merge" and existing is not None:
            merged = _merge(self._load(existing.read()), self._load(self._content(path).read()))
            data = self.call("yaml.encode", {"objects": [merged]})["yaml"].encode()
            self.staged.put(target, _Content(digest=blob_digest(data), data=data))
        else:
            self.staged.put(target, self._content(path))

    def _extract(self, path: str) -> None:
        for name, data in archives.members(self._content(path).read(), path):
            self.staged.put(posixpath.join(self.to, name), _Content(digest=blob_digest(data), data=data))

    def _content(self, path: str) -> _Content:
        return _Content(digest=self.tree.files[path], path=f"{self.tree.root}/{path}")

    def _load(self, data: bytes) -> dict[str, Any]:
        """All documents of a file, merged into one."""
        found: dict[str, Any] = {}
        for document in self.call("yaml.decode", {"text": data.decode("utf-8", "replace")})["documents"]:
            if not isinstance(document, dict):
                raise CopyError("only YAML mappings can be merged")
            found = _merge(found, document)
        return found

    def _excluded(self, path: str, base: str) -> bool:
        """Whether a file, or a directory that holds it, is excluded.

        Patterns count from the source's root, from the part of `from` before its first sign, and from the directory
        that is copied; one without a slash counts for the name alone.
        """
        patterns = self.operation.exclude
        if not patterns:
            return False
        parts = path.split("/")
        first = len(base.split("/")) - 1
        for end in range(first + 1, len(parts) + 1):
            whole = "/".join(parts[:end])
            names = {whole, whole.removeprefix(base), whole.removeprefix(self.prefix)}
            for pattern in patterns:
                tried = names if "/" in pattern else names | {parts[end - 1]}
                if any(matching.matches_recursively(pattern, name) for name in tried):
                    return True
        return False


def _entries(tree: Tree) -> list[str]:
    """Files and directories of a tree, sorted."""
    found = set(tree.files)
    for path in tree.files:
        parent = posixpath.dirname(path)
        while parent and parent not in found:
            found.add(parent)
            parent = posixpath.dirname(parent)
    return sorted(found)


def _fixed_prefix(pattern: str) -> str:
    """The directories of a pattern before its first sign, with a slash."""
    fixed: list[str] = []
    for part in pattern.split("/")[:-1]:
        if matching.is_glob(part):
            break
        fixed.append(part)
    return "/".join(fixed) + "/" if fixed else ""


def _is_tarball(path: str) -> bool:
    return path.lower().endswith((".tar.gz", ".tgz"))


def _merge(base: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """As Helm merges values files: mappings merge, everything else is replaced."""
    merged = dict(base)
    for key, value in overlay.items():
        known = merged.get(key)
        merged[key] = _merge(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged
