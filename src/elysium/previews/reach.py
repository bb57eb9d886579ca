"""Who reaches whom in a preview: what is needed, what the policies allow, and whether that is the same.

Needed is what the objects say: a container that is told of a Service, an Ingress that leads to one, and DNS for
everybody. The NetworkPolicies are evaluated over the pods (`elysium.evaluate.reach`).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from elysium.evaluate import Endpoint, ObjectIndex, Workload, endpoint_of, network_of, workloads
from elysium.evaluate.dependencies import backends, dependencies
from elysium.evaluate.endpoints import DNS, OUTSIDE
from elysium.evaluate.reach import Answer
from elysium.evaluate.services import Service, selected, service
from elysium.evaluate.verdicts import Verdict
from elysium.evaluate.workloads import mapping, sequence

__all__ = ["Connection", "connections"]

_INGRESS_LABELS = {"app.kubernetes.io/name": "traefik", "app.kubernetes.io/instance": "traefik-kube-system"}


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """A way from a source to a port of a target; `needed` says whether anything in the preview wants it."""

    source: str
    target: str
    port: int
    protocol: str
    needed: bool
    verdict: Verdict
    reason: str

    @property
    def right(self) -> bool:
        """Whether what is needed is open and what is not needed is closed."""
        return self.verdict is (Verdict.ALLOWED if self.needed else Verdict.DENIED)


def connections(index: ObjectIndex, namespace: str, ingress_namespace: str = "kube-system") -> Iterator[Connection]:
    """Every source of a preview against every port of its pods, with the ingress controller and the outside."""
    inside = [item for item in workloads(index) if item.namespace == namespace]
    needed = set(_needed(index, inside))
    ingress = _controller(ingress_namespace)
    stranger = Endpoint(name="another namespace", namespace="default", labels={})
    sources = [*(endpoint_of(item) for item in inside), ingress, stranger]
    for target in inside:
        for port in endpoint_of(target).ports:
            for source in sources:
                if source.item is not target.item:
                    wanted = (source.name, str(target.item), port.number) in needed
                    answer = network_of(index).reach(source, endpoint_of(target), port.number, port.protocol)
                    yield _connection(answer, wanted)
    for item in inside:
        for protocol in ("UDP", "TCP"):
            yield _connection(network_of(index).reach(endpoint_of(item), DNS, 53, protocol), True)
        yield _connection(network_of(index).reach(endpoint_of(item), OUTSIDE, 443, "TCP"), False)


def _needed(index: ObjectIndex, inside: list[Workload]) -> Iterator[tuple[str, str, int]]:
    for workload in inside:
        for dependency in dependencies(index, workload):
            for target, port in backends(index, dependency):
                yield str(workload.item), str(target.item), port
    for found in _served(index, {item.namespace for item in inside}):
        for workload in selected(index, found):
            for served in endpoint_of(workload).ports:
                yield "the ingress controller", str(workload.item), served.number


def _served(index: ObjectIndex, namespaces: set[str]) -> Iterator[Service]:
    """The Services that Ingresses lead to."""
    for item in index.of_kind("networking.k8s.io", "Ingress"):
        if item.namespace not in namespaces:
            continue
        for rule in sequence(mapping(index.body(item).get("spec")).get("rules")):
            for path in sequence(mapping(mapping(rule).get("http")).get("paths")):
                name = mapping(mapping(mapping(path).get("backend")).get("service")).get("name")
                found = service(index, item.namespace, name) if isinstance(name, str) else None
                if found is not None:
                    yield found


def _controller(namespace: str) -> Endpoint:
    """Traefik as its chart labels it; k3s puts it into kube-system."""
    labels = {**_INGRESS_LABELS, "app.kubernetes.io/instance": f"traefik-{namespace}"}
    return Endpoint(name="the ingress controller", namespace=namespace, labels=labels)


def _connection(answer: Answer, needed: bool) -> Connection:
    return Connection(
        source=answer.source.name,
        target=answer.target.name,
        port=answer.port,
        protocol=answer.protocol,
        needed=needed,
        verdict=answer.verdict,
        reason=answer.reason,
    )
