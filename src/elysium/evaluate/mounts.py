"""Volumes that come from outside and take their time, and the containers that wait for them.

A cloud storage that rclone mounts may take minutes to appear (two to five, for Azure Blob Storage). Until then the pod
sees an empty directory, and a media server that scans it takes its library for deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Container, Path, Workload, mapping, sequence

__all__ = ["SlowVolume", "longest_wait", "slow_volumes", "waiting"]

_SLOW = re.compile(r"rclone|blobfuse|s3fs|goofys|gcsfuse", re.IGNORECASE)
_OF_HOST = ("/mnt/", "/media/", "/srv/")
_LOOP = re.compile(r"\b(until|while|for)\b.*?\bdo\b", re.DOTALL)
_SLEEP = re.compile(r"\bsleep\s+(\d+)\s*([sm]?)")
_TIMEOUT = re.compile(r"\btimeout\s+(?:-\w+\s+)*(\d+)\s*([smh]?)\b")
_COUNT = re.compile(r"\bseq\s+(?:1\s+)?(\d+)|\{1\.\.(\d+)\}|-(?:ge|gt|le|lt|eq)\s+\"?(\d+)|[<>]=?\s*(\d+)\s*\)\)")
_STEP = re.compile(r"\+\s*(\d+)|\+=\s*(\d+)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}


class SlowVolume(msgspec.Struct, frozen=True, kw_only=True):
    """A volume of a pod that is mounted from outside: its name, where it stands, and what it is."""

    name: str
    path: Path
    source: str


def slow_volumes(index: ObjectIndex, workload: Workload) -> Iterator[SlowVolume]:
    """The volumes of a pod behind which is rclone or its like, or a directory into which the host mounts later."""
    for number, volume in enumerate(sequence(workload.spec.get("volumes"))):
        body = mapping(volume)
        name = str(body.get("name") or "")
        source = _source(index, workload, name, body)
        if source:
            yield SlowVolume(name=name, path=(*workload.spec_path, "volumes", number), source=source)


def waiting(index: ObjectIndex, workload: Workload, volume: SlowVolume) -> tuple[str, ...]:
    """The scripts of the init containers that mount a volume and come before the program; empty texts for those whose
    program is in the image.
    """
    return tuple(
        _script(index, workload, container)
        for container in workload.containers
        if container.role == "init" and _mounts(container, volume.name)
    )


def longest_wait(script: str) -> int | None:
    """For how many seconds a script waits at most; 0 when it does not wait, None when there is no end or nobody can
    tell.
    """
    limits = [int(number) * _SECONDS[unit] for number, unit in _TIMEOUT.findall(script)]
    pauses = [int(number) * _SECONDS[unit] for number, unit in _SLEEP.findall(script)]
    if not pauses or not _LOOP.search(script):
        return max(pauses, default=0)
    counts = [int(next(part for part in match if part)) for match in _COUNT.findall(script)]
    if limits:
        return max(limits)
    if not [count for count in counts if count > 1]:
        return None
    steps = {int(one or other) for one, other in _STEP.findall(script)}
    by_seconds = bool(steps & (set(pauses) - {1})) or "SECONDS" in script or "date +%s" in script
    return max(counts) * (1 if by_seconds else max(pauses))


def _source(index: ObjectIndex, workload: Workload, name: str, volume: dict[str, Any]) -> str:
    driver = str(mapping(volume.get("csi")).get("driver") or "")
    if _SLOW.search(driver):
        return f"the driver {driver}"
    host = str(mapping(volume.get("hostPath")).get("path") or "")
    if host.startswith(_OF_HOST) and any(_receives(container, name) for container in workload.containers):
        return f"the directory {host} of the host"
    claim = str(mapping(volume.get("persistentVolumeClaim")).get("claimName") or "")
    return _behind_claim(index, workload.namespace, claim) if claim else ""


def _behind_claim(index: ObjectIndex, namespace: str, name: str) -> str:
    """What provides a claim: the provisioner of its class, or the driver of its volume."""
    for claim in index.find("", "PersistentVolumeClaim", namespace, name):
        spec = mapping(index.body(claim).get("spec"))
        for item in index.find("", "PersistentVolume", "", str(spec.get("volumeName") or "")):
            driver = str(mapping(mapping(index.body(item).get("spec")).get("csi")).get("driver") or "")
            if _SLOW.search(driver):
                return f"the claim {name} of the driver {driver}"
        chosen = str(spec.get("storageClassName") or "")
        for item in index.find("storage.k8s.io", "StorageClass", "", chosen):
            if _SLOW.search(str(index.body(item).get("provisioner") or "")):
                return f"the claim {name} of the class {chosen}"
        if _SLOW.search(chosen):
            return f"the claim {name} of the class {chosen}"
    return ""


def _mounts(container: Container, volume: str) -> bool:
    return any(mapping(entry).get("name") == volume for entry in sequence(container.body.get("volumeMounts")))


def _receives(container: Container, volume: str) -> bool:
    """Whether what the host mounts later is to appear in the container."""
    mounts = (mapping(entry) for entry in sequence(container.body.get("volumeMounts")))
    return any(entry.get("name") == volume and entry.get("mountPropagation") == "HostToContainer" for entry in mounts)


def _script(index: ObjectIndex, workload: Workload, container: Container) -> str:
    """What a container runs: its command and arguments, and the files of ConfigMaps that it mounts and names."""
    parts = [str(part) for field in ("command", "args") for part in sequence(container.body.get(field))]
    text = " ".join(parts)
    maps = {
        str(mapping(volume).get("name")): mapping(mapping(volume).get("configMap")).get("name")
        for volume in sequence(workload.spec.get("volumes"))
    }
    for entry in sequence(container.body.get("volumeMounts")):
        name = maps.get(str(mapping(entry).get("name")))
        for item in index.find("", "ConfigMap", workload.namespace, str(name)) if name else ():
            data = mapping(index.body(item).get("data"))
            text += "".join(f"\n{value}" for key, value in data.items() if str(key) in " ".join(parts))
    return text
