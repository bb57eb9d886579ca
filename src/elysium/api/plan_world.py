"""The repository as the checks of a plan see it: every costly answer computed once, however many threads ask."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from elysium.api.selecting import today
from elysium.api.workspace import Workspace
from elysium.errors import RepositoryError, ScaffoldError
from elysium.evaluate import ObjectIndex
from elysium.model import Finding, Render
from elysium.previews import Outcome
from elysium.previews.events import EventKind
from elysium.resolve import Graph
from elysium.scaffold import read_file

__all__ = ["PlanWorld"]

if TYPE_CHECKING:
    from elysium.previews.rehearsal import PreviewRehearsal

_Answer = TypeVar("_Answer")


class PlanWorld:
    """A workspace at its working tree, asked by checks. `live` and `allow_commands` are a person's consent."""

    def __init__(self, workspace: Workspace, *, allow_commands: bool = False, live: bool = False) -> None:
        self._workspace = workspace
        self._lock = threading.RLock()
        self._known: dict[Any, Any] = {}
        self.allow_commands = allow_commands
        self.live = live
        self.today: datetime.date = today()

    @property
    def root(self) -> Path:
        """Where the repository is on disk."""
        return self._workspace.root

    @property
    def commit(self) -> str:
        """The commit of the working tree; empty outside of git."""
        return self._workspace.tree.revision.rpartition(":")[2]

    @property
    def files(self) -> Collection[str]:
        """Every file of the repository that git would take."""
        return self._once("files", self._workspace.tree.files.keys)

    def read(self, path: str) -> str | None:
        """The text of a file, or None where there is none, or none that can be read as text."""
        if path not in self.files:
            return None
        try:
            return self._once(("read", path), lambda: read_file(self.root, path))
        except ScaffoldError:
            return None

    def render(self) -> Render:
        """What the working tree becomes."""
        return self._once("render", self._workspace.render)

    def rendered_at(self, revision: str) -> Render:
        """What a revision becomes, with the same options."""
        return self._once(("render", revision), lambda: self._render_of(revision))

    def index(self) -> ObjectIndex:
        """The objects of the render, to be looked up."""
        return self._once("index", lambda: ObjectIndex(self.render().units))

    def graph(self) -> Graph:
        """What depends on what."""
        return self._once("graph", self._workspace.graph)

    def findings(self, rules: Sequence[str] = (), profile: str = "") -> tuple[Finding, ...]:
        """What `elysium check` finds."""
        key = ("findings", *sorted(rules), profile)
        return self._once(key, lambda: self._workspace.check(rules=tuple(rules), profile=profile).findings)

    def chart(self, path: str, values: Sequence[str] = (), settings: Sequence[str] = ()) -> Render:
        """A chart of the repository alone, with values files and `KEY=VALUE` settings."""
        files = [str(self.root / name) for name in values]
        key = ("chart", path, *values, "", *settings)
        chart = str(self.root / path)
        return self._once(
            key, lambda: self._workspace.render_chart(chart, values_files=files, settings=tuple(settings))
        )

    def overlay(self, path: str) -> Render:
        """A kustomization of the repository alone, without Flux."""
        return self._once(("overlay", path), lambda: self._workspace.render_kustomize(str(self.root / path)))

    def preview(self, number: int) -> Outcome:
        """Whether the preview of a pull request would work."""
        from elysium.api.previewing import judge_preview  # noqa: PLC0415 - few plans ask

        return self._once(("preview", number), lambda: judge_preview(self._workspace, number))

    def rehearsed_preview(self, number: int, events: Sequence[EventKind]) -> PreviewRehearsal:
        """What the events of a pull request come to on an API server; without events, a whole life."""
        from elysium.api import preview_rehearsing as rehearsing  # noqa: PLC0415 - few plans ask

        options = rehearsing.PreviewRehearsalOptions(events=tuple(events) or rehearsing.DEFAULT_EVENTS)
        key = ("rehearsed preview", number, options.events)
        return self._once(key, lambda: rehearsing.rehearse_preview(self._workspace, number, options))

    def stale_workflows(self) -> Sequence[str]:
        """The generated workflows that are not what would be generated today."""
        from elysium.api.continuous import check_workflows  # noqa: PLC0415 - few plans ask

        return self._once("ci", lambda: tuple(item.path for item in check_workflows(self._workspace).stale))

    def scrubbed(self, text: str) -> str:
        """A text without the secret values that the repository holds; as it is where nothing can be rendered."""
        with self._lock:
            try:
                return self._workspace.scrubbed(text)
            except RepositoryError:
                return text

    def _render_of(self, revision: str) -> Render:
        options = msgspec.structs.replace(self._workspace.options, revision=revision)
        with Workspace(self._workspace.path, options=options) as opened:
            return opened.render()

    def _once(self, key: Any, compute: Callable[[], _Answer]) -> _Answer:
        with self._lock:
            if key not in self._known:
                self._known[key] = compute()
            found: _Answer = self._known[key]
            return found
