"""A compose file against a preview: what the one has and the other lacks.

Services are found again by their image (a database by its family, the application by being built) or by their name.
Compared are ports, volumes with data, and the names of variables; values are not, because they differ by purpose
(Compose Specification, "services").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from elysium.evaluate import ObjectIndex, Workload, workloads
from elysium.evaluate.workloads import mapping, sequence

__all__ = ["Difference", "Service", "compare", "compose_services"]

_FAMILIES = {"pgvector": "postgres", "postgresql": "postgres", "postgis": "postgres"}
_PORT = re.compile(r"(\d{1,5})(?:/(?:tcp|udp))?$")
_HANDLED = {"POSTGRES_HOST_AUTH_METHOD"}
"""Variables that a preview does not need, because it has passwords of its own."""


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A service of a compose file. `volumes` are paths in the container with data of their own, `mounts` host files."""

    name: str
    image: str
    built: bool
    ports: tuple[int, ...] = ()
    volumes: tuple[str, ...] = ()
    mounts: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    reads_env_file: bool = False


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What a preview lacks: `about` is service, port, volume, mount or variable."""

    service: str
    about: str
    message: str


def compose_services(document: Any) -> tuple[Service, ...]:
    """The services of a decoded compose file."""
    declared = mapping(mapping(document).get("services"))
    named = set(mapping(mapping(document).get("volumes")))
    return tuple(_service(str(name), mapping(body), named) for name, body in declared.items())


def _service(name: str, body: dict[str, Any], named: set[str]) -> Service:
    targets = [_volume(entry, named) for entry in sequence(body.get("volumes"))]
    return Service(
        name=name,
        image=str(body.get("image") or ""),
        built="build" in body,
        ports=tuple(sorted({port for entry in _ports(body) if (port := _port(entry))})),
        volumes=tuple(target for target, data in targets if target and data),
        mounts=tuple(target for target, data in targets if target and not data),
        variables=tuple(_variables(body.get("environment"))),
        reads_env_file="env_file" in body,
    )


def _ports(body: dict[str, Any]) -> list[Any]:
    return [*sequence(body.get("ports")), *sequence(body.get("expose"))]


def _port(entry: Any) -> int:
    """The port of the container: the last number of `127.0.0.1:5432:5432/tcp`, or `target`."""
    text = str(mapping(entry).get("target") if isinstance(entry, dict) else entry)
    found = _PORT.search(text)
    return int(found[1]) if found else 0


def _volume(entry: Any, named: set[str]) -> tuple[str, bool]:
    """The path in the container, and whether data of the container's own are kept there."""
    if isinstance(entry, dict):
        return str(entry.get("target") or ""), entry.get("type", "volume") == "volume"
    source, _, rest = str(entry).partition(":")
    if not rest:
        return source, True
    return rest.partition(":")[0], source in named


def _variables(environment: Any) -> Iterator[str]:
    if isinstance(environment, dict):
        yield from (str(name) for name in environment)
    for entry in sequence(environment):
        yield str(entry).partition("=")[0]


def compare(index: ObjectIndex, services: Iterable[Service], image: str, variables: Iterable[str]) -> list[Difference]:
    """What a preview lacks of the services. `image` is the application's, `variables` what its Secret holds."""
    found: list[Difference] = []
    given = set(variables)
    for service in services:
        workload = _workload(index, service, image)
        if workload is None:
            message = f"no workload of the preview is like it ({service.image or 'built'})"
            found.append(Difference(service=service.name, about="service", message=message))
        else:
            found += _differences(service, workload, given if _application(workload, image) else set())
    return found


def _workload(index: ObjectIndex, service: Service, image: str) -> Workload | None:
    """The workload of a service: long-running ones first, as a compose file has no jobs but by custom."""
    known = sorted(workloads(index), key=lambda item: (item.item.kind == "Job", item.item.name))
    family = _family(service.image)
    for workload in known:
        images = [
            str(container.body.get("image") or "") for container in workload.containers if container.role == "main"
        ]
        own = _application(workload, image)
        if own and (service.built or _repository(service.image) == image):
            return workload
        if not own and family and any(_family(each) == family for each in images):
            return workload
    return next((workload for workload in known if workload.item.name == service.name), None)


def _application(workload: Workload, image: str) -> bool:
    return any(_repository(str(container.body.get("image") or "")) == image for container in workload.containers)


def _differences(service: Service, workload: Workload, given: set[str]) -> Iterator[Difference]:
    main = [container.body for container in workload.containers if container.role == "main"]
    ports = {mapping(port).get("containerPort") for body in main for port in sequence(body.get("ports"))}
    paths = {mapping(mount).get("mountPath") for body in main for mount in sequence(body.get("volumeMounts"))}
    names = {str(mapping(entry).get("name")) for body in main for entry in sequence(body.get("env"))} | given
    who = str(workload.item)
    for port in service.ports:
        if port not in ports and workload.item.kind != "Job":
            yield Difference(service=service.name, about="port", message=f"{who} does not listen on {port}")
    for path in service.volumes:
        if path not in paths:
            yield Difference(service=service.name, about="volume", message=f"{who} keeps nothing at {path}")
    for path in service.mounts:
        if path not in paths:
            yield Difference(service=service.name, about="mount", message=f"{who} has no file of the host at {path}")
    for name in service.variables:
        if name not in names | _HANDLED:
            yield Difference(service=service.name, about="variable", message=f"{who} is not given {name}")


def _family(image: str) -> str:
    """`quay.io/minio/minio:RELEASE…` is of the family minio, `pgvector/pgvector:pg17` of postgres."""
    name = _repository(image).rpartition("/")[2]
    return _FAMILIES.get(name, name)


def _repository(image: str) -> str:
    """An image without tag and digest."""
    name = image.partition("@")[0]
    head, slash, last = name.rpartition("/")
    return head + slash + last.partition(":")[0]
