"""Where a unit's files are: sources become trees that the engine has open."""

from __future__ import annotations

import contextlib
import hashlib
import posixpath
from pathlib import Path
from typing import Any

import msgspec

from elysium.engine import EnginePool
from elysium.model import Assumption, Failure, Need, ObjectId, RenderedObject
from elysium.render.external import Generated
from elysium.render.inputs import Missing
from elysium.render.location import ChartLocation, Location
from elysium.render.progress import Supply, Task, Unready
from elysium.render.reading import TreeReadings
from elysium.render.world import World
from elysium.sources import Tree
from elysium.sources.artifacts import Artifact, ChartArtifact, Rules
from elysium.sources.artifacts import Missing as MissingSource
from elysium.sources.generator import GeneratorSource
from elysium.sources.library import Library
from elysium.sources.requests import Request
from elysium.sources.specifications import credentials_of

__all__ = ["SOURCE_GROUP", "Locations"]

SOURCE_GROUP = "source.toolkit.fluxcd.io"
_LARGEST = 1 << 20


class Locations:
    """Opens each tree once. One instance serves one cluster: its root source stands for the repository itself."""

    def __init__(self, pool: EnginePool, library: Library, root: tuple[str, str, str]) -> None:
        self._pool = pool
        self._library = library
        self._own = library.own
        self._root = root
        self._open: dict[str, Location] = {}
        self._readings: dict[str, TreeReadings] = {}
        self._generated = Generated(library.cache, pool.call)
        self._chart_digests: dict[tuple[str, str], str] = {}
        self.needs: dict[str, Request] = {}

    def readings(self, location: Location) -> TreeReadings:
        """Digests of what lies in a location."""
        known = self._readings.get(location.tree)
        if known is None:
            known = self._readings[location.tree] = TreeReadings(location.files)
        return known

    def own(self) -> Location:
        """The repository itself, unfiltered by any source's `spec.ignore`."""
        return self._announce("", self._own, "git", "", "", ())

    def of_source(self, task: Task, world: World, kind: str, namespace: str, name: str) -> Location:
        """The tree of a source object. Raises Unready when it is missing, unknown offline or impossible."""
        identity = ObjectId(SOURCE_GROUP, kind, namespace, name)
        item = world.find(identity, task.id)
        is_root = (kind, namespace, name) == self._root
        made_outside = kind == "ExternalArtifact"  # never in Git: some controller makes it
        if item is None and not is_root and not made_outside and identity not in task.without:
            raise Unready(missing=(Missing(id=identity, optional=False),))
        found, ignore = self._artifact(world, task, kind, namespace, name)
        if isinstance(found, MissingSource):
            raise self.missing(found)
        label = "" if found.tree.root == self._own.root else f"{kind}/{namespace}/{name}"
        assumptions = (Assumption(code="source", message=found.assumption),) if found.assumption else ()
        opened = self._announce(label, found.tree, found.rules, ignore, found.revision, assumptions)
        return msgspec.structs.replace(opened, digest=found.digest, archive=found.archive)

    def _artifact(
        self, world: World, task: Task, kind: str, namespace: str, name: str
    ) -> tuple[Artifact | MissingSource, str]:
        """A source's content with its `spec.ignore`. The root source is the repository itself."""
        item = world.find(ObjectId(SOURCE_GROUP, kind, namespace, name), task.id)
        spec = _spec(item.body()) if item is not None else {}
        ignore = str(spec.get("ignore") or "")
        if (kind, namespace, name) == self._root:
            rules: Rules = "bucket" if kind == "Bucket" else "git"
            own = self._own
            return Artifact(tree=own, revision=own.revision, digest=own.digest, rules=rules), ignore
        found = self._library.artifact(kind, namespace, name, spec)
        if isinstance(found, MissingSource) and kind == "ExternalArtifact":
            made = self._generated.find(namespace, name, world, lambda source: self._source(world, task, source))
            found = made or found
        return found, ignore

    def _source(self, world: World, task: Task, source: GeneratorSource) -> tuple[Artifact, str] | MissingSource:
        found, ignore = self._artifact(world, task, source.kind, source.namespace, source.name)
        return found if isinstance(found, MissingSource) else (found, ignore)

    def missing(self, found: MissingSource) -> Unready:
        """The library's answer that a source is not here, as the state of the unit that needs it."""
        key = ""
        if found.request is not None:
            key = found.request.key
            self.needs[key] = found.request
        failure = Failure(
            code="source", message=found.reason, hint=found.remedy, need=Need(remedy=found.remedy, key=key)
        )
        return Unready(failure=failure, state=found.state)

    def chart_in(self, location: Location, path: str) -> ChartLocation:
        """The chart in a directory (or the archive) of an open tree, which must be there."""
        cleaned = posixpath.normpath("/" + path).lstrip("/")
        tree = location.files
        if cleaned in tree.files:
            archive = posixpath.join(tree.root, cleaned)
            chart = {"archive": archive}
            return ChartLocation(
                chart=chart, digest=tree.files[cleaned], location=location, label=f"{location.label}:{cleaned}"
            )
        if not tree.has_directory(cleaned):
            where = location.label or "the repository"
            failure = Failure(code="chart", message=f"there is no chart at {path} in {where}")
            raise Unready(failure=failure)
        return ChartLocation(
            chart={"tree": location.tree, "path": cleaned or "."},
            digest=self._chart_digest(tree, cleaned),
            location=location,
            label=f"{location.label}:{cleaned}" if location.label else cleaned,
            path=cleaned if not location.label else "",
        )

    def _chart_digest(self, tree: Tree, directory: str) -> str:
        """What a chart depends on: its directory, but all of its tree when it takes a dependency from beside it."""
        key = (tree.digest, directory)
        known = self._chart_digests.get(key)
        if known is None:
            known = tree.digest if _reaches_beside(tree, directory) else tree.under(directory)
            self._chart_digests[key] = known
        return known

    def chart_of(self, found: ChartArtifact | MissingSource, label: str) -> ChartLocation:
        """A chart that the library found, as an archive or as a directory."""
        if isinstance(found, MissingSource):
            raise self.missing(found)
        if found.archive:
            chart = {"archive": found.archive}
            return ChartLocation(chart=chart, digest=found.digest, location=self.own(), label=label)
        assert found.tree is not None
        opened = self._announce(label, found.tree, "none", "", found.version, ())
        inside = self.chart_in(opened, found.path)
        return msgspec.structs.replace(inside, label=label, path="")

    def whole_chart(self, location: Location) -> ChartLocation:
        """The chart that an artifact consists of: at its root or in its only directory, or as an archive in it."""
        if location.archive:
            chart = {"archive": location.archive}
            return ChartLocation(chart=chart, digest=location.digest, location=location, label=location.label)
        charts = [path for path in location.files.files if posixpath.basename(path) == "Chart.yaml"]
        if charts:
            return self.chart_in(
                location, posixpath.dirname(min(charts, key=lambda path: (path.count("/"), path))) or "."
            )
        archives = [path for path in location.files.files if path.endswith((".tgz", ".tar.gz"))]
        if len(archives) == 1:
            return self.chart_in(location, archives[0])
        raise Unready(failure=Failure(code="chart", message=f"{location.label or 'the artifact'} holds no chart"))

    def chart_of_repository(self, item: RenderedObject, chart: str, version: str) -> ChartLocation:
        """A chart of a HelmRepository. Raises Unready when it is not here, or impossible."""
        spec = _spec(item.body())
        try:
            credentials = credentials_of(item.namespace, spec)
        except ValueError as error:
            raise Unready(failure=Failure(code="source", message=f"{item.id}: {error}")) from error
        found = self._library.chart(
            str(spec.get("url") or ""),
            chart,
            "" if version == "*" else version,
            repository=f"{item.namespace}/{item.name}",
            credentials=credentials,
        )
        return self.chart_of(found, f"chart:{chart}-{version}")

    def remote_base(self, url: str) -> Supply:
        """The directory in which a remote base was put. Raises Unready when it was not fetched."""
        found = self._library.remote_base(url)
        if isinstance(found, MissingSource):
            raise self.missing(found)
        return Supply(value=found.directory, digest=found.digest)

    def dependency(self, need: dict[str, Any]) -> Supply:
        """A chart's dependency that its `charts/` lacks, as the engine takes it."""
        name = str(need.get("name") or "")
        repository, version = str(need.get("repository") or ""), str(need.get("version") or "")
        found = self._library.chart(repository, name, version)
        chart = self.chart_of(found, f"chart:{name}-{version}")
        return Supply(value={"name": name, **chart.chart}, digest=chart.digest)

    def _announce(
        self, label: str, tree: Tree, rules: str, ignore: str, revision: str, assumptions: tuple[Assumption, ...]
    ) -> Location:
        mark = hashlib.sha256(f"{rules}\0{ignore}\0{tree.digest}".encode()).hexdigest()[:12]
        identity = f"{label or 'own'}#{mark}"
        known = self._open.get(identity)
        if known is None:
            params = {
                "id": identity,
                "root": tree.root,
                "files": list(tree.files),
                "ignore": ignore or None,
                "rules": rules,
            }
            self._pool.announce(identity, "tree.open", params)
            known = Location(
                tree=identity,
                label=label,
                rules="\0".join([label, rules, ignore, *_ignore_files(tree)]),
                files=tree,
                revision=revision or tree.revision,
                digest=tree.digest,
                assumptions=assumptions,
            )
            self._open[identity] = known
        return known


def _ignore_files(tree: Tree) -> list[str]:
    """The files that decide which others exist: no answer says that it has read them."""
    return [f"{path}\0{digest}" for path, digest in tree.files.items() if path.endswith(".sourceignore")]


def _reaches_beside(tree: Tree, directory: str) -> bool:
    """Whether a chart, or one inside it, names a dependency by `file://` (or writes in a way that may hide one)."""
    for path in tree.below(directory):
        if posixpath.basename(path) in ("Chart.yaml", "requirements.yaml"):
            with contextlib.suppress(OSError), Path(tree.root, path).open("rb") as stream:
                text = stream.read(_LARGEST)
                if b"file:" in text or b"\\" in text:
                    return True
    return False


def _spec(body: dict[str, Any]) -> dict[str, Any]:
    spec = body.get("spec")
    return spec if isinstance(spec, dict) else {}
