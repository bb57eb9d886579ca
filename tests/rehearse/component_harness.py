"""One API server for many repositories: each is replayed from the fresh repository to itself and back again.

What is in the way of the next one is taken away in between, so that none finds what another has left.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import msgspec

from elysium.api import Options, Workspace
from elysium.cluster.opening import open_server
from elysium.cluster.protocol import Action, Entries, Reference, Stored
from elysium.cluster.replay import Replayer
from elysium.evaluate import declared_nodes
from elysium.model import ObjectId, Render, UnitState
from elysium.rehearse.facts import Facts, gather
from elysium.rehearse.rehearsing import Course, Outcome, rehearse_cluster
from elysium.rehearse.types import Phase, WorkloadState
from elysium.settings import ClusterSettings
from tests.scaffold.choices import BEGUN, PRESENT, instances
from tests.scaffold.combinations import combination
from tests.scaffold.covering import Row
from tests.scaffold.feasible import whole
from tests.scaffold.harness import sources

__all__ = ["Stage", "opened_stage", "rendered", "row_with", "troubles", "written"]

_THERE_AND_BACK = (Phase.BASE, Phase.HEAD, Phase.ROLLBACK)
_OF_EVERY_NAMESPACE = ("default", "kube-root-ca.crt")


class _Objects(msgspec.Struct, frozen=True, kw_only=True):
    objects: tuple[Stored, ...] = ()


@cache
def row_with(*names: str, answer: tuple[str, str] | None = None) -> Row:
    """What `elysium init` writes, and these instances with what they need; `answer`: a factor and its value."""
    wanted = {name: PRESENT for name, item in instances().items() if item.component in BEGUN or name in names}
    found = whole(wanted | dict([answer] if answer else []))
    assert found is not None, f"{names} do not go together"
    return found


def written(row: Row, place: Path) -> Path:
    """The repository of a row."""
    place.mkdir(parents=True)
    return combination(row, place / "demo")


def rendered(root: Path) -> Render:
    """Every unit of a repository, each with a result."""
    with Workspace(root, options=Options(sources=sources())) as workspace:
        render = workspace.render()
    others = [f"{unit.id}: {unit.state} {unit.reason}" for unit in render.units if unit.state is not UnitState.RENDERED]
    assert others == []
    return render


class Stage:
    """A server and what it held before anything was replayed on it."""

    def __init__(self, replayer: Replayer) -> None:
        self.replayer = replayer
        self._empty = frozenset(self._stored())

    def played(self, root: Path, base: Render, head: Render) -> Outcome:
        """Replay the base, the head and the base again, and clear the stage."""
        with Workspace(root, options=Options(sources=sources())) as workspace:
            facts = _facts(workspace, base, head)
            own = workspace.settings.cluster.get(head.clusters[0], ClusterSettings())
        renders = tuple(zip(_THERE_AND_BACK, (base, head, base), strict=True))
        course = Course(
            cluster=head.clusters[0], facts=facts, controllers=True, nodes=declared_nodes(own.nodes), renders=renders
        )
        outcome = rehearse_cluster(course, self.replayer, lambda step: None)
        self._clear()
        return outcome

    def _stored(self) -> dict[ObjectId, Reference]:
        found = self.replayer.call("inventory", {}, _Objects).objects
        return {item.object.id: item.object for item in found if not item.owned}

    def _clear(self) -> None:
        over = [
            reference
            for identity, reference in self._stored().items()
            if identity not in self._empty and identity.name not in _OF_EVERY_NAMESPACE
        ]
        entries = self.replayer.call("delete", {"objects": over}, Entries).entries
        assert [entry for entry in entries if entry.action is Action.REJECTED] == []


def _facts(workspace: Workspace, *renders: Render) -> Facts:
    return gather(
        renders[-1].clusters[0],
        renders,
        workspace.settings,
        None,
        workspace.pool.call,
        root=workspace.settings_directory,
    )


@contextmanager
def opened_stage(cache_directory: Path) -> Iterator[Stage]:
    """A server of its own."""
    with ExitStack() as stack:
        _, replayer = open_server(stack, cache_directory, notice=lambda text, done, total: None)
        yield Stage(replayer)


def troubles(outcome: Outcome) -> list[str]:
    """What somebody would have to mend: refusals, warnings, what does not come up, what has no definition."""
    refused = [f"{item.object} of {item.unit}: {item.message}" for item in outcome.verdicts if item.refused]
    warned = [f"{item.object} of {item.unit}: {text}" for item in outcome.verdicts for text in item.warnings]
    down = [
        f"{item.object} {item.state.value}: {item.message}"
        for item in outcome.workloads
        if item.state is not WorkloadState.READY
    ]
    undefined = [item.message for item in outcome.unknown if item.code in ("kind", "unit", "suspended")]
    return [*refused, *warned, *down, *undefined]
