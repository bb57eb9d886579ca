"""The ExternalArtifacts of an ArtifactGenerator, made from sources that are here."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from elysium.errors import EngineError, SourceError
from elysium.kit import digests
from elysium.sources import copying, stored
from elysium.sources.artifacts import Artifact, Missing
from elysium.sources.cache import Cache
from elysium.sources.copying import Call, CopyError, CopyOperation
from elysium.sources.tree import Tree

__all__ = ["GeneratedArtifact", "GeneratorSource", "generate", "sources_of"]

_CAPTURE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_MOST_CAPTURES = 10


class GeneratorSource(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of `spec.sources`, its namespace filled in."""

    alias: str
    kind: str
    name: str
    namespace: str


class GeneratedArtifact(msgspec.Struct, frozen=True, kw_only=True):
    """An ExternalArtifact; `labels` are what its `pathPattern` captured."""

    namespace: str
    name: str
    artifact: Artifact | Missing
    labels: Mapping[str, str] = {}


class _Output(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of `spec.artifacts`."""

    name: str
    copy: tuple[CopyOperation, ...]
    namespace: str = ""
    revision: str = ""


class _Source(msgspec.Struct, frozen=True, kw_only=True):
    alias: str
    kind: str
    name: str
    namespace: str = ""


class _Specification(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    sources: tuple[_Source, ...]
    output_artifacts: tuple[_Output, ...] = msgspec.field(name="artifacts")
    path_pattern: str = ""


def sources_of(namespace: str, spec: Mapping[str, Any]) -> tuple[GeneratorSource, ...]:
    """The sources that a generator in `namespace` reads. ValueError if its `spec` is not one."""
    return tuple(
        GeneratorSource(alias=item.alias, kind=item.kind, name=item.name, namespace=item.namespace or namespace)
        for item in _specification(spec).sources
    )


def generate(
    namespace: str,
    spec: Mapping[str, Any],
    sources: Mapping[str, tuple[Artifact, str] | Missing],
    cache: Cache,
    call: Call,
) -> list[GeneratedArtifact]:
    """Make the artifacts of a generator. `sources` holds an artifact and its source's `spec.ignore` for each alias.

    ValueError if the `spec` is none; an artifact that cannot be made is Missing: `failed` where source-watcher would
    refuse, `unknown` where a source of it is missing.
    """
    known = _specification(spec)
    lost = next((item for item in sources.values() if isinstance(item, Missing)), None)
    if lost is not None:
        return [_named(item, namespace, lost) for item in known.output_artifacts]
    trees, revisions = {}, {}
    for alias, item in sources.items():
        if not isinstance(item, Missing):
            trees[alias], revisions[alias] = _filtered(*item, call), item[0].revision
    made = []
    for output, labels in _expand(known, trees):
        artifact = _make(output, trees, revisions, cache, call)
        made.append(msgspec.structs.replace(_named(output, namespace, artifact), labels=labels))
    return made


def _specification(spec: Mapping[str, Any]) -> _Specification:
    try:
        return msgspec.convert(dict(spec), _Specification)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error


def _named(output: _Output, namespace: str, artifact: Artifact | Missing) -> GeneratedArtifact:
    return GeneratedArtifact(namespace=output.namespace or namespace, name=output.name, artifact=artifact)


def _filtered(artifact: Artifact, ignore: str, call: Call) -> Tree:
    """The files that source-controller packs: the engine knows the ignore rules."""
    tree = artifact.tree
    asked = {"root": tree.root, "files": list(tree.files), "ignore": ignore or None, "rules": artifact.rules}
    answer = call("tree.open", {"id": "generator", "listing": True, **asked})
    call("tree.close", {"id": "generator"})
    return tree.select(answer.get("paths") or ())


def _expand(spec: _Specification, trees: Mapping[str, Tree]) -> Iterator[tuple[_Output, dict[str, str]]]:
    """The artifacts to make: as they stand, or once for each directory that `pathPattern` matches."""
    if not spec.path_pattern:
        yield from ((output, {}) for output in spec.output_artifacts)
        return
    alias, _, pattern = spec.path_pattern.removeprefix("@").partition("/")
    if not spec.path_pattern.startswith("@") or not pattern or alias not in trees:
        raise ValueError(f"pathPattern {spec.path_pattern!r} is not @alias/pattern with a known alias")
    seen: dict[str, str] = {}
    for directory, captures in _directories(trees[alias], pattern):
        lowered = {key: value.lower() for key, value in captures.items()}
        for output in spec.output_artifacts:
            rendered = _render(output, captures, lowered)
            if seen.setdefault(f"{rendered.namespace}/{rendered.name}", directory) != directory:
                raise ValueError(f"pathPattern: more than one directory makes the artifact {rendered.name!r}")
            yield rendered, lowered


def _directories(tree: Tree, pattern: str) -> Iterator[tuple[str, dict[str, str]]]:
    names = _CAPTURE.findall(pattern)
    if len(set(names)) != len(names) or len(names) > _MOST_CAPTURES or not all(_NAME.fullmatch(name) for name in names):
        raise ValueError(f"pathPattern {pattern!r}: captures must be different names")
    pieces = _CAPTURE.split(pattern)
    expression = "".join(f"(?P<{piece}>[^/]+)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))
    directories = {parent for path in tree.files for parent in _parents(path)}
    for directory in sorted(directories, key=lambda path: path.split("/")):
        found = re.fullmatch(expression, directory)
        if found is None:
            continue
        for name, value in found.groupdict().items():
            if not _LABEL.fullmatch(value):
                raise ValueError(f"pathPattern {pattern!r}: {value!r}, captured as {name}, is no label value")
        yield directory, found.groupdict()


def _parents(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _render(output: _Output, captures: Mapping[str, str], lowered: Mapping[str, str]) -> _Output:
    """Names take captures in lower case, paths as they are."""
    name = _fill(output.name, lowered)
    if not _SUBDOMAIN.fullmatch(name) or len(name) > 253:
        raise ValueError(f"pathPattern: {name!r} is no object name")
    copies = tuple(
        msgspec.structs.replace(item, source=_fill(item.source, captures), to=_fill(item.to, captures))
        for item in output.copy
    )
    return msgspec.structs.replace(output, name=name, namespace=_fill(output.namespace, lowered), copy=copies)


def _fill(text: str, captures: Mapping[str, str]) -> str:
    return _CAPTURE.sub(lambda found: captures.get(found[1], found[0]), text)


def _make(
    output: _Output, trees: Mapping[str, Tree], revisions: Mapping[str, str], cache: Cache, call: Call
) -> Artifact | Missing:
    try:
        staged = copying.apply(output.copy, trees, call)
    except (CopyError, EngineError, SourceError) as error:
        return Missing(state="failed", reason=f"artifact {output.name}: {error}", remedy="mend the copy operations")
    listing = sorted((path, content.digest) for path, content in staged.files.items())
    name = digests.of_parts("generated", digests.of_listing(listing))[:40]
    tree = stored.load(cache, "artifacts", name)
    if tree is None:
        with cache.staging() as staging:
            writer = stored.TreeWriter(staging, f"artifact {output.name}")
            for path, _ in listing:
                writer.write(path, staged.files[path].read(), staged.files[path].digest)
            stored.store(cache, "artifacts", name, writer)
        tree = stored.load(cache, "artifacts", name)
    if tree is None:
        raise SourceError(
            "the generated artifact cannot be read", subject=output.name, hint="run `elysium cache verify`"
        )
    return _artifact(output, tree, revisions)


def _artifact(output: _Output, tree: Tree, revisions: Mapping[str, str]) -> Artifact | Missing:
    """source-watcher packs with the default exclusions, whatever `.sourceignore` files say."""
    kept = tree.select(path for path in tree.files if posixpath.basename(path) != ".sourceignore")
    alias = output.revision.removeprefix("@")
    if output.revision and alias not in revisions:
        reason = f"artifact {output.name}: revision {output.revision} names no source"
        return Missing(state="failed", reason=reason, remedy="name one of the sources")
    revision = revisions[alias] if output.revision else f"latest@sha256:{kept.digest}"
    assumption = "" if output.revision else f"the digest in the revision of {output.name} is not source-watcher's"
    return Artifact(tree=kept, revision=revision, digest=kept.digest, rules="git", assumption=assumption)
