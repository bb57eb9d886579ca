"""What a draft is made from: what is known of the repository, and what carrying the plan out would change."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from elysium.model import Render
from elysium.plans.deploying.effect import Effect
from elysium.plans.types import Reliance
from elysium.scaffold import RepositoryFacts

__all__ = ["Ground"]


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """The repository as a draft sees it. `effect` is what the plan's one component does; `render` is the base.

    `files` are the paths of the repository, `commit` and `today` (ISO) what the plan is stamped with. `relies` are the
    files that the plan is made from; those of the effect are added. `path` is where the plan will be.
    """

    facts: RepositoryFacts
    commit: str = ""
    today: str = ""
    files: Collection[str] = ()
    render: Render | None = None
    effect: Effect | None = None
    relies: tuple[Reliance, ...] = ()
    path: str = "PLAN.md"
