"""The Python API: a repository at a revision, and what can be asked of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

import msgspec

from elysium.api import fingerprints, versioning
from elysium.api.opening import Opened, open_repository, open_tree
from elysium.api.options import Options
from elysium.api.report import Report
from elysium.api.selecting import select_rules, selected, today
from elysium.api.sourcing import (
    input_texts,
    mapped_sources,
    open_library,
    read_inputs,
    remotes,
    remotes_fingerprint,
    schema_directories,
    sources_fingerprint,
)
from elysium.check import Selection, registry
from elysium.engine import EnginePool, Limits, identity
from elysium.errors import SettingsError
from elysium.model import Documents, Explanation, Render, RenderedObject
from elysium.render import RenderOptions, Store
from elysium.settings import Settings, place_in, read_settings
from elysium.sources import Cache, Tree
from elysium.sources.mapping import SourceMapping
from elysium.sources.working import checkout_root

if TYPE_CHECKING:
    from elysium.api.rehearsing import RehearsalOptions
    from elysium.load import Cluster
    from elysium.rehearse.types import Rehearsal
    from elysium.render import RenderRun
    from elysium.resolve import Graph
    from elysium.sources.fetch import Outcome
    from elysium.sources.library import Library

__all__ = ["Progress", "Workspace"]

Progress = Callable[[str, int, int], None]
"""Hears how far the work is: what is being done, how much of it is done, how much there is."""

_Result = TypeVar("_Result", Render, Report)


class Workspace:
    """A repository, or a part of it, at one revision. Use it in a `with`: it owns engine processes and the cache.

    Results hold no secret value: known plaintexts are replaced by tokens before they leave. Every verb raises
    ElysiumError when it cannot go on; what is wrong with the repository is part of its result.
    """

    def __init__(
        self, path: Path | str = ".", *, options: Options | None = None, progress: Progress | None = None
    ) -> None:
        self.path = Path(path)
        self.options = options or Options()
        self.timings: dict[str, float] = {}
        self.from_cache = False
        self._ending = ExitStack()
        self._fetched = False
        self._progress = progress
        self.cache = Cache(self.options.cache_dir)
        self._store = Store(self.cache.directory / "answers.sqlite")
        limits = Limits(seconds=self.options.seconds, memory=self.options.memory)
        self.pool = EnginePool(workers=self.options.workers, limits=limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._ending:
            if kind is None:
                self._store.close()
            self.pool.close(at_once=kind is not None)

    # What there is

    @cached_property
    def _tree(self) -> tuple[Tree, str]:
        with self._timed("read the files"):
            return open_tree(self.path, self.options, self._extractions)

    @cached_property
    def _extractions(self) -> Cache:
        """Where trees are put: a revision's files, plaintext Secrets among them, stay no longer than the run."""
        if not self.options.extracted:
            return self.cache
        return Cache(self._ending.enter_context(self.cache.staging()))

    @cached_property
    def _opened(self) -> Opened:
        found, base = self._tree
        with self._timed("find the clusters"):
            declared = self.settings.clusters
            opened = open_repository(found, base, self.pool, self._store, self.options, declared)
        for name in declared:
            if not opened.tree.has_directory(name) and not found.has_directory(name):
                hint = "name directories of the repository, relative to its root"
                where = place_in(self.settings_directory, "clusters")
                raise SettingsError(f"`clusters`: there is no directory {name}", subject=where, hint=hint)
        return opened

    @property
    def tree(self) -> Tree:
        """The files of the repository at its revision."""
        return self._opened.tree

    @cached_property
    def settings(self) -> Settings:
        """`elysium.toml` of the path that was named or of the repository's root, or the defaults."""
        return versioning.chosen(read_settings(self.settings_directory), self.options)

    @cached_property
    def settings_directory(self) -> Path:
        """The directory that was named, if it has an `elysium.toml`; otherwise the root."""
        found, base = self._tree
        inner = Path(found.root) / base
        return inner if (inner / "elysium.toml").is_file() else Path(found.root)

    @cached_property
    def _top(self) -> Path:
        """The top of the checkout or folder on disk, whatever revision is looked at."""
        found = self._tree[0].root
        return (checkout_root(self.directory) or self.directory) if self.options.extracted else Path(found)

    @property
    def checkout(self) -> Path:
        """Where the settings' directory is on disk."""
        return self._top / self.settings_directory.relative_to(self._tree[0].root)

    @property
    def root(self) -> Path:
        """What findings' files are relative to, on disk."""
        return self._top / self.place

    @property
    def place(self) -> str:
        """Where the files of `tree` lie in the checkout: empty, unless a part of it is a repository of its own."""
        inside = Path(self.tree.root).relative_to(self._tree[0].root).as_posix()
        return "" if inside == "." else inside

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """The clusters that are looked at."""
        return self._opened.clusters

    @property
    def whole(self) -> bool:
        """Whether everything in the repository is looked at."""
        return not (self.options.units or self._opened.partial or self._opened.scope)

    def documents(self) -> Documents:
        """The YAML files of the repository, before anything is rendered."""
        return self._opened.documents

    # What it becomes

    def render(self) -> Render:
        """Every unit of every cluster with its objects, as they reach the cluster."""
        return self._remembered("render", Render, lambda: self._selected(self._rendered))

    def check(self, *, rules: tuple[str, ...] = (), profile: str = "") -> Report:
        """Findings of the selected rules, or of a profile."""
        selection = self.selection(rules, profile)
        name = f"check:{','.join(sorted(rules))}:{selection.profile}:{today()}"
        return self._remembered(name, Report, lambda: self._check(selection))

    def selection(self, rules: tuple[str, ...] = (), profile: str = "") -> Selection:
        """The rules that are asked for, or else those of the settings' profile."""
        return select_rules(rules, profile, self.settings, self.settings_directory)

    def check_objects(self, text: bytes, *, rules: tuple[str, ...] = (), profile: str = "", name: str = "") -> Report:
        """Findings about a YAML stream of objects, without Flux: `name` says where it comes from."""
        from elysium.api.lone_objects import check_text  # noqa: PLC0415 - not for repositories

        selection = Selection(rules=registry.expand(rules), profile=profile)
        return check_text(text, name, selection, self.options, pool=self.pool, store=self._store)

    def render_chart(self, chart: str, *, values_files: Sequence[str] = (), settings: Sequence[str] = ()) -> Render:
        """One chart alone, as `helm template` renders it."""
        from elysium.api import alone  # noqa: PLC0415 - not for repositories

        return alone.render_chart(Path(chart), values_files, settings, self.pool, versioning.lone(self.options))

    def render_kustomize(self, directory: str) -> Render:
        """One overlay alone, as `kustomize build` renders it."""
        from elysium.api import alone  # noqa: PLC0415 - not for repositories

        return alone.render_kustomize(Path(directory), self.pool, versioning.lone(self.options))

    def at(self, revision: str) -> Workspace:
        """The same repository at another revision, as yet unopened."""
        options = msgspec.structs.replace(self.options, revision=revision, staged=False, fetch=False)
        return Workspace(self.path, options=options)

    def rehearse(
        self, base: str | None = None, head: str | None = None, *, options: RehearsalOptions | None = None
    ) -> Rehearsal:
        """What a real API server makes of the base, and of this (or of the revision `head`) on top of it."""
        from elysium.api.rehearsing import rehearse  # noqa: PLC0415 - the only verb that needs a control plane

        return rehearse(self, base, head, options=options)

    def graph(self) -> Graph:
        """What depends on what, in every cluster."""
        from elysium.resolve import graph_of  # noqa: PLC0415 - the only verb that needs it

        return graph_of(self.render())

    def explain(self, subject: str) -> Explanation:
        """Which file, patch, chart, value and substitution made each field of an object (`Kind/namespace/name`,
        `hr/…`).
        """
        _ = self._rendered  # from here on the redactor knows everything that it has to
        from elysium.api.explaining import explain  # noqa: PLC0415 - the only verb that needs it

        return explain(subject, self._run, self.pool)

    def fetch(self, *, refresh: bool = False) -> list[Outcome]:
        """Fetch every source that a render needs and that is not here; with `refresh` the others anew, too.

        The only verb that uses the network.
        """
        from elysium.api.fetching import fetch_all  # noqa: PLC0415 - the only verb that needs a network library
        from elysium.sources.fetch import FetchEvent, FetchSettings  # noqa: PLC0415

        def notice(event: FetchEvent) -> None:
            self._say("fetching", event.done, event.total)

        def render() -> RenderRun:
            self.__dict__.pop("_run", None)
            return self._run

        settings = FetchSettings(ca_file=self.options.ca_file)
        outcomes = fetch_all(render, self.library, settings, notice, refresh=refresh)
        for name in ("_run", "_rendered"):
            self.__dict__.pop(name, None)
        return outcomes

    def scrubbed(self, text: str) -> str:
        """A text without the secret values that a render knows."""
        _ = self._rendered
        return self._run.redactor.text(text)

    def to_yaml(self, objects: Iterable[RenderedObject]) -> str:
        """Objects as a YAML stream."""
        answer = self.pool.call("yaml.encode", {"objects": [msgspec.Raw(item.raw) for item in objects]})
        return str(answer["yaml"])

    # How

    def _check(self, selection: Selection) -> Report:
        from elysium.api.checking import check_render, of_units  # noqa: PLC0415 - a remembered report needs no rules

        render = self._rendered
        with self._timed("check"):
            report = check_render(render, self._opened, selection, self.pool, self.settings)
            return of_units(report, self._selected(render)) if self.options.units else report

    def _selected(self, render: Render) -> Render:
        return selected(render, self.options.units)

    @cached_property
    def _rendered(self) -> Render:
        from elysium.api.redacting import learn_unbuilt, redact  # noqa: PLC0415 - a remembered result is redacted

        run, opened = self._run, self._opened
        with self._timed("redact"):
            learn_unbuilt(run.render, opened, self.pool, run.redactor)
            return redact(run.render, run.redactor, opened.documents)

    @cached_property
    def _run(self) -> RenderRun:
        from elysium.render import Surroundings, render_clusters  # noqa: PLC0415 - a remembered result needs it not
        from elysium.render.schemas import read_schema_folders  # noqa: PLC0415

        opened, checkout = self._opened, self._tree[0]
        versioning.require_known(opened.clusters, self.render_options, self.settings, self.pool.versions().kubernetes)
        with self._timed("render"):
            folders = schema_directories(self.settings.schemas, checkout, self.settings_directory)
            around = Surroundings(
                pool=self.pool,
                library=self.library,
                store=self._store,
                engine=identity(),
                settings=self.settings,
                notice=lambda done, total: self._say("rendering", done, total),
                schemas=read_schema_folders(checkout, folders, self.pool, self._store, identity()),
            )
            run = render_clusters(opened.clusters, opened.tree, opened.documents, self.render_options, around)
        with self._timed("remember"):
            self._store.flush()
        return run

    @cached_property
    def library(self) -> Library:
        """Where sources come from. The tree stands for the sources of the clusters' roots, and a whole checkout for its
        remotes.
        """
        opened = self._opened
        urls = {url for cluster in opened.clusters for url in cluster.urls}
        whole = self.options.extracted or (Path(opened.tree.root) / ".git").exists()
        if whole and opened.tree is self._tree[0]:
            urls |= remotes(self.directory)
        return open_library(self.cache, self.mappings, opened.tree, frozenset(urls), self.pool.call)

    @property
    def directory(self) -> Path:
        """The directory that was named, or that of the file."""
        found = self.path.resolve()
        return found.parent if found.is_file() else found

    @cached_property
    def mappings(self) -> tuple[SourceMapping, ...]:
        """Directories in place of sources."""
        return mapped_sources(self.options.sources, self.settings.sources, self.settings_directory, self.checkout)

    @cached_property
    def render_options(self) -> RenderOptions:
        """Versions and inputs, from the arguments, the settings and the defaults in this order."""
        inputs = read_inputs(self.settings.inputs, self.settings_directory, self.pool.call)
        return msgspec.structs.replace(self._asked, inputs=inputs)

    @cached_property
    def _asked(self) -> RenderOptions:
        """The render options without the inputs, which only the engine can read."""
        return versioning.asked(self.settings, self.options)

    def _remembered(self, name: str, kind: type[_Result], compute: Callable[[], _Result]) -> _Result:
        """The result of a whole question, from the cache when nothing that it depends on has changed."""
        if self.options.fetch and not self._fetched:
            self._fetched = True
            self.fetch()
        return self.recall(f"run:{name}:{self._fingerprint()}", kind, compute)

    def recall(self, key: str, kind: type[_Result], compute: Callable[[], _Result]) -> _Result:
        """What was remembered under a key that says everything it depends on, or what is computed now."""
        known = self._store.get(key)
        if known is not None:
            self.from_cache = True
            with self._timed("recall"):
                return msgspec.msgpack.decode(known, type=kind)
        result = compute()
        if not self.pool.exceeded:
            self._store.put(key, msgspec.msgpack.encode(result))
        return result

    def _fingerprint(self) -> str:
        found, base = self._tree
        return fingerprints.digest(
            [
                found.digest,
                "" if self.options.extracted else found.root,
                found.revision,
                found.dirty,
                base,
                identity(),
                fingerprints.package_version(),
                self.settings,
                self._asked,
                input_texts(self.settings.inputs, self.settings_directory),
                self.options.cluster,
                self.options.units,
                sources_fingerprint(self.cache, self.mappings),
                remotes_fingerprint(self.directory),
            ]
        )

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            self.timings[stage] = self.timings.get(stage, 0.0) + time.monotonic() - started

    def _say(self, what: str, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(what, done, total)
