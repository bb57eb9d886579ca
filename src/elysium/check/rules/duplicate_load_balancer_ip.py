"""An address that two load balancers ask for.

MetalLB, Cilium and kube-vip give an address to one Service only, unless both agree to share it by an annotation: the
second one stays `<pending>`. The address stands in `spec.loadBalancerIP`, or in an annotation of the Service or of the
`infrastructure` of a Gateway.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers.gateway import GROUP
from elysium.evaluate.workloads import Path, mapping
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="duplicate-load-balancer-ip",
    severity=Severity.WARNING,
    summary="two load balancers ask for the same address",
    topic=Topic.NETWORK,
    profiles=("default", "gitops"),
)

_ADDRESSES = (
    "metallb.io/loadBalancerIPs",
    "metallb.universe.tf/loadBalancerIPs",
    "lbipam.cilium.io/ips",
    "io.cilium/lb-ipam-ips",
    "kube-vip.io/loadbalancerIPs",
)
_SHARING = (
    "metallb.io/allow-shared-ip",
    "metallb.universe.tf/allow-shared-ip",
    "lbipam.cilium.io/sharing-key",
    "io.cilium/lb-ipam-sharing-key",
    "kube-vip.io/loadbalancerIPs",
)
"""kube-vip shares an address between Services by itself."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each further load balancer with an address that it may not share."""
    for index in context.objects.values():
        taken: dict[str, tuple[RenderedObject, str]] = {}
        for item, path, address, sharing in _wishes(index):
            first, key = taken.setdefault(address, (item, sharing))
            if first is item or (key and key == sharing):
                continue
            at = in_object(context, item, path)
            hint = "choose another address, or let both share it by the annotation of your load balancer"
            yield about_object(RULE, item, at, f"{item}: {address} is the address of {first}, too", hint=hint)


def _wishes(index: ObjectIndex) -> Iterator[tuple[RenderedObject, Path, str, str]]:
    """Object, field, address and the key under which the address may be shared."""
    for item in index.of_kind("", "Service"):
        body = index.body(item)
        spec, annotations = mapping(body.get("spec")), mapping(mapping(body.get("metadata")).get("annotations"))
        if spec.get("type") != "LoadBalancer":
            continue
        if spec.get("loadBalancerIP"):
            yield item, ("spec", "loadBalancerIP"), str(spec["loadBalancerIP"]), _sharing(annotations)
        yield from _annotated(item, ("metadata", "annotations"), annotations)
    for item in index.of_kind(GROUP, "Gateway"):
        infrastructure = mapping(mapping(index.body(item).get("spec")).get("infrastructure"))
        annotations = mapping(infrastructure.get("annotations"))
        yield from _annotated(item, ("spec", "infrastructure", "annotations"), annotations)


def _annotated(
    item: RenderedObject, at: Path, annotations: dict[str, Any]
) -> Iterator[tuple[RenderedObject, Path, str, str]]:
    for name in _ADDRESSES:
        for address in str(annotations.get(name) or "").split(","):
            if address.strip() and "$" not in address:
                yield item, (*at, name), address.strip(), _sharing(annotations)


def _sharing(annotations: dict[str, Any]) -> str:
    return next((f"{annotations[name]}" for name in _SHARING if annotations.get(name)), "")
