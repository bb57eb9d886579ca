"""A configuration of kind that `kind create cluster` refuses, or a port in it that leads to no Service.

kind decodes its configuration strictly: an unknown field is an error, as are an unknown role and two mappings of the
same port of the host, of which Docker can give away only one. A mapping to a node port that no Service and no values of
the repository name, although others do, was forgotten when the port moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.locate import in_document
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Document, Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="kind-config",
    severity=Severity.ERROR,
    summary="a configuration of kind that it refuses, or whose ports lead nowhere",
    topic=Topic.SCHEMA,
    profiles=("default", "pre-commit"),
)

_PATCHES = {"kubeadmConfigPatches", "kubeadmConfigPatchesJSON6902"}
_TOP = {
    *("apiVersion", "kind", "name", "nodes", "networking", "featureGates", "runtimeConfig"),
    *("containerdConfigPatches", "containerdConfigPatchesJSON6902"),
    *_PATCHES,
}
_NODE = {"role", "image", "labels", "extraMounts", "extraPortMappings", *_PATCHES}
_MAPPING = {"containerPort", "hostPort", "listenAddress", "protocol"}
_MOUNT = {"hostPath", "containerPath", "readOnly", "selinuxRelabel", "propagation"}
_NETWORK = {
    *("ipFamily", "apiServerPort", "apiServerAddress", "podSubnet", "serviceSubnet", "disableDefaultCNI"),
    *("kubeProxyMode", "dnsSearch"),
}

_NODE_PORTS = range(30000, 32768)

Path = tuple[str | int, ...]
Problem = tuple[Path, str, str]
"""The field, the message and the hint."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each field."""
    for file in context.documents.files:
        for document in file.documents:
            if document.kind != "Cluster" or not document.api_version.startswith("kind.x-k8s.io/"):
                continue
            body = mapping(context.bodies(file.path).get(document.index))
            for path, message, hint in _problems(body):
                at = in_document(context, file.path, document.index, path, line=document.line)
                yield Finding(
                    rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=file.path, line=at.line
                )
            yield from _leading_nowhere(context, file.path, document, body)


def _leading_nowhere(context: Context, path: str, document: Document, body: dict[str, Any]) -> Iterator[Finding]:
    """Mappings to node ports that nothing in the repository takes, where something takes another that is mapped.

    Where nothing takes any of them, the Services of this cluster are not in the repository: the node ports that stand
    there are those of another cluster.
    """
    mapped = {
        ("nodes", node, "extraPortMappings", number, "containerPort"): mapping(entry).get("containerPort")
        for node, spec in enumerate(sequence(body.get("nodes")))
        for number, entry in enumerate(sequence(mapping(spec).get("extraPortMappings")))
    }
    wanted = {field: port for field, port in mapped.items() if isinstance(port, int) and port in _NODE_PORTS}
    taken = _node_ports(context) if wanted else set()
    for field, port in wanted.items():
        if taken & set(wanted.values()) and port not in taken:
            at = in_document(context, path, document.index, field, line=document.line)
            yield Finding(
                rule=RULE.id,
                severity=Severity.WARNING,
                message=f"no Service takes the node port {port}; there are {', '.join(map(str, sorted(taken)))}",
                hint="map the port that the Service has, or give the Service this one",
                file=path,
                line=at.line,
            )


_OF_ANOTHER_CLUSTER = ("HelmRelease", "HelmChart", "HelmChartConfig")


def _node_ports(context: Context) -> set[int]:
    """Every `nodePort` that stands in a Service or in values, but for those of a release: Flux does not install into
    the cluster of a laptop.
    """
    waiting: list[Any] = [
        body
        for file in context.documents.files
        if "nodePort" in context.text(file.path)
        for body in context.bodies(file.path).values()
        if mapping(body).get("kind") not in _OF_ANOTHER_CLUSTER
    ]
    found: set[int] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            port = part.get("nodePort")
            found |= {port} if isinstance(port, int) and port in _NODE_PORTS else set()
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return found


def _problems(body: dict[str, Any]) -> Iterator[Problem]:
    if body.get("apiVersion") != "kind.x-k8s.io/v1alpha4":
        yield ("apiVersion",), f"kind does not read {body.get('apiVersion')}", "write kind.x-k8s.io/v1alpha4"
    yield from _unknown(body, _TOP, (), "the configuration")
    yield from _unknown(mapping(body.get("networking")), _NETWORK, ("networking",), "networking")
    nodes = sequence(body.get("nodes"))
    if nodes and not any(mapping(node).get("role", "control-plane") == "control-plane" for node in nodes):
        yield ("nodes",), "no node has the role control-plane", "add `- role: control-plane`"
    taken: dict[tuple[Any, ...], str] = {}
    for number, node in enumerate(nodes):
        yield from _node(mapping(node), ("nodes", number), taken)


def _node(node: dict[str, Any], path: Path, taken: dict[tuple[Any, ...], str]) -> Iterator[Problem]:
    yield from _unknown(node, _NODE, path, "the node")
    role = node.get("role", "control-plane")
    if role not in ("control-plane", "worker"):
        yield (*path, "role"), f"there is no role `{role}`", "use control-plane or worker"
    for number, mount in enumerate(sequence(node.get("extraMounts"))):
        yield from _unknown(mapping(mount), _MOUNT, (*path, "extraMounts", number), "the mount")
    for number, entry in enumerate(sequence(node.get("extraPortMappings"))):
        yield from _ports(mapping(entry), (*path, "extraPortMappings", number), taken)


def _ports(entry: dict[str, Any], path: Path, taken: dict[tuple[Any, ...], str]) -> Iterator[Problem]:
    yield from _unknown(entry, _MAPPING, path, "the port mapping")
    for field in ("containerPort", "hostPort"):
        port = entry.get(field)
        allowed = range(1 if field == "containerPort" else -1, 65536)
        if port is not None and (isinstance(port, bool) or not isinstance(port, int) or port not in allowed):
            yield (*path, field), f"`{port}` is no port", "write a number from 1 to 65535"
    protocol = str(entry.get("protocol", "TCP"))
    if protocol.upper() not in ("TCP", "UDP", "SCTP"):
        yield (*path, "protocol"), f"there is no protocol `{protocol}`", "use TCP, UDP or SCTP"
    host = entry.get("hostPort")
    if isinstance(host, int) and host > 0:
        key = (host, protocol.upper(), entry.get("listenAddress", "0.0.0.0"))  # noqa: S104 - kind's default, not ours
        if key in taken:
            yield (*path, "hostPort"), f"port {host} of the host is mapped twice", "use another port of the host"
        taken[key] = str(host)


def _unknown(body: dict[str, Any], known: set[str], path: Path, what: str) -> Iterator[Problem]:
    for key in body:
        if key not in known:
            near = nearest(str(key), known)
            hint = f"did you mean {near}?" if near else f"known: {', '.join(sorted(known))}"
            yield (*path, str(key)), f"{what} has the unknown field `{key}`", hint
