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
_PREFIXES = {4: 16, 6: 64}  # 64 is the shortest that an API server takes for IPv6

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def gather_addresses(rendered: Rendered, snapshot: Snapshot) -> Found:
    """A ServiceCIDR for each range beside the one that the rehearsal's server has anyway."""
    found = Found()
    known = list(_networks(snapshot.service_ranges))
    asked = {ipaddress.ip_network((address, _PREFIXES[address.version]), strict=False) for address in _asked(rendered)}
    ranges = known or sorted(asked, key=lambda network: (network.version, network.network_address.packed))
    for network in ranges:
        if not (isinstance(network, ipaddress.IPv4Network) and network.subnet_of(_OWN)):
            found.objects.append(_body(network))
            if not known:
                found.assumptions.append(
                    f"Services of the cluster have addresses in {network}, since some ask for them"
                )
    return found


def _networks(texts: Iterable[str]) -> Iterator[_Network]:
    for text in texts:
        try:
            yield ipaddress.ip_network(text)
        except ValueError:  # what no server has
            continue


def _asked(rendered: Rendered) -> Iterator[_Address]:
    for index, item in rendered.of_kind("", "Service"):
        spec = mapping(index.body(item).get("spec"))
        for text in (spec.get("clusterIP"), *sequence(spec.get("clusterIPs"))):
            try:
                address = ipaddress.ip_address(text) if isinstance(text, str) else None
            except ValueError:  # None, empty, or what the server refuses anyway
                continue
            if address is not None and address.is_private and address not in _OWN:
                yield address


def _body(network: _Network) -> dict[str, Any]:
    name = f"rehearsal-{network.exploded.replace('.', '-').replace(':', '-').replace('/', '-')}"
    spec = {"cidrs": [str(network)]}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR", "metadata": {"name": name}, "spec": spec}
