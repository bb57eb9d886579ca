"""A PodDisruptionBudget that never lets a pod go.

Draining a node evicts its pods, and the eviction asks the budget. With `minAvailable` as high as the number of
replicas, or `maxUnavailable: 0`, the answer is always no: upgrades of nodes hang until somebody deletes the pod by
hand. Percentages round up (Kubernetes: pkg/controller/disruption). With an autoscaler its minimum counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.budgets import Budget, budgets
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.rollouts import scaled, share
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="pdb-blocks-drain",
    severity=Severity.WARNING,
    summary="a PodDisruptionBudget that never lets a pod go",
    topic=Topic.AVAILABILITY,
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each budget."""
    for index in context.objects.values():
        for budget in budgets(index):
            replicas = _replicas(index, budget)
            found = _blocks(budget, replicas) if replicas else None
            if found:
                field, why = found
                names = ", ".join(f"{workload.item.kind} {workload.item.name}" for workload in budget.workloads)
                message = f"{budget.item} lets no pod of {names} go: {why}"
                at = in_object(context, budget.item, ("spec", field))
                hint = "more replicas, or maxUnavailable: 1; with one replica a budget only hinders"
                yield about_object(RULE, budget.item, at, message, hint=hint)


def _replicas(index: ObjectIndex, budget: Budget) -> int:
    """How many pods there are at least; 0 when that is not known."""
    counts = [scaled(index, workload) for workload in budget.workloads]
    known = [count[0] for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else 0


def _blocks(budget: Budget, replicas: int) -> tuple[str, str] | None:
    at_least, at_most = budget.spec.get("minAvailable"), budget.spec.get("maxUnavailable")
    wanted = share(at_least, replicas, up=True)
    if wanted is not None and wanted >= replicas:
        return "minAvailable", f"minAvailable is {at_least}, and there {_pods(replicas)}"
    if at_least is None and share(at_most, replicas, up=True) == 0:
        return "maxUnavailable", f"maxUnavailable is {at_most}"
    return None


def _pods(number: int) -> str:
    return "is one pod" if number == 1 else f"are {number} pods"
