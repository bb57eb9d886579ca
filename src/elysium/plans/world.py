"""What checks look at: a repository, what it becomes, and, where that is allowed, the machine and the network.

Everything costly is computed once however many checks ask for it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from elysium.evaluate import ObjectIndex
    from elysium.model import Finding, Render
    from elysium.previews import Outcome
    from elysium.previews.events import EventKind
    from elysium.previews.rehearsal import PreviewRehearsal
    from elysium.resolve import Graph

__all__ = ["World"]


class World(Protocol):
    """The repository at its working tree, as a plan sees it. Paths are relative to `root`."""

    @property
    def root(self) -> Path:
        """Where the repository is on disk."""

    @property
    def commit(self) -> str:
        """The commit of the working tree; empty outside of git."""

    @property
    def today(self) -> datetime.date:
        """The day on which it is asked."""

    @property
    def allow_commands(self) -> bool:
        """Whether commands of the plan may run."""

    @property
    def live(self) -> bool:
        """Whether the network may be asked."""

    @property
    def files(self) -> Collection[str]:
        """Every file of the repository, with those that git does not know yet."""

    def read(self, path: str) -> str | None:
        """The text of a file, or None where there is none. Never leads out of the repository."""

    def render(self) -> Render:
        """What the working tree becomes."""

    def rendered_at(self, revision: str) -> Render:
        """What a revision becomes."""

    def index(self) -> ObjectIndex:
        """The objects of the render, to be looked up."""

    def graph(self) -> Graph:
        """What depends on what."""

    def findings(self, rules: Sequence[str] = (), profile: str = "") -> tuple[Finding, ...]:
        """What `elysium check` finds."""

    def chart(self, path: str, values: Sequence[str] = (), settings: Sequence[str] = ()) -> Render:
        """A chart of the repository alone, with values files and `KEY=VALUE` settings."""

    def overlay(self, path: str) -> Render:
        """A kustomization of the repository alone, without Flux."""

    def preview(self, number: int) -> Outcome:
        """Whether the preview of a pull request would work. Raises ElysiumError where there are no previews."""

    def rehearsed_preview(self, number: int, events: Sequence[EventKind]) -> PreviewRehearsal:
        """What the events of a pull request come to on an API server; without events, a whole life.

        Raises ElysiumError where it cannot be rehearsed.
        """

    def stale_workflows(self) -> Sequence[str]:
        """The generated workflows that are not what would be generated today."""

    def scrubbed(self, text: str) -> str:
        """A text without the secret values that the repository holds."""
