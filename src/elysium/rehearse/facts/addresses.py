"""Ranges of addresses that Services of the cluster may ask for, where they are others than the server's own.

Each distribution has a range of its own (10.43.0.0/16 of K3s), and a Service that names an address outside of it is
refused. What the snapshot says is all there is; else a range is taken as the cluster's if a Service asks for it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any

from elysium.evaluate.workloads import mapping, sequence
from elysium.rehearse.facts.found import Found
from elysium.rehearse.facts.rendered import Rendered
from elysium.rehearse.facts.snapshot import Snapshot

__all__ = ["gather_addresses"]

_OWN = ipaddress.IPv4Network("10.96.0.0/12")
_PREFIX = 16


def gather_addresses(rendered: Rendered, snapshot: Snapshot) -> Found:
    """A ServiceCIDR for each range beside the one that the rehearsal's server has anyway (IPv4)."""
    found = Found()
    known = list(_networks(snapshot.service_ranges))
    asked = {ipaddress.IPv4Network((address, _PREFIX), strict=False) for address in _asked(rendered)}
    ranges = known or sorted(asked)
    for network in ranges:
        if not network.subnet_of(_OWN):
            found.objects.append(_body(network))
            if not known:
                found.assumptions.append(
                    f"Services of the cluster have addresses in {network}, since some ask for them"
                )
    return found


def _networks(texts: Iterable[str]) -> Iterator[ipaddress.IPv4Network]:
    for text in texts:
        try:
            yield ipaddress.IPv4Network(text)
        except ValueError:  # IPv6: the server has none
            continue


def _asked(rendered: Rendered) -> Iterator[ipaddress.IPv4Address]:
    for index, item in rendered.of_kind("", "Service"):
        spec = mapping(index.body(item).get("spec"))
        for text in (spec.get("clusterIP"), *sequence(spec.get("clusterIPs"))):
            try:
                address = ipaddress.IPv4Address(text) if isinstance(text, str) else None
            except ValueError:  # None, empty, IPv6, or what the server refuses anyway
                continue
            if address is not None and address.is_private and address not in _OWN:
                yield address


def _body(network: ipaddress.IPv4Network) -> dict[str, Any]:
    name = f"rehearsal-{str(network).replace('.', '-').replace('/', '-')}"
    spec = {"cidrs": [str(network)]}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR", "metadata": {"name": name}, "spec": spec}
