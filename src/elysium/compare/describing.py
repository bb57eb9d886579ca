"""A difference in one sentence, with what a person wants to know of its kind: ports, sizes, keys, hosts, images."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from elysium.compare.categories import Category
from elysium.compare.types import Change, DependencyChange, Difference, ImageChange
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import RenderedObject

__all__ = ["described", "described_dependency", "described_image"]

_MOST = 6
_SHOWN = 120
_WORDS = {
    Change.ADDED: "is added",
    Change.REMOVED: "is removed",
    Change.CHANGED: "changes",
    Change.RECREATED: "has to be made anew",
    Change.RENAMED: "has a new name",
    Change.MOVED: "is made by another unit",
    Change.RESEALED: "is sealed anew",
    Change.UNKNOWN: "is not known",
}


def described(difference: Difference) -> str:
    """One sentence without the full stop: `Service/db/postgresql is added: ClusterIP, port 5432/TCP`."""
    detail = _detail(difference)
    return f"{difference.object} {_WORDS[difference.change]}" + (f": {detail}" if detail else "")


def described_dependency(change: DependencyChange) -> str:
    """One sentence about a `dependsOn`."""
    words = {Change.ADDED: "waits for", Change.REMOVED: "no longer waits for"}
    told = words.get(change.change, "may wait for")
    return f"{change.source} {told} {change.target}" + (f" ({_short(change.unknown)})" if change.unknown else "")


def described_image(change: ImageChange) -> str:
    """One sentence about an image."""
    words = {Change.ADDED: "is pulled", Change.REMOVED: "is no longer pulled"}
    return f"{change.image} {words.get(change.change, 'may be pulled')} by {_listed(map(str, change.users))}"


def _detail(difference: Difference) -> str:
    teller = _DETAILS.get(difference.change)
    if teller is not None:
        return teller(difference)
    return _facts(difference, difference.item) if difference.item else ""


def _moved(difference: Difference) -> str:
    return f"{_listed(difference.before.units)} → {_listed(difference.after.units)}"


def _resealed(difference: Difference) -> str:
    keys = _listed(item.path.rpartition(".")[2] for item in difference.fields)
    return f"{keys}; whether a value differs cannot be seen"


def _changed(difference: Difference) -> str:
    """The fields with their values; those of a secret without: ciphertext says nothing."""
    if difference.category is Category.SECRET:
        return _listed(item.path for item in difference.fields)
    return _listed(f"{item.path} {_value(item.before)} → {_value(item.after)}" for item in difference.fields)


_DETAILS: dict[Change, Callable[[Difference], str]] = {
    Change.UNKNOWN: lambda item: _short(item.before.unknown or item.after.unknown),
    Change.RENAMED: lambda item: f"it was {item.was}",
    Change.RECREATED: lambda item: f"{_listed(item.immutable)} cannot be changed",
    Change.MOVED: _moved,
    Change.RESEALED: _resealed,
    Change.CHANGED: _changed,
}


def _facts(difference: Difference, item: RenderedObject) -> str:
    teller = _TELLERS.get(difference.category)
    told = teller(item.body()) if teller else ""
    if difference.owner is not None:
        return f"{told}; made by {difference.owner}" if told else f"made by {difference.owner}"
    if difference.produces is not None:
        made = f"it becomes {difference.produces}"
        return f"{made}, {told}" if told else made
    return told


def _service(body: dict[str, Any]) -> str:
    spec = mapping(body.get("spec"))
    kind = str(spec.get("type") or "ClusterIP")
    ports = [_port(port) for port in map(mapping, sequence(spec.get("ports")))]
    place = "headless" if spec.get("clusterIP") == "None" else kind
    return f"{place}, port {_listed(ports)}" if ports else place


def _port(port: dict[str, Any]) -> str:
    name = f" ({port['name']})" if port.get("name") else ""
    node = f", node port {port['nodePort']}" if port.get("nodePort") else ""
    return f"{port.get('port')}/{port.get('protocol') or 'TCP'}{name}{node}"


def _volume(body: dict[str, Any]) -> str:
    spec = mapping(body.get("spec"))
    size = mapping(mapping(spec.get("resources")).get("requests")).get("storage")
    size = size or mapping(spec.get("capacity")).get("storage")
    name = spec.get("storageClassName")
    parts = [str(size or ""), f"class {name}" if name else "the default class"]
    return ", ".join([*filter(None, parts), *map(str, sequence(spec.get("accessModes")))])


def _secret(body: dict[str, Any]) -> str:
    """The names of the keys; never a value."""
    spec = mapping(body.get("spec"))
    keys = {*mapping(body.get("data")), *mapping(body.get("stringData")), *mapping(spec.get("encryptedData"))}
    keys |= {str(item["secretKey"]) for item in map(mapping, sequence(spec.get("data"))) if item.get("secretKey")}
    return f"keys {_listed(sorted(map(str, keys)))}" if keys else ""


def _ingress(body: dict[str, Any]) -> str:
    spec = mapping(body.get("spec"))
    rules = [str(mapping(rule).get("host") or "any host") for rule in sequence(spec.get("rules"))]
    hosts = [*rules, *map(str, sequence(spec.get("hostnames")))]
    name = f"class {spec['ingressClassName']}" if spec.get("ingressClassName") else ""
    return ", ".join(filter(None, [_listed(dict.fromkeys(hosts)), name]))


def _workload(body: dict[str, Any]) -> str:
    spec = mapping(body.get("spec"))
    spec = mapping(mapping(spec.get("jobTemplate")).get("spec")) or spec
    pod = mapping(mapping(spec.get("template")).get("spec")) or spec
    images = [str(mapping(item).get("image") or "") for item in sequence(pod.get("containers"))]
    many = spec.get("replicas")
    pods = f"{many} pods, " if isinstance(many, int) and many != 1 else ""
    return f"{pods}{_listed(filter(None, images))}"


def _crd(body: dict[str, Any]) -> str:
    versions = [str(mapping(item).get("name")) for item in sequence(mapping(body.get("spec")).get("versions"))]
    return f"versions {_listed(versions)}" if versions else ""


_TELLERS: dict[Category, Callable[[dict[str, Any]], str]] = {
    Category.SERVICE: _service,
    Category.VOLUME: _volume,
    Category.SECRET: _secret,
    Category.INGRESS: _ingress,
    Category.WORKLOAD: _workload,
    Category.CRD: _crd,
}


def _listed(texts: Iterable[object]) -> str:
    found = [str(text) for text in texts]
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return ", ".join(_short(text) for text in found[:_MOST]) + more


def _value(text: str) -> str:
    return _short(text) if text else "absent"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[: _SHOWN - 1]}…"
