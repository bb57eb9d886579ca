"""What scales a workload: HorizontalPodAutoscalers, and the ScaledObjects of KEDA that make one."""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Workload, mapping
from elysium.model import RenderedObject, group_of

__all__ = ["Autoscaler", "autoscalers", "autoscalers_of"]

_KEDA_LARGEST = 100


class Autoscaler(msgspec.Struct, frozen=True, kw_only=True):
    """An autoscaler with what it scales; a `smallest` or `largest` that cannot be read is None."""

    item: RenderedObject
    body: dict[str, Any]
    target_group: str
    target_kind: str
    target_name: str
    smallest: int | None
    largest: int | None


def autoscalers(index: ObjectIndex) -> tuple[Autoscaler, ...]:
    """Every autoscaler of a cluster. Computed once for an index."""
    found: tuple[Autoscaler, ...] | None = index.__dict__.get("autoscalers")
    if found is None:
        horizontal = (_horizontal(index, item) for item in index.of_kind("autoscaling", "HorizontalPodAutoscaler"))
        scaled = (_scaled(index, item) for item in index.of_kind("keda.sh", "ScaledObject"))
        found = (*horizontal, *scaled)
        index.__dict__["autoscalers"] = found
    return found


def autoscalers_of(index: ObjectIndex, workload: Workload) -> tuple[Autoscaler, ...]:
    """The autoscalers that scale a workload."""
    identity = (workload.namespace, workload.item.id.group, workload.item.kind, workload.item.name)
    return tuple(
        scaler
        for scaler in autoscalers(index)
        if (scaler.item.namespace, scaler.target_group, scaler.target_kind, scaler.target_name) == identity
    )


def _horizontal(index: ObjectIndex, item: RenderedObject) -> Autoscaler:
    body = index.body(item)
    spec = mapping(body.get("spec"))
    target = mapping(spec.get("scaleTargetRef"))
    return Autoscaler(
        item=item,
        body=body,
        target_group=group_of(str(target.get("apiVersion") or "")),
        target_kind=str(target.get("kind") or ""),
        target_name=str(target.get("name") or ""),
        smallest=_number(spec.get("minReplicas"), 1),
        largest=_number(spec.get("maxReplicas"), None),
    )


def _scaled(index: ObjectIndex, item: RenderedObject) -> Autoscaler:
    """Without a kind KEDA scales a Deployment, from none to a hundred pods."""
    body = index.body(item)
    spec = mapping(body.get("spec"))
    target = mapping(spec.get("scaleTargetRef"))
    return Autoscaler(
        item=item,
        body=body,
        target_group=group_of(str(target.get("apiVersion") or "apps/v1")),
        target_kind=str(target.get("kind") or "Deployment"),
        target_name=str(target.get("name") or ""),
        smallest=_number(spec.get("minReplicaCount"), 0),
        largest=_number(spec.get("maxReplicaCount"), _KEDA_LARGEST),
    )


def _number(value: Any, absent: int | None) -> int | None:
    if value is None:
        return absent
    return value if isinstance(value, int) and not isinstance(value, bool) else None
