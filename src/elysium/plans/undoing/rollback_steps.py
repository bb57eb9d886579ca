"""The steps of a rollback, as commands that a person runs."""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Iterator

import msgspec

from elysium.compare import Change, Comparison, Difference
from elysium.model import Render, Unit, UnitId, UnitKind
from elysium.plans.undoing.commits import PlanCommits
from elysium.plans.undoing.pruning import indexes, spec_of
from elysium.plans.undoing.remaining import Remain, RemainKind

__all__ = ["RollbackStep", "rollback_steps", "to_suspend"]

_ABBREVIATED = 12
_KINDS = {UnitKind.KUSTOMIZATION: "kustomization", UnitKind.HELM_RELEASE: "helmrelease"}
_Sides = tuple[Render, Render]


class RollbackStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step: what to do, the commands in their order, and why. Without commands a person has to decide."""

    title: str
    commands: tuple[str, ...] = ()
    why: str = ""


def rollback_steps(
    commits: PlanCommits, comparison: Comparison, sides: _Sides, remains: tuple[Remain, ...]
) -> tuple[RollbackStep, ...]:
    """The steps in their order. What is not committed never reached a cluster, so that is only discarded."""
    steps = [*_loose(commits)]
    if commits.commits:
        units = to_suspend(comparison, sides)
        steps += [*_saving(remains), *_suspending(units, comparison, sides), _reverting(commits)]
        steps += [*_resuming(units, sides), *_cleaning(remains), _validating(units)]
    return tuple(steps)


def to_suspend(comparison: Comparison, sides: _Sides) -> tuple[UnitId, ...]:
    """The units that apply what the rollback changes and that stay: in the order in which Flux reaches them.

    A HelmRelease is among them where its objects change and its own definition does not, as with a chart from Git.
    """
    lasting = {unit.id for unit in sides[0].units}
    touched: set[UnitId] = set()
    for item in comparison.objects:
        touched.update(unit for unit in (*item.before.units, *item.after.units) if unit in lasting)
    defined = {(item.cluster, item.object.kind, item.object.namespace, item.object.name) for item in comparison.objects}
    return tuple(
        unit.id
        for unit in sides[1].units
        if unit.id in touched
        and unit.id.kind in _KINDS
        and (
            unit.id.kind is UnitKind.KUSTOMIZATION
            or (unit.id.cluster, unit.id.kind.value, unit.id.namespace, unit.id.name) not in defined
        )
    )


def _loose(commits: PlanCommits) -> Iterator[RollbackStep]:
    if commits.foreign and commits.commits:
        yield RollbackStep(
            title="Commit or stash what is not part of the plan",
            why=f"git reverts nothing over uncommitted changes: {_listed(commits.foreign)}",
        )
    discarding = []
    if commits.changed:
        discarding.append(shlex.join(["git", "restore", "--staged", "--worktree", "--", *commits.changed]))
    if commits.new:
        discarding.append(shlex.join(["git", "rm", "--cached", "--quiet", "--ignore-unmatch", "--", *commits.new]))
        discarding.append(shlex.join(["rm", "--", *commits.new]))
    if discarding:
        yield RollbackStep(
            title="Discard what is not committed",
            commands=tuple(discarding),
            why="it never reached a cluster",
        )


def _saving(remains: tuple[Remain, ...]) -> Iterator[RollbackStep]:
    lost = [str(item.object) for item in remains if item.kind is RemainKind.LOST]
    if lost:
        yield RollbackStep(
            title="Save what the rollback deletes for good, or decide that nobody needs it", why=_listed(lost)
        )


def _suspending(units: tuple[UnitId, ...], comparison: Comparison, sides: _Sides) -> Iterator[RollbackStep]:
    known = {unit.id: unit for unit in sides[1].units}
    for unit in units:
        yield RollbackStep(
            title=f"Suspend {_named(unit, sides)}",
            commands=(_flux("suspend", unit),),
            why=_meanwhile(known[unit], comparison.objects),
        )


def _meanwhile(unit: Unit, objects: tuple[Difference, ...]) -> str:
    """What else a suspended unit no longer takes care of."""
    concerned = {item.object for item in objects if unit.id in item.units and item.change is not Change.MOVED}
    others = [item for item in unit.objects if item.id not in concerned]
    if not others:
        return "so that nothing is applied half-way"
    noun = "object" if len(others) == 1 else "objects"
    return f"so that nothing is applied half-way; its {len(others)} other {noun} follow Git again when it is resumed"


def _reverting(commits: PlanCommits) -> RollbackStep:
    reasons = []
    if commits.by == "files":
        reasons.append("they were found by the files of the plan that they touch: none has the trailer of the plan")
    keeping = bool(commits.document) and any(commits.document in item.files for item in commits.commits)
    if keeping:
        reasons.append(f"the plan itself stays, and a conflict in {commits.document} alone is settled with it")
    return RollbackStep(
        title="Revert the commits of the plan, newest first, and push",
        commands=(*(_keeping(commits) if keeping else _plain(commits)), "git push"),
        why="; ".join(reasons),
    )


def _plain(commits: PlanCommits) -> Iterator[str]:
    """One command for each run of plain commits; a merge is reverted to its first parent."""
    for merges, run in itertools.groupby(commits.commits, key=lambda commit: commit.merges):
        identities = [commit.id[:_ABBREVIATED] for commit in run]
        if merges:
            yield from (f"git revert --no-edit --mainline 1 {identity}" for identity in identities)
        else:
            yield " ".join(["git revert --no-edit", *identities])


def _keeping(commits: PlanCommits) -> Iterator[str]:
    """One commit that takes everything back but the plan's own document."""
    for commit in commits.commits:
        mainline = " --mainline 1" if commit.merges else ""
        yield f"git revert --no-commit{mainline} {commit.id[:_ABBREVIATED]}"
        if commits.document in commit.files:
            yield shlex.join(["git", "restore", "--source=HEAD", "--staged", "--worktree", "--", commits.document])
    reverts = [f"This reverts commit {commit.id}." for commit in commits.commits]
    yield shlex.join(["git", "commit", "-m", "Roll back the plan", "-m", "\n".join(reverts)])


