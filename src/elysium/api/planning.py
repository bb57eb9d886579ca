"""Plans and a repository: read, lint, verify, compare with what really changes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from elysium.api.plan_world import PlanWorld
from elysium.api.selecting import today
from elysium.api.workspace import Workspace
from elysium.errors import PlanError
from elysium.kit.files import read_regular
from elysium.plans.document.parsing import parse
from elysium.plans.effects.impact import ImpactEntry, impact
from elysium.plans.linting import PlanFinding, lint
from elysium.plans.progress.verifying import Chosen, Progress, Verification, verify
from elysium.plans.types import Plan
from elysium.sources import revision

__all__ = ["compare_plan", "lint_plan", "read_bytes", "read_plan", "verify_plan"]

_LARGEST = 4 << 20
_STANDARD_INPUT = "-"


def read_bytes(path: str) -> bytes:
    """A document that a person names; `-` is standard input. Raises PlanError when it cannot be read."""
    try:
        data = sys.stdin.buffer.read(_LARGEST + 1) if path == _STANDARD_INPUT else read_regular(Path(path), _LARGEST)
    except OSError as error:
        hint = "name a Markdown file, or - for standard input; `elysium plan new` writes one"
        raise PlanError(error.strerror or "cannot be read", subject=path, hint=hint) from error
    if len(data) > _LARGEST:
        raise PlanError("the plan is longer than 4 MiB", subject=path, hint="split it into several")
    return data


def read_plan(path: str) -> Plan:
    """The plan of a file; `-` is standard input. Raises PlanError with file and line for what cannot be read."""
    try:
        text = read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        hint = "`elysium plan import` repairs what was read in another encoding"
        raise PlanError(f"no UTF-8 at byte {error.start}", subject=path, hint=hint) from error
    return parse(text, path)


def lint_plan(plan: Plan, root: Path, *, strict: bool = False) -> tuple[PlanFinding, ...]:
    """What is wrong with a plan as a document; links lead from its own folder into the repository at `root`."""
    return lint(plan, strict=strict, today=today(), exists=lambda path: _exists(root, path))


def _exists(root: Path, path: str) -> bool:
    target = Path(os.path.normpath(root / path))
    return target.is_relative_to(root) and target.exists()


def verify_plan(
    workspace: Workspace,
    plan: Plan,
    chosen: Chosen | None = None,
    *,
    allow_commands: bool = False,
    live: bool = False,
    progress: Progress | None = None,
) -> Verification:
    """Every item of a plan with its result. Commands run and the network is asked only with consent."""
    world = PlanWorld(workspace, allow_commands=allow_commands, live=live)
    return verify(plan, world, chosen, progress)


def compare_plan(workspace: Workspace, plan: Plan, base: str = "") -> tuple[ImpactEntry, ...]:
    """What a plan declares against what differs between its base and the workspace's revision.

    Raises PlanError when neither the plan nor the caller names a base.
    """
    start = base or plan.base
    if not start:
        hint = "name it with --base REVISION; `elysium plan new` writes it into the plan"
        raise PlanError("the plan does not say from which commit it starts", subject=plan.path or "plan", hint=hint)
    commit = revision.resolve(workspace.directory, start)[0]
    world = PlanWorld(workspace)
    return impact(plan, world.rendered_at(commit), world.render())
