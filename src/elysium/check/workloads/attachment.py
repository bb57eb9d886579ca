"""Whether a volume that one node mounts can be shared or handed over: what the rules about ReadWriteOnce share."""

from __future__ import annotations

from elysium.check.context import Context
from elysium.check.workloads.machines import nodes_of
from elysium.evaluate.claims import Claim, default_class, mounted_claims
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Path, Workload, mapping, sequence

__all__ = ["claims_by_name", "exclusive_claims", "pinned", "single_pod", "stays_on_a_node"]

_SAME_NODE = ("local", "hostpath", "host-path", "topolvm", "lvm", "zfs")
_ANYWHERE = ("nfs", "smb", "cifs", "cephfs", "ceph-filesystem", "rclone", "efs", "azurefile", "glusterfs", "juicefs")


def claims_by_name(index: ObjectIndex) -> dict[tuple[str, str], Claim]:
    """The PersistentVolumeClaims of a cluster by namespace and name."""
    found = {}
    for item in index.of_kind("", "PersistentVolumeClaim"):
        spec = mapping(index.body(item).get("spec"))
        found[item.namespace, item.name] = Claim(item=item, name=item.name, spec=spec, path=("spec",))
    return found


def exclusive_claims(known: dict[tuple[str, str], Claim], workload: Workload) -> list[tuple[Claim, Path]]:
    """The claims of a pod that only one node, or only one pod, can mount for writing."""
    mounted = [(known.get((workload.namespace, name)), path) for name, path in mounted_claims(workload)]
    return [(claim, path) for claim, path in mounted if claim is not None and _is_exclusive(claim)]


def _is_exclusive(claim: Claim) -> bool:
    return bool(claim.access_modes) and set(claim.access_modes) <= {"ReadWriteOnce", "ReadWriteOncePod"}


def single_pod(claim: Claim) -> bool:
    """Whether only one pod at a time can use the claim."""
    return claim.access_modes == ("ReadWriteOncePod",)


def stays_on_a_node(context: Context, cluster: str, claim: Claim) -> bool:
    """Whether all pods with this claim come to run on the same node, or its node does not matter.

    True for the only declared node, for storage that lies on a node (its volumes carry the node), and for network file
    systems, which do not attach.
    """
    index = context.objects[cluster]
    name = claim.storage_class if claim.storage_class is not None else default_class(index)
    described = f"{name or ''} {_provisioner(index, name)} {claim.spec.get('volumeName') or ''}".lower()
    return len(nodes_of(context, cluster)) == 1 or any(word in described for word in (*_SAME_NODE, *_ANYWHERE))


def _provisioner(index: ObjectIndex, name: str | None) -> str:
    for item in index.find("storage.k8s.io", "StorageClass", "", name or ""):
        return str(index.body(item).get("provisioner") or "")
    return ""


def pinned(workload: Workload) -> bool:
    """Whether a pod says itself where it runs: on a named node, or beside another pod."""
    if workload.spec.get("nodeName") or "kubernetes.io/hostname" in mapping(workload.spec.get("nodeSelector")):
        return True
    affinity = mapping(workload.spec.get("affinity"))
    beside = mapping(affinity.get("podAffinity")).get("requiredDuringSchedulingIgnoredDuringExecution")
    required = mapping(mapping(affinity.get("nodeAffinity")).get("requiredDuringSchedulingIgnoredDuringExecution"))
    names = str(sequence(required.get("nodeSelectorTerms")))
    return bool(beside) or "kubernetes.io/hostname" in names or "metadata.name" in names
