"""Whether a preview works, as far as files tell: its sums, who reaches whom, and what the deployer may do."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from elysium.evaluate import ObjectIndex, access_of
from elysium.evaluate.verdicts import Verdict as Answer
from elysium.model import RenderedObject
from elysium.previews.fit import Fit, Verdict, fit
from elysium.previews.reach import Connection, connections
from elysium.previews.rights import Lacking, account_of, lacking_rights, steps

__all__ = ["Outcome", "judge"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of a preview. `account` deploys it; empty when the platform has none."""

    fit: Fit
    account: str
    lacking: tuple[Lacking, ...] = ()
    connections: tuple[Connection, ...] = ()

    @property
    def blocked(self) -> tuple[Connection, ...]:
        """What is needed and certainly closed."""
        return tuple(way for way in self.connections if way.needed and way.verdict is Answer.DENIED)

    @property
    def unneeded(self) -> tuple[Connection, ...]:
        """What is open and nobody needs."""
        return tuple(way for way in self.connections if not way.needed and way.verdict is Answer.ALLOWED)

    @property
    def works(self) -> bool:
        """Whether everything starts, reaches what it must, and can be deployed."""
        return self.fit.verdict is not Verdict.DOES_NOT_FIT and not self.blocked and not self.lacking


def judge(
    index: ObjectIndex,
    namespace: str,
    account: Sequence[RenderedObject],
    policies: Sequence[RenderedObject],
    application: Sequence[RenderedObject],
    ingress_namespace: str,
) -> Outcome:
    """Ask everything of one preview whose objects the index holds."""
    who = account_of(account)
    wanted = steps(index, who, namespace, policies, application) if who else ()
    return Outcome(
        fit=fit(index, namespace),
        account=str(who or ""),
        lacking=tuple(lacking_rights(access_of(index), who, wanted)) if who else (),
        connections=tuple(connections(index, namespace, ingress_namespace)),
    )
