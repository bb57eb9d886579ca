"""PodDisruptionBudgets with the workloads whose pods they select."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.selectors import matches
from elysium.evaluate.workloads import Workload, mapping, workloads
from elysium.model import RenderedObject

__all__ = ["Budget", "budgets"]


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """A budget, its spec, and the workloads that it selects pods of."""

    item: RenderedObject
    spec: dict[str, Any]
    workloads: tuple[Workload, ...]


def budgets(index: ObjectIndex) -> Iterator[Budget]:
    """Every PodDisruptionBudget of a cluster."""
    items = index.of_kind("policy", "PodDisruptionBudget")
    by_namespace: dict[str, list[Workload]] = {}
    for workload in workloads(index) if items else ():
        by_namespace.setdefault(workload.namespace, []).append(workload)
    for item in items:
        spec = mapping(index.body(item).get("spec"))
        selected = [
            workload
            for workload in by_namespace.get(item.namespace, [])
            if matches(spec.get("selector"), workload.labels)
        ]
        yield Budget(item=item, spec=spec, workloads=tuple(selected))
