"""What the API server refuses in a pod or in the workload around it, beyond the schema.

The checks are those of Kubernetes' own validation (pkg/apis/core/validation, pkg/apis/apps/validation) that need
nothing but the object itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.evaluate.container_validation import container_faults
from elysium.evaluate.formats import Fault, dns_label, label_key, label_value
from elysium.evaluate.rollouts import share
from elysium.evaluate.workloads import Path, Workload, mapping, sequence

__all__ = ["pod_faults"]

_ALWAYS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController")
_VOLUME_TYPES = (
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "hostPath",
    "image",
    "iscsi",
    "nfs",
    "persistentVolumeClaim",
    "photonPersistentDisk",
    "portworxVolume",
    "projected",
    "quobyte",
    "rbd",
    "scaleIO",
    "secret",
    "storageos",
    "vsphereVolume",
)
_COUNTS = (
    "replicas",
    "minReadySeconds",
    "revisionHistoryLimit",
    "backoffLimit",
    "completions",
    "parallelism",
    "ttlSecondsAfterFinished",
    "startingDeadlineSeconds",
    "successfulJobsHistoryLimit",
    "failedJobsHistoryLimit",
)
_PROGRESS_DEADLINE = 600


def pod_faults(workload: Workload) -> Iterator[Fault]:
    """Everything in one workload that the API server refuses."""
    yield from _restart_policy(workload)
    yield from _strategy(workload)
    yield from _numbers(workload)
    yield from _volumes(workload)
    yield from _mounted_volumes(workload)
    yield from _names(workload)
    yield from _host_ports(workload)
    yield from _tolerations(workload)
    yield from _pod(workload)
    for container in workload.containers:
        yield from container_faults(container)


def _restart_policy(workload: Workload) -> Iterator[Fault]:
    policy = workload.spec.get("restartPolicy")
    if workload.item.kind in _ALWAYS and policy not in (None, "", "Always"):
        reason = f"restartPolicy of a {workload.item.kind} must be Always, not {policy}"
        yield Fault(path=(*workload.spec_path, "restartPolicy"), reason=reason)


def _strategy(workload: Workload) -> Iterator[Fault]:
    if workload.item.kind != "Deployment":
        return
    strategy = mapping(mapping(workload.body.get("spec")).get("strategy"))
    rolling = strategy.get("rollingUpdate")
    path = ("spec", "strategy", "rollingUpdate")
    if strategy.get("type") == "Recreate" and rolling is not None:
        yield Fault(path=path, reason="rollingUpdate may not be there when the strategy is Recreate")
    bounds = [mapping(rolling).get(field) for field in ("maxSurge", "maxUnavailable")]
    if any(isinstance(bound, int) and bound < 0 for bound in bounds):
        yield Fault(path=path, reason="maxSurge and maxUnavailable may not be less than 0")
    if all(bound is not None and share(bound, 100, up=True) == 0 for bound in bounds):
        yield Fault(path=path, reason="maxSurge and maxUnavailable may not both be 0")


def _numbers(workload: Workload) -> Iterator[Fault]:
    spec = mapping(workload.body.get("spec"))
    job = mapping(mapping(spec.get("jobTemplate")).get("spec"))
    places: tuple[tuple[Path, dict[str, Any]], ...] = ((("spec",), spec), (("spec", "jobTemplate", "spec"), job))
    for path, holder in places:
        for field in _COUNTS:
            value = holder.get(field)
            if isinstance(value, int) and value < 0:
                yield Fault(path=(*path, field), reason=f"{field} {value} is less than nothing")
    ready, deadline = spec.get("minReadySeconds", 0), spec.get("progressDeadlineSeconds", _PROGRESS_DEADLINE)
    if workload.item.kind == "Deployment" and _whole(ready) and _whole(deadline) and 0 < deadline <= ready:
        field = "progressDeadlineSeconds" if "progressDeadlineSeconds" in spec else "minReadySeconds"
        reason = f"progressDeadlineSeconds ({deadline}) must be greater than minReadySeconds ({ready})"
        yield Fault(path=("spec", field), reason=reason)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _volumes(workload: Workload) -> Iterator[Fault]:
    for number, volume in enumerate(sequence(workload.spec.get("volumes"))):
        body, path = mapping(volume), (*workload.spec_path, "volumes", number)
        name = body.get("name")
        if isinstance(name, str) and name and (wrong := dns_label(name)):
            yield Fault(path=(*path, "name"), reason=f"the volume name {name!r} {wrong}")
        types = [field for field in _VOLUME_TYPES if body.get(field) is not None]
        if len(types) > 1:
            yield Fault(path=path, reason=f"the volume {name} is of {len(types)} types: {', '.join(types)}")


def _mounted_volumes(workload: Workload) -> Iterator[Fault]:
    known = [mapping(volume).get("name") for volume in sequence(workload.spec.get("volumes"))]
    if workload.item.kind == "StatefulSet":
        templates = sequence(mapping(workload.body.get("spec")).get("volumeClaimTemplates"))
        known += [mapping(mapping(template).get("metadata")).get("name") for template in templates]
    for container in workload.containers:
        for field in ("volumeMounts", "volumeDevices"):
            for number, mount in enumerate(sequence(container.body.get(field))):
                name = mapping(mount).get("name")
                if isinstance(name, str) and name and name not in known:
                    path = (*container.path, field, number, "name")
                    yield Fault(path=path, reason=f"container {container.name} mounts {name}, which is no volume")


def _names(workload: Workload) -> Iterator[Fault]:
    """Init containers may not be called as another container; the schema sees each list alone."""
    main = {container.name for container in workload.containers if container.role == "main"}
    for container in workload.containers:
        if container.role != "main" and container.name in main and container.name:
            reason = f"an init container and a container are both called {container.name}"
            yield Fault(path=(*container.path, "name"), reason=reason)


def _host_ports(workload: Workload) -> Iterator[Fault]:
    taken: set[tuple[str, str, str]] = set()
    for container in workload.containers:
        for number, port in enumerate(sequence(container.body.get("ports"))):
            body = mapping(port)
            host = body.get("hostPort")
            key = (str(host), str(body.get("hostIP") or ""), str(body.get("protocol") or "TCP"))
            if container.role == "main" and _whole(host) and host and key in taken:
                path = (*container.path, "ports", number, "hostPort")
                yield Fault(path=path, reason=f"hostPort {host} stands there twice")
            taken.add(key)


def _tolerations(workload: Workload) -> Iterator[Fault]:
    for number, toleration in enumerate(sequence(workload.spec.get("tolerations"))):
        body, path = mapping(toleration), (*workload.spec_path, "tolerations", number)
        operator = body.get("operator")
        yield from _taint_labels(body, path)
        if operator == "Exists" and body.get("value"):
            yield Fault(path=path, reason="a toleration with operator Exists has no value")
        if not body.get("key") and operator != "Exists":
            yield Fault(path=path, reason="a toleration without a key needs operator: Exists")
        if body.get("tolerationSeconds") is not None and body.get("effect") != "NoExecute":
            yield Fault(path=path, reason="tolerationSeconds needs effect: NoExecute")


def _taint_labels(toleration: dict[str, Any], path: Path) -> Iterator[Fault]:
    for field, judge in (("key", label_key), ("value", label_value)):
        value = toleration.get(field)
        if isinstance(value, str) and value and (wrong := judge(value)):
            yield Fault(path=(*path, field), reason=f"the {field} {value!r} of a toleration {wrong}")


def _pod(workload: Workload) -> Iterator[Fault]:
    spec, path = workload.spec, workload.spec_path
    if spec.get("containers") == []:
        yield Fault(path=(*path, "containers"), reason="a pod needs a container")
    service = mapping(workload.body.get("spec")).get("serviceName") if workload.item.kind == "StatefulSet" else None
    if isinstance(service, str) and service and (wrong := dns_label(service)):
        yield Fault(path=("spec", "serviceName"), reason=f"serviceName {service!r} {wrong}")
    for field in ("hostname", "subdomain") if workload.item.kind != "StatefulSet" else ():
        value = spec.get(field)
        if isinstance(value, str) and value and (wrong := dns_label(value)):
            yield Fault(path=(*path, field), reason=f"{field} {value!r} {wrong}")
    deadline = spec.get("activeDeadlineSeconds")
    if isinstance(deadline, int) and deadline < 1:
        yield Fault(path=(*path, "activeDeadlineSeconds"), reason=f"activeDeadlineSeconds {deadline} is less than 1")
    if spec.get("dnsPolicy") == "None" and not mapping(spec.get("dnsConfig")).get("nameservers"):
        yield Fault(path=(*path, "dnsPolicy"), reason="dnsPolicy None needs dnsConfig.nameservers")
    if spec.get("hostPID") is True and spec.get("shareProcessNamespace") is True:
        yield Fault(
            path=(*path, "shareProcessNamespace"), reason="hostPID and shareProcessNamespace exclude each other"
        )
