"""Pods that no template in Git describes, but whose labels are known: those of the Prometheus Operator.

It labels the pods of a Prometheus or Alertmanager itself, beside what `podMetadata` adds (Prometheus Operator,
pkg/operator, `app.kubernetes.io/name` and the others).
"""

from __future__ import annotations

from elysium.evaluate.endpoints import Endpoint
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import RenderedObject

__all__ = ["GROUP", "KINDS", "operated"]

GROUP = "monitoring.coreos.com"
KINDS = ("Prometheus", "Alertmanager")


def operated(index: ObjectIndex, kind: str) -> list[Endpoint]:
    """The pods of every object of one of the kinds; they may have further labels."""
    return [_endpoint(index, item) for item in index.of_kind(GROUP, kind)]


def _endpoint(index: ObjectIndex, item: RenderedObject) -> Endpoint:
    spec = mapping(index.body(item).get("spec"))
    name = item.kind.lower()
    return Endpoint(
        name=str(item),
        namespace=item.namespace,
        labels={
            **mapping(mapping(spec.get("podMetadata")).get("labels")),
            "app.kubernetes.io/name": name,
            "app.kubernetes.io/instance": item.name,
            "app.kubernetes.io/managed-by": "prometheus-operator",
            name: item.name,
        },
        complete=False,
        host_network=spec.get("hostNetwork") is True,
        item=item,
    )
