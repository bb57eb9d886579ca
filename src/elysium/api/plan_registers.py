"""The registers of a repository: risks, decisions and changes, judged with what the repository knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from elysium.api.plan_world import PlanWorld
from elysium.api.workspace import Workspace
from elysium.errors import PlanError
from elysium.plans.document.parsing import parse
from elysium.plans.registers import (
    RegisterFinding,
    Registers,
    find_registers,
    known_watchers,
    lint_history,
    lint_registers,
    read_changes,
)

__all__ = ["lint_change_log", "lint_repository_registers"]

_MARK = "<!-- plan:"


def lint_repository_registers(workspace: Workspace) -> tuple[RegisterFinding, ...]:
    """What is wrong with every register. A risk may be watched by a rule, by a policy of `elysium.toml`, by a built-in
    check, or by an item of any plan of the repository.
    """
    world = PlanWorld(workspace)
    found: Registers = find_registers(world.files, world.read)
    policies = [policy.id for policy in workspace.settings.policy]
    return lint_registers(found, known_watchers(_items(world), policies), world.today)


def lint_change_log(
    workspace: Workspace, path: str, span: str, watched: Sequence[str] = ()
) -> tuple[RegisterFinding, ...]:
    """What git says against a change log: commits of a span (`BASE..HEAD`) that touched the watched paths, by default
    the folder of the log, without a complete entry. Raises PlanError where there is no such log.
    """
    text = PlanWorld(workspace).read(path)
    if text is None:
        hint = "name it with its path in the repository: devops/change-log.md"
        raise PlanError("there is no such change log", subject=path, hint=hint)
    folder = path.rpartition("/")[0] or "."
    return lint_history(read_changes(text, path), workspace.root, span, tuple(watched) or (folder,))


def _items(world: PlanWorld) -> Iterator[str]:
    """The ids of the items of every plan; a plan that cannot be read has none."""
    for path in world.files:
        text = world.read(path) if path.endswith(".md") else None
        if text is None or _MARK not in text:
            continue
        try:
            yield from (place.item.id for place in parse(text, path).places())
        except PlanError:
            continue
