"""Services that pods are told to talk to: names of Services in environment variables, arguments and configuration.

Only what names an existing Service of the cluster counts: `name.namespace.svc` with or without the cluster's domain and
`name.namespace:port` anywhere, a bare name of the same namespace in a URL or in a variable that is meant for a host
(Kubernetes documentation, "DNS for Services and Pods").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.services import Service, ServicePort, selected, service
from elysium.evaluate.workloads import Container, Path, Workload, mapping, sequence

__all__ = ["Dependency", "backends", "dependencies", "pod_port"]

_LABEL = r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
_FULL = re.compile(rf"(?<![\w.@-])({_LABEL})\.({_LABEL})\.svc(?:\.[a-z0-9.-]+)?(?::(\d{{1,5}}))?(?![\w-])")
_URL = re.compile(
    rf"(?<![\w+.-])([a-z][a-z0-9+.]*)://(?:[^\s/@\"']{{1,200}}@)?({_LABEL})(?:\.({_LABEL}))?(?::(\d{{1,5}}))?(?=[/?\s\"',;]|$)"
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.]*)://(?:[^\s/@]*@)?$")
_PLAIN = re.compile(rf"({_LABEL})(?:\.({_LABEL}))?(?::(\d{{1,5}}))?")
_FOR_HOSTS = re.compile(r"(?:^|_|PG)(?:HOST|HOSTNAME|ADDR|ADDRESS|SERVER|ENDPOINT|URL|URI|BROKER)S?$", re.IGNORECASE)
_PORTS = {
    "http": 80,
    "https": 443,
    "postgres": 5432,
    "postgresql": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "redis": 6379,
    "amqp": 5672,
    "mqtt": 1883,
    "mongodb": 27017,
    "nats": 4222,
    "ldap": 389,
}
_LONGEST = 100_000


class Dependency(msgspec.Struct, frozen=True, kw_only=True):
    """A workload names a Service at `path`. `port` is that of the Service, or of the pod when it is headless."""

    workload: Workload
    path: Path
    text: str
    service: Service
    port: int
    protocol: str = "TCP"
    field: str = ""


def dependencies(index: ObjectIndex, workload: Workload) -> Iterator[Dependency]:
    """The Services that a workload is told of, each port once."""
    seen: set[tuple[str, str, int]] = set()
    for path, field, text in _texts(index, workload):
        for name, namespace, scheme, port in _hosts(text, field):
            found = service(index, namespace or workload.namespace, name)
            number = _port(found, scheme, port, field, workload) if found else None
            if found is None or number is None or (found.item.namespace, name, number.number or 0) in seen:
                continue
            seen.add((found.item.namespace, name, number.number or 0))
            host = f"{name}.{namespace}" if namespace else name
            yield Dependency(
                workload=workload,
                path=path,
                text=host,
                service=found,
                port=number.number or 0,
                protocol=number.protocol,
                field=field,
            )


def pod_port(target: Service, port: int, workload: Workload) -> int | None:
    """Which port of a pod a port of a Service leads to; a headless Service translates nothing."""
    if target.headless:
        return port
    wanted = target.port(str(port))
    if wanted is None or isinstance(wanted.target, int):
        return wanted.target if wanted and isinstance(wanted.target, int) else None
    for container in workload.containers:
        for entry in sequence(container.body.get("ports")):
            if mapping(entry).get("name") == wanted.target and isinstance(entry.get("containerPort"), int):
                return int(entry["containerPort"])
    return None


def _texts(index: ObjectIndex, workload: Workload) -> Iterator[tuple[Path, str, str]]:
    """Path, name and text of everything that tells the containers something."""
    for container in workload.containers:
        for number, entry in enumerate(sequence(container.body.get("env"))):
            value = mapping(entry).get("value")
            if isinstance(value, str):
                yield (*container.path, "env", number, "value"), str(entry.get("name") or ""), value[:_LONGEST]
        for field in ("command", "args"):
            for number, value in enumerate(sequence(container.body.get(field))):
                if isinstance(value, str):
                    yield (*container.path, field, number), field, value[:_LONGEST]
        yield from _environment(index, workload, container)
    for number, volume in enumerate(sequence(workload.spec.get("volumes"))):
        name = mapping(mapping(volume).get("configMap")).get("name")
        for key, text in _data(index, workload, name):
            lines = (line for line in text.splitlines() if not line.lstrip().startswith(("#", "//", ";")))
            yield (*workload.spec_path, "volumes", number), f"{name} ({key})", "\n".join(lines)


def _environment(index: ObjectIndex, workload: Workload, container: Container) -> Iterator[tuple[Path, str, str]]:
    """What a container reads of ConfigMaps through its environment."""
    for number, entry in enumerate(sequence(container.body.get("envFrom"))):
        prefix = str(mapping(entry).get("prefix") or "")
        for key, text in _data(index, workload, mapping(mapping(entry).get("configMapRef")).get("name")):
            yield (*container.path, "envFrom", number), prefix + key, text
    for number, entry in enumerate(sequence(container.body.get("env"))):
        reference = mapping(mapping(mapping(entry).get("valueFrom")).get("configMapKeyRef"))
        for key, text in _data(index, workload, reference.get("name")):
            if key == reference.get("key"):
                yield (*container.path, "env", number), str(entry.get("name") or ""), text


def _data(index: ObjectIndex, workload: Workload, name: object) -> Iterator[tuple[str, str]]:
    """Keys and texts of a ConfigMap beside the workload."""
    for item in index.find("", "ConfigMap", workload.namespace, name) if isinstance(name, str) else ():
        for key, value in mapping(index.body(item).get("data")).items():
            if isinstance(value, str):
                yield key, value[:_LONGEST]


def _hosts(text: str, field: str) -> Iterator[tuple[str, str, str, str]]:
    """Name, namespace, scheme and port of what looks like the name of a Service."""
    if "://" in text:
        for match in _URL.finditer(text):
            yield match[2], match[3] or "", match[1], match[4] or ""
    if ".svc" in text:
        for match in _FULL.finditer(text):
            scheme = _SCHEME.search(text[: match.start()][-300:])
            yield match[1], match[2], scheme[1] if scheme else "", match[3] or ""
    if ":" in text or _FOR_HOSTS.search(field):
        plain = _PLAIN.fullmatch(text.strip())
        if plain and ((plain[2] and plain[3]) or _FOR_HOSTS.search(field)):
            yield plain[1], plain[2] or "", "", plain[3] or ""


def _port(found: Service, scheme: str, port: str, field: str, workload: Workload) -> ServicePort | None:
    """The port that is meant; None when it is not certain."""
    if port:
        known = found.port(port)
        return known or (ServicePort(place=-1, number=int(port)) if found.headless else None)
    beside = _beside(field, workload)
    if beside:
        return found.port(beside)
    default = _PORTS.get(scheme.partition("+")[0])
    if default:
        return found.port(str(default))
    return found.ports[0] if len(found.ports) == 1 and not found.headless else None


def _beside(field: str, workload: Workload) -> str:
    """The value of the variable with the port that belongs to a variable with a host."""
    name = re.sub(r"(HOST|HOSTNAME|ADDR|ADDRESS|SERVER)$", "PORT", field)
    if name == field:
        return ""
    for container in workload.containers:
        for entry in sequence(container.body.get("env")):
            if mapping(entry).get("name") == name:
                return str(entry.get("value") or "")
    return ""


def backends(index: ObjectIndex, dependency: Dependency) -> Iterator[tuple[Workload, int]]:
    """The workloads behind a dependency, each with the port of its pods."""
    for workload in selected(index, dependency.service):
        number = pod_port(dependency.service, dependency.port, workload)
        if number is not None:
            yield workload, number
