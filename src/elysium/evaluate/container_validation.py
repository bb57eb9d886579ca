"""What the API server refuses in a container, beyond the schema (Kubernetes: pkg/apis/core/validation).

Duplicates in keyed lists and missing fields are the schema's business, contradictions of a security context those of
a rule of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from elysium.evaluate.demand import quantities
from elysium.evaluate.formats import (
    Fault,
    config_key,
    dns_label,
    dns_subdomain,
    environment_name,
    open_ended,
    port_name,
    port_number,
)
from elysium.evaluate.quantities import ZERO
from elysium.evaluate.workloads import Container, Path, mapping, sequence
from elysium.sealing import is_opaque

__all__ = ["container_faults"]

_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
_HANDLERS = ("httpGet", "tcpSocket", "exec", "grpc")
_COUNTERS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
_RESOURCES = ("cpu", "memory", "ephemeral-storage")
_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_FIELD = re.compile(
    r"metadata\.(name|namespace|uid|(labels|annotations)\['.+'\])|spec\.(nodeName|serviceAccountName)"
    r"|status\.(hostIPs?|podIPs?)"
)


def container_faults(container: Container) -> Iterator[Fault]:
    """Everything in one container that the API server refuses."""
    name = container.body.get("name")
    if isinstance(name, str) and (wrong := dns_label(name) if name else "is empty"):
        yield Fault(path=(*container.path, "name"), reason=f"the name {name!r} {wrong}")
    if container.body.get("image") == "":
        yield Fault(path=(*container.path, "image"), reason=f"the image of container {name} is empty")
    restarts = container.body.get("restartPolicy")
    if container.role != "main" and restarts not in (None, "Always", "Never", "OnFailure"):
        yield Fault(path=(*container.path, "restartPolicy"), reason=f"restartPolicy {restarts!r} is none")
    yield from _ports(container)
    yield from _environment(container)
    yield from _mounts(container)
    yield from _amounts(container)
    for probe in _PROBES:
        body = container.body.get(probe)
        if isinstance(body, dict) and body:
            yield from _probe(container, probe, body)


def _ports(container: Container) -> Iterator[Fault]:
    names: set[str] = set()
    for number, port in enumerate(sequence(container.body.get("ports"))):
        body, path = mapping(port), (*container.path, "ports", number)
        name = body.get("name")
        if isinstance(name, str) and name:
            wrong = port_name(name) or ("stands there twice" if name in names else "")
            names.add(name)
            if wrong:
                yield Fault(path=(*path, "name"), reason=f"the port name {name!r} {wrong}")
        for field in ("containerPort", "hostPort"):
            value = body.get(field)
            wrong = port_number(value) if field == "containerPort" or value != 0 else ""
            if wrong:
                yield Fault(path=(*path, field), reason=f"{field} {value} {wrong}")


def _environment(container: Container) -> Iterator[Fault]:
    for number, variable in enumerate(sequence(container.body.get("env"))):
        body, path = mapping(variable), (*container.path, "env", number)
        name = body.get("name")
        if isinstance(name, str) and (wrong := environment_name(name)):
            yield Fault(path=(*path, "name"), reason=f"the variable {name!r} {wrong}")
        source = body.get("valueFrom")
        if not isinstance(source, dict):
            continue
        given = [field for field in _SOURCES if source.get(field) is not None]
        if not given:
            yield Fault(path=(*path, "valueFrom"), reason=f"valueFrom of the variable {name} is empty")
        elif body.get("value"):
            yield Fault(path=(*path, "valueFrom"), reason=f"the variable {name} has both value and valueFrom")
        elif len(given) > 1:
            reason = f"valueFrom of the variable {name} has {' and '.join(given)}, one is allowed"
            yield Fault(path=(*path, "valueFrom"), reason=reason)
        else:
            yield from _source((*path, "valueFrom", given[0]), given[0], mapping(source.get(given[0])))


def _source(path: Path, kind: str, source: dict[str, Any]) -> Iterator[Fault]:
    """Where a variable comes from: a field of the pod that exists, or an object and key that can."""
    field = source.get("fieldPath")
    if kind == "fieldRef" and isinstance(field, str) and not (_FIELD.fullmatch(field) or open_ended(field)):
        yield Fault(path=(*path, "fieldPath"), reason=f"fieldPath {field!r} is no field that a variable can have")
    if kind in ("configMapKeyRef", "secretKeyRef"):
        for name, judge in (("name", dns_subdomain), ("key", config_key)):
            value = source.get(name, "")
            if isinstance(value, str) and (wrong := judge(value) if value else "is missing"):
                yield Fault(path=(*path, name), reason=f"{name} {value!r} of a {kind} {wrong}")


def _mounts(container: Container) -> Iterator[Fault]:
    for number, mount in enumerate(sequence(container.body.get("volumeMounts"))):
        body, path = mapping(mount), (*container.path, "volumeMounts", number)
        for field in ("name", "mountPath"):
            if body.get(field) == "":
                yield Fault(path=(*path, field), reason=f"{field} of a volumeMount is empty")
        for field in ("subPath", "subPathExpr"):
            value = body.get(field)
            if isinstance(value, str) and (value.startswith("/") or ".." in value.split("/")):
                reason = f"{field} {value!r} must be a relative path without '..'"
                yield Fault(path=(*path, field), reason=reason)
        if body.get("subPath") and body.get("subPathExpr"):
            yield Fault(path=path, reason="subPath and subPathExpr exclude each other")


def _amounts(container: Container) -> Iterator[Fault]:
    resources = mapping(container.body.get("resources"))
    for kind in ("requests", "limits"):
        amounts, unread = quantities(resources.get(kind))
        for name, amount in amounts.items():
            if amount < ZERO:
                reason = f"{kind} of {name} is {amount}, which is less than nothing"
                yield Fault(path=(*container.path, "resources", kind, name), reason=reason)
        for name in (*amounts, *unread):
            if "/" not in name and name not in _RESOURCES and not name.startswith("hugepages-"):
                reason = f"{name!r} is no resource; those of devices have a domain, as nvidia.com/gpu has"
                yield Fault(path=(*container.path, "resources", kind, name), reason=reason)
        for name in unread:
            text = mapping(resources.get(kind)).get(name)
            if isinstance(text, str) and not open_ended(text) and not is_opaque(text):
                reason = f"{kind} of {name} is {text!r}, which is no quantity such as 100m or 1Gi"
                yield Fault(path=(*container.path, "resources", kind, name), reason=reason)


def _probe(container: Container, field: str, probe: dict[str, Any]) -> Iterator[Fault]:
    path: Path = (*container.path, field)
    if container.role == "init":
        yield Fault(path=path, reason=f"{field} is not allowed in an init container without restartPolicy: Always")
        return
    given = [handler for handler in _HANDLERS if probe.get(handler) is not None]
    if not given:
        yield Fault(path=path, reason=f"{field} asks nothing: it needs one of {', '.join(_HANDLERS)}")
    elif len(given) > 1:
        yield Fault(path=path, reason=f"{field} has {' and '.join(given)}, one is allowed")
    for counter in _COUNTERS:
        value = probe.get(counter)
        if isinstance(value, int) and value < 0:
            yield Fault(path=(*path, counter), reason=f"{counter} {value} is less than nothing")
    successes = probe.get("successThreshold")
    if field != "readinessProbe" and isinstance(successes, int) and successes > 1:
        yield Fault(path=(*path, "successThreshold"), reason=f"successThreshold of a {field} must be 1")
    if field == "readinessProbe" and probe.get("terminationGracePeriodSeconds") is not None:
        reason = "a readinessProbe ends no container, so it has no terminationGracePeriodSeconds"
        yield Fault(path=(*path, "terminationGracePeriodSeconds"), reason=reason)
    for handler in given:
        yield from _handler_port(path, handler, mapping(probe.get(handler)))


def _handler_port(path: Path, handler: str, body: dict[str, Any]) -> Iterator[Fault]:
    port = body.get("port")
    wrong = port_name(port) if isinstance(port, str) and not open_ended(port) else port_number(port)
    if wrong:
        yield Fault(path=(*path, handler, "port"), reason=f"the port {port!r} {wrong}")
