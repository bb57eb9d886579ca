"""A GPU that a pod will not get as it is written.

Mounting /dev/dri from the host does not open the device: the container runtime allows devices only to privileged
containers and to those that a device plugin has given one (`gpu.intel.com/i915: "1"` in limits). And a resource that
no device plugin offers keeps the pod pending.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.machines import nodes_of
from elysium.evaluate.demand import declared
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Container, Path, Workload, mapping, sequence, workloads
from elysium.model import Finding, Severity, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="gpu-device",
    severity=Severity.WARNING,
    summary="a GPU that is mounted from the host, or that no device plugin offers",
    topic=Topic.SCHEDULING,
    profiles=("review",),
)

_DEVICES = ("/dev/dri", "/dev/kfd", "/dev/nvidia")
_VENDORS = {"gpu.intel.com": "intel", "nvidia.com": "nvidia", "amd.com": "amd"}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each container with a device it cannot open, and each with a resource that nothing offers."""
    for cluster, index in context.objects.items():
        offered = _offered(context, cluster, index)
        for workload in workloads(index):
            mounted = _host_devices(workload)
            for container in workload.containers:
                yield from _mounts(context, workload, container, mounted)
                yield from _requests(context, workload, container, offered)


def _host_devices(workload: Workload) -> dict[str, tuple[str, Path]]:
    """The volumes that are GPUs of the host, by name. Device plugins only look at them."""
    found: dict[str, tuple[str, Path]] = {}
    for number, volume in enumerate(sequence(workload.spec.get("volumes"))):
        host = str(mapping(mapping(volume).get("hostPath")).get("path") or "")
        if host.startswith("/var/lib/kubelet/device-plugins"):
            return {}
        if host.startswith(_DEVICES):
            found[str(volume.get("name"))] = (host, (*workload.spec_path, "volumes", number, "hostPath"))
    return found


def _mounts(
    context: Context, workload: Workload, container: Container, mounted: dict[str, tuple[str, Path]]
) -> Iterator[Finding]:
    privileged = mapping(container.body.get("securityContext")).get("privileged") is True
    devices = [name for name in declared(container.body).limits if "/" in name]
    if privileged or devices or not mounted:
        return
    for mount in sequence(container.body.get("volumeMounts")):
        entry = mapping(mount)
        name = str(entry.get("name"))
        if name in mounted and entry.get("readOnly") is not True:
            path, place = mounted[name]
            message = (
                f"{workload.item}: container {container.name} mounts {path} from the host, but may not open it: it is "
                "neither privileged nor given a device"
            )
            at = in_object(context, workload.item, place)
            hint = 'leave the mount out and ask a device plugin: resources.limits "gpu.intel.com/i915": "1"'
            yield about_object(RULE, workload.item, at, message, hint=hint)


def _requests(
    context: Context, workload: Workload, container: Container, offered: set[str] | None
) -> Iterator[Finding]:
    if offered is None:
        return
    for name in declared(container.body).limits:
        vendor = _VENDORS.get(name.partition("/")[0])
        if vendor and vendor not in offered:
            message = f"{workload.item}: container {container.name} wants {name}, which no device plugin in Git offers"
            at = in_object(context, workload.item, (*container.path, "resources", "limits", name))
            hint = "add the device plugin, or declare the node with `extended` in elysium.toml"
            yield about_object(RULE, workload.item, at, message, hint=hint)


def _offered(context: Context, cluster: str, index: ObjectIndex) -> set[str] | None:
    """The vendors of whom something is in the cluster; None when nodes are declared or not all units are known."""
    if nodes_of(context, cluster) or any(unit.state is UnitState.FAILED for unit in index.units):
        return None
    names = {unit.id.name for unit in index.units} | {f"{unit.chart} {unit.path}" for unit in index.units}
    names |= {item.name for item in index.of_kind("apps", "DaemonSet")}
    text = " ".join(names).lower()
    return {vendor for vendor in _VENDORS.values() if vendor in text}
