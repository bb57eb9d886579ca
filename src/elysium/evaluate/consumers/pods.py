"""What pods need before they start (Kubernetes API reference, PodSpec)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.evaluate.consumers.use import Holder, Means, Use, text
from elysium.evaluate.workloads import Container, Path, Workload, mapping, sequence

__all__ = ["of_workload"]

_SECRET_REFERENCES = ("cephfs", "rbd", "iscsi", "flexVolume", "scaleIO", "storageos")


def of_workload(holder: Holder, workload: Workload) -> Iterator[Use]:
    """Everything that the pods of a workload name."""
    spec, at = workload.spec, workload.spec_path
    field = "serviceAccountName" if spec.get("serviceAccountName") else "serviceAccount"
    yield from holder.use((*at, field), "ServiceAccount", spec.get(field), Means.IDENTITY)
    for number, entry in enumerate(sequence(spec.get("imagePullSecrets"))):
        yield from holder.secret((*at, "imagePullSecrets", number), entry, Means.IMAGE_PULL)
    for field, kind, group in (
        ("priorityClassName", "PriorityClass", "scheduling.k8s.io"),
        ("runtimeClassName", "RuntimeClass", "node.k8s.io"),
    ):
        yield from holder.use((*at, field), kind, spec.get(field), Means.CLASS, group=group, namespace="")
    volumes = {
        str(volume.get("name")): ((*at, "volumes", number), volume)
        for number, volume in enumerate(sequence(spec.get("volumes")))
        if isinstance(volume, dict)
    }
    for path, volume in volumes.values():
        yield from _volume(holder, path, volume)
    for container in workload.containers:
        yield from _environment(holder, container)
        yield from _sub_paths(holder, container, volumes)


def _environment(holder: Holder, container: Container) -> Iterator[Use]:
    for number, entry in enumerate(sequence(container.body.get("env"))):
        source = mapping(mapping(entry).get("valueFrom"))
        at = (*container.path, "env", number, "valueFrom")
        yield from holder.secret((*at, "secretKeyRef"), source.get("secretKeyRef"), Means.ENVIRONMENT)
        yield from holder.config_map((*at, "configMapKeyRef"), source.get("configMapKeyRef"), Means.ENVIRONMENT)
    for number, entry in enumerate(sequence(container.body.get("envFrom"))):
        at = (*container.path, "envFrom", number)
        yield from holder.secret((*at, "secretRef"), mapping(entry).get("secretRef"), Means.ENVIRONMENT, key="")
        yield from holder.config_map(
            (*at, "configMapRef"), mapping(entry).get("configMapRef"), Means.ENVIRONMENT, key=""
        )


def _volume(holder: Holder, at: Path, volume: dict[str, Any]) -> Iterator[Use]:
    yield from _files(holder, (*at, "secret"), "Secret", "secretName", volume.get("secret"))
    yield from _files(holder, (*at, "configMap"), "ConfigMap", "name", volume.get("configMap"))
    for number, source in enumerate(sequence(mapping(volume.get("projected")).get("sources"))):
        place = (*at, "projected", "sources", number)
        yield from _files(holder, (*place, "secret"), "Secret", "name", mapping(source).get("secret"))
        yield from _files(holder, (*place, "configMap"), "ConfigMap", "name", mapping(source).get("configMap"))
    claim = mapping(volume.get("persistentVolumeClaim"))
    path = (*at, "persistentVolumeClaim", "claimName")
    yield from holder.use(path, "PersistentVolumeClaim", claim.get("claimName"), Means.CLAIM)
    template = mapping(mapping(mapping(volume.get("ephemeral")).get("volumeClaimTemplate")).get("spec"))
    path = (*at, "ephemeral", "volumeClaimTemplate", "spec", "storageClassName")
    more = {"group": "storage.k8s.io", "namespace": ""}
    yield from holder.use(path, "StorageClass", template.get("storageClassName"), Means.CLASS, **more)
    csi = mapping(volume.get("csi")).get("nodePublishSecretRef")
    yield from holder.secret((*at, "csi", "nodePublishSecretRef"), csi, Means.VOLUME)
    azure = mapping(volume.get("azureFile")).get("secretName")
    yield from holder.use((*at, "azureFile", "secretName"), "Secret", azure, Means.VOLUME)
    for kind in _SECRET_REFERENCES:
        yield from holder.secret((*at, kind, "secretRef"), mapping(volume.get(kind)).get("secretRef"), Means.VOLUME)


def _files(holder: Holder, at: Path, kind: str, field: str, source: object) -> Iterator[Use]:
    """A Secret or ConfigMap as files: all its keys, or those that `items` names."""
    body = mapping(source)
    more: dict[str, Any] = {"optional": body.get("optional") is True}
    yield from holder.use((*at, field), kind, body.get(field), Means.VOLUME, **more)
    for number, entry in enumerate(sequence(body.get("items"))):
        key = text(mapping(entry).get("key"))
        if key:
            path = (*at, "items", number, "key")
            yield from holder.use((*at, field), kind, body.get(field), Means.VOLUME, key=key, key_path=path, **more)


def _sub_paths(holder: Holder, container: Container, volumes: dict[str, tuple[Path, dict[str, Any]]]) -> Iterator[Use]:
    """Single files that are mounted out of a Secret or ConfigMap: the key has the name of the file."""
    for number, mount in enumerate(sequence(container.body.get("volumeMounts"))):
        _, volume = volumes.get(str(mapping(mount).get("name")), ((), {}))
        file = text(mapping(mount).get("subPath"))
        path = (*container.path, "volumeMounts", number, "subPath")
        for field, kind, name in (("secret", "Secret", "secretName"), ("configMap", "ConfigMap", "name")):
            source = mapping(volume.get(field))
            if not source or not file or source.get("optional") is True:
                continue
            paths = {
                str(mapping(entry).get("path")): mapping(entry).get("key") for entry in sequence(source.get("items"))
            }
            key = text(paths.get(file)) if paths else file.strip("/")
            if key and "/" not in key:
                yield from holder.use(path, kind, source.get(name), Means.SUB_PATH, key=key, key_path=path)
