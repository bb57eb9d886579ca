"""What became of workloads, read from what the controllers of a real control plane made of `observed/objects.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.cluster.protocol import Action, Claim, Entries, Ingress, Observation, Pod, Reference, Workload
from elysium.cluster.replay import Replayer
from elysium.evaluate import declared_nodes
from elysium.model import ObjectId, UnitId, UnitKind
from elysium.rehearse.judging.workloads import Placed, World, workload_verdicts
from elysium.rehearse.types import Phase, WorkloadState, WorkloadVerdict
from elysium.settings import NodeSettings

OBSERVED = Path(__file__).parent / "observed"
RECORDED = msgspec.json.decode((OBSERVED / "observation.json").read_bytes(), type=Observation)
NODES = declared_nodes(
    [
        NodeSettings(name="alpha", cpu="4", memory="8Gi"),
        NodeSettings(name="beta", cpu="4", memory="8Gi", extended={"gpu.intel.com/i915": "1"}),
        NodeSettings(name="gamma", cpu="4", memory="8Gi"),
    ]
)
WORLD = World(nodes=NODES, ingress_classes=frozenset({"nginx"}))
EXPECTED = {
    ("DaemonSet/w/agent", "ready", ""): ("", ""),
    ("Deployment/w/fine", "ready", ""): ("", ""),
    ("Deployment/w/cm", "ready", ""): ("", ""),
    ("Job/w/migrate", "ready", ""): ("", ""),
    ("Deployment/l/l", "refused", "limit-range"): (
        "maximum memory usage per Container is 1Gi, but limit is 2Gi",
        "set resources.limits.memory of the container to at most 1Gi (it is 2Gi), or change the LimitRange of l",
    ),
    ("Deployment/ps/ps", "refused", "pod-security"): (
        'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
        "set securityContext.allowPrivilegeEscalation=false",
    ),
    ("Deployment/q/q", "refused", "quota"): (
        "exceeded quota: limits, requested: pods=1",
        "ResourceQuota/q/limits: pods:",
    ),
    ("StatefulSet/q/db", "refused", "quota"): ("exceeded quota: limits, requested: pods=1", "ResourceQuota/q/limits"),
    ("Job/q/jobq", "refused", "quota"): ("exceeded quota: limits, requested: pods=1", "ResourceQuota/q/limits"),
    ("Deployment/w/noaccount", "refused", "invalid"): ('serviceaccount "nope" not found', "makes ServiceAccount/nope"),
    ("Deployment/w/noprio", "refused", "invalid"): ("no PriorityClass with name nope was found", "PriorityClass/nope"),
    ("Deployment/w/noruntime", "refused", "invalid"): ('RuntimeClass "nope" not found', "RuntimeClass/nope"),
    ("Deployment/w/aff", "unschedulable", ""): ("didn't match pod anti-affinity rules", "lower the replicas"),
    ("Deployment/w/big", "unschedulable", ""): ("3 Insufficient memory", "have most memory (8Gi)"),
    ("Deployment/w/gpu", "unschedulable", ""): (
        "0/3 nodes are available: 3 Insufficient gpu.intel.com/i915",
        "beta has most gpu.intel.com/i915 (1): ask for less, or free some",
    ),
    ("Deployment/w/zone", "unschedulable", ""): ("didn't match Pod's node affinity/selector", "no node has the labels"),
    ("Deployment/w/gone", "unschedulable", ""): (
        'persistentvolumeclaim "gone" not found',
        "makes PersistentVolumeClaim gone",
    ),
    ("Job/w/jobg", "unschedulable", ""): ("3 Insufficient gpu.intel.com/i915", "beta has most"),
    ("Pod/w/lone", "unschedulable", ""): ("3 Insufficient cpu", "alpha, beta, gamma have most cpu (4)"),
    ("PersistentVolumeClaim/w/data", "unbound", ""): ("no storage class is set", "set storageClassName"),
    ("PersistentVolumeClaim/w/noclass", "unbound", ""): (
        'storageclass.storage.k8s.io "nope" not found',
        "no StorageClass nope is there",
    ),
    ("StatefulSet/q/db", "unbound", ""): (
        "PersistentVolumeClaim/q/data-db-0: no persistent volumes",
        "set storageClassName",
    ),
    ("StatefulSet/w/db", "unbound", ""): (
        "PersistentVolumeClaim/w/data-db-0: no persistent volumes",
        "set storageClassName",
    ),
    ("Ingress/w/noclass", "unserved", ""): ("it has no ingress class", "(nginx)"),
    ("Ingress/w/web", "unserved", ""): ('no controller serves ingress class "nope"', "(nginx)"),
}


def judged(observation: Observation, world: World = WORLD) -> tuple[WorkloadVerdict, ...]:
    return workload_verdicts(observation, Phase.HEAD, {}, world)


def check(verdicts: tuple[WorkloadVerdict, ...]) -> None:
    found = {(str(item.object), str(item.state), item.cause): item for item in verdicts}
    assert found.keys() == EXPECTED.keys()
    for key, (message, hint) in EXPECTED.items():
        assert message in found[key].message
        assert hint in found[key].hint
        assert "preemption" not in found[key].message


def test_one_verdict_for_each_with_its_reason() -> None:
    check(judged(RECORDED))


def test_a_real_control_plane_still_says_the_same(replayer: Replayer) -> None:
    for stage in msgspec.json.decode((OBSERVED / "objects.json").read_bytes(), type=list[list[dict[str, Any]]]):
        answer = replayer.call("create", {"objects": stage}, Entries)
        assert not [entry for entry in answer.entries if entry.action is Action.REJECTED]
        replayer.call("settle", {"quiet": 1500, "limit": 20000}, dict[str, Any])
    check(judged(replayer.call("observe", {}, Observation)))


def test_how_many_are_ready_is_told() -> None:
    [fine] = [item for item in judged(RECORDED) if item.object.name == "fine"]
    assert (fine.wanted, fine.ready) == (3, 3)


def test_where_an_object_is_written_is_told() -> None:
    place = Placed(unit=UnitId("c", UnitKind.KUSTOMIZATION, "flux-system", "apps"), file="apps/gpu.yaml", line=3)
    verdicts = workload_verdicts(RECORDED, Phase.BASE, {ObjectId("apps", "Deployment", "w", "gpu"): place}, WORLD)
    [found] = [item for item in verdicts if item.file]
    assert (found.object.name, found.unit, found.line, found.phase) == ("gpu", place.unit, 3, Phase.BASE)


def test_without_controllers_nothing_is_judged() -> None:
    assert judged(RECORDED, World(controllers=False)) == ()


def test_nodes_that_nobody_declared_say_nothing() -> None:
    names = {item.object.name for item in judged(RECORDED, World(made_up_nodes=True)) if item.state == "unschedulable"}
    assert names == {"gone"}


def test_classes_that_nobody_declared_say_nothing() -> None:
    world = World(made_up_classes=True, made_up_ingress_classes=True)
    states = {item.state for item in judged(RECORDED, world)}
    assert states == {WorkloadState.READY, WorkloadState.REFUSED, WorkloadState.UNSCHEDULABLE}


def reference(kind: str, name: str = "web") -> Reference:
    group = {"Deployment": "apps", "Ingress": "networking.k8s.io"}.get(kind, "")
    return Reference(group=group, version="v1", kind=kind, namespace="web", name=name)


@pytest.mark.parametrize(
    "message",
    [
        "waiting for first consumer to be created before binding",
        "Waiting for a volume to be created either by the external provisioner 'example.com/disk' or manually",
        "",
    ],
)
def test_a_claim_that_only_waits_is_no_defect(message: str) -> None:
    claim = Claim(object=reference("PersistentVolumeClaim"), phase="Pending", storage_class="fast", message=message)
    assert judged(Observation(claims=(claim,))) == ()


def test_an_ingress_of_a_class_that_is_served_is_fine() -> None:
    assert judged(Observation(ingresses=(Ingress(object=reference("Ingress"), ingress_class="nginx"),))) == ()


def test_a_schedule_that_never_ran_is_not_judged() -> None:
    assert judged(Observation(workloads=(Workload(object=reference("CronJob")),))) == ()


def test_a_failed_job_was_not_refused() -> None:
    job = Workload(object=reference("Job"), wanted=1, failure="Job has reached the specified backoff limit")
    [found] = judged(Observation(workloads=(job,)))
    assert (found.state, found.hint) == (WorkloadState.NEVER_READY, "")


def test_what_is_on_its_way_is_not_judged() -> None:
    assert judged(Observation(workloads=(Workload(object=reference("Deployment"), wanted=2, ready=1),))) == ()


def test_a_name_that_only_the_cluster_knows_is_not_missing() -> None:
    failure = 'pods "web" is forbidden: no PriorityClass with name opaque-0123456789ab was found'
    assert judged(Observation(workloads=(Workload(object=reference("Deployment"), wanted=1, failure=failure),))) == ()


def test_one_verdict_for_all_pods_of_a_workload() -> None:
    owner = reference("Deployment")
    pods = tuple(
        Pod(
            object=reference("Pod", f"web-{number}"),
            owner=owner,
            message="0/1 nodes are available: 1 Insufficient cpu.",
        )
        for number in range(30)
    )
    [found] = judged(Observation(pods=pods, workloads=(Workload(object=owner, wanted=30),)))
    assert (found.object, found.wanted, found.ready) == (owner.id, 30, 0)


def test_a_resource_that_no_node_has_is_named() -> None:
    owner = reference("Deployment")
    pod = Pod(object=reference("Pod"), owner=owner, message="0/3 nodes are available: 3 Insufficient example.com/tpu.")
    [found] = judged(Observation(pods=(pod,), workloads=(Workload(object=owner, wanted=1),)))
    assert found.hint == "no node offers example.com/tpu"


@given(st.randoms(use_true_random=False))
def test_order_says_nothing(random: Any) -> None:
    fields: dict[str, Any] = {name: list(getattr(RECORDED, name)) for name in RECORDED.__struct_fields__}
    for items in fields.values():
        random.shuffle(items)
    assert judged(Observation(**{name: tuple(items) for name, items in fields.items()})) == judged(RECORDED)
