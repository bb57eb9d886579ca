"""A PodDisruptionBudget whose selector matches no pod.

It protects nothing, and nobody is told. Mostly a label was renamed, or the budget was copied. Pods that an operator may
make from an object of its own are not excluded: then nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.budgets import budgets
from elysium.evaluate.outsiders import other_pod_makers
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="pdb-selects-nothing",
    severity=Severity.WARNING,
    summary="a PodDisruptionBudget whose selector matches no pod",
    topic=Topic.AVAILABILITY,
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each budget."""
    for index in context.objects.values():
        for budget in budgets(index):
            if not budget.workloads and not any(other_pod_makers(index, budget.item.namespace)):
                at = in_object(context, budget.item, ("spec", "selector"))
                message = f"{budget.item} selects no pod of its namespace"
                hint = "compare its selector with the labels of the pod template"
                yield about_object(RULE, budget.item, at, message, hint=hint)
