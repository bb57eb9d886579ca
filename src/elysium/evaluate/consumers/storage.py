"""What claims, volumes and classes of storage need, and the objects that make pods for claims."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.consumers.use import Holder, Means, Use
from elysium.evaluate.workloads import Path, mapping, sequence

__all__ = ["claim", "service_account", "stateful_set", "storage_class", "volume"]

_CSI_SECRETS = (
    "controllerPublishSecretRef",
    "nodeStageSecretRef",
    "nodePublishSecretRef",
    "controllerExpandSecretRef",
    "nodeExpandSecretRef",
)


def claim(holder: Holder) -> Iterator[Use]:
    """A PersistentVolumeClaim names its class and perhaps its volume."""
    spec = mapping(holder.body.get("spec"))
    yield from _class_of(holder, ("spec",), spec)
    path = ("spec", "volumeName")
    yield from holder.use(path, "PersistentVolume", spec.get("volumeName"), Means.CLAIM, namespace="")


def stateful_set(holder: Holder) -> Iterator[Use]:
    """The classes of the claims that a StatefulSet makes, and the Service that gives its pods their names."""
    spec = mapping(holder.body.get("spec"))
    for number, template in enumerate(sequence(spec.get("volumeClaimTemplates"))):
        at = ("spec", "volumeClaimTemplates", number, "spec")
        yield from _class_of(holder, at, mapping(mapping(template).get("spec")))
    yield from holder.use(("spec", "serviceName"), "Service", spec.get("serviceName"), Means.GOVERNING)


def volume(holder: Holder) -> Iterator[Use]:
    """A PersistentVolume names the Secrets of its CSI driver, each with a namespace of its own."""
    source = mapping(mapping(holder.body.get("spec")).get("csi"))
    for field in _CSI_SECRETS:
        if mapping(source.get(field)).get("namespace"):
            yield from holder.secret(("spec", "csi", field), source.get(field), Means.VOLUME, key="")


def storage_class(holder: Holder) -> Iterator[Use]:
    """A StorageClass or VolumeSnapshotClass names Secrets by pairs of parameters (kubernetes-csi documentation)."""
    parameters = mapping(holder.body.get("parameters"))
    for field, name in parameters.items():
        if field.startswith("csi.storage.k8s.io/") and field.endswith("secret-name"):
            namespace = parameters.get(field.removesuffix("name") + "namespace")
            if isinstance(namespace, str) and "${" not in namespace:
                path = ("parameters", field)
                yield from holder.use(path, "Secret", name, Means.CREDENTIALS, namespace=namespace)


def service_account(holder: Holder) -> Iterator[Use]:
    """A ServiceAccount lends its pull secrets to its pods; `secrets` lists tokens that may come later."""
    for number, entry in enumerate(sequence(holder.body.get("imagePullSecrets"))):
        yield from holder.secret(("imagePullSecrets", number), entry, Means.IMAGE_PULL)
    for number, entry in enumerate(sequence(holder.body.get("secrets"))):
        yield from holder.secret(("secrets", number), entry, Means.CREDENTIALS, key="", optional=True)


def _class_of(holder: Holder, at: Path, spec: dict[str, object]) -> Iterator[Use]:
    """A claim that names its volume binds without a class of that name."""
    more = {"group": "storage.k8s.io", "namespace": "", "optional": bool(spec.get("volumeName"))}
    path = (*at, "storageClassName")
    yield from holder.use(path, "StorageClass", spec.get("storageClassName"), Means.CLASS, **more)