def _resuming(units: tuple[UnitId, ...], sides: _Sides) -> Iterator[RollbackStep]:
    sources = dict.fromkeys(_source(unit, sides) for unit in units)
    fetching = tuple(source for source in sources if source)
    if fetching:
        yield RollbackStep(title="Let Flux fetch the reverted commit", commands=fetching)
    for unit in units:
        yield RollbackStep(
            title=f"Resume {_named(unit, sides)}",
            commands=(_flux("resume", unit), _flux("reconcile", unit)),
            why="it deletes what Git no longer has and applies what Git has again",
        )


def _source(unit: UnitId, sides: _Sides) -> str:
    """The command that makes Flux fetch the source of a Kustomization; empty where that is not known."""
    index = indexes(sides[1]).get(unit.cluster)
    definition = index.definition(unit) if index else None
    reference = spec_of(definition).get("sourceRef") if definition else None
    if not isinstance(reference, dict) or reference.get("kind") != "GitRepository":
        return ""
    namespace = str(reference.get("namespace") or unit.namespace)
    return shlex.join(["flux", "reconcile", "source", "git", str(reference.get("name")), "--namespace", namespace])


def _cleaning(remains: tuple[Remain, ...]) -> Iterator[RollbackStep]:
    commands = tuple(item.command for item in remains if item.command)
    if commands:
        yield RollbackStep(
            title="Delete by hand what nothing else deletes, once nobody needs it",
            commands=commands,
            why=_listed([str(item.object) for item in remains if item.command]),
        )
    refused = [str(item) for item in remains if item.kind is RemainKind.REFUSED]
    if refused:
        yield RollbackStep(title="Decide what the API server does not let go back", why=_listed(refused))


def _validating(units: tuple[UnitId, ...]) -> RollbackStep:
    commands = [
        shlex.join(["flux", "get", f"{_KINDS[unit.kind]}s", unit.name, "--namespace", unit.namespace]) for unit in units
    ]
    return RollbackStep(
        title="Validate that the rollback succeeded",
        commands=(*commands, "elysium check"),
        why="every unit is ready at the new commit",
    )


def _flux(verb: str, unit: UnitId) -> str:
    return shlex.join(["flux", verb, _KINDS[unit.kind], unit.name, "--namespace", unit.namespace])


def _named(unit: UnitId, sides: _Sides) -> str:
    clusters = {item.id.cluster for item in sides[1].units}
    return f"{unit} of {unit.cluster}" if len(clusters) > 1 else str(unit)


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
