"""The replay tells what the controllers made of the objects, on a real control plane."""

from __future__ import annotations

import itertools

import pytest

from elysium.cluster.protocol import Entries, Observation, Readiness, Workload
from elysium.cluster.replay import Replayer
from tests.cluster.replay_harness import (
    Manifest,
    apply,
    configmap,
    deployment,
    job,
    manifest,
    namespace,
    node,
    reference,
)

NUMBERS = itertools.count()


@pytest.fixture(scope="module", autouse=True)
def a_node(replayer: Replayer) -> None:
    replayer.call("create", {"objects": [node("node-1")]}, Entries)


@pytest.fixture
def home(replayer: Replayer) -> str:
    name = f"observed-{next(NUMBERS)}"
    apply(replayer, namespace(name))
    return name


def observe(replayer: Replayer) -> Observation:
    assert replayer.call("settle", {"quiet": 500, "limit": 20_000}, dict[str, bool]) == {"settled": True}
    return replayer.call("observe", {}, Observation)


def workload(seen: Observation, home: str, kind: str) -> Workload:
    return next(found for found in seen.workloads if (found.object.namespace, found.object.kind) == (home, kind))


def quota(home: str) -> Manifest:
    return manifest("v1", "ResourceQuota", "none", home, spec={"hard": {"pods": "0"}})


def test_a_deployment_becomes_ready_and_its_pod_names_it(replayer: Replayer, home: str) -> None:
    apply(replayer, deployment("web", home))
    wanted = {"objects": [reference("Deployment", "web", home, "apps")], "quiet": 5000, "limit": 15_000}
    told = replayer.call("ready", wanted, Readiness)
    assert told.ready and [state.status for state in told.objects] == ["Current"]
    seen = observe(replayer)
    pod = next(pod for pod in seen.pods if pod.object.namespace == home)
    assert pod.owner and (pod.owner.group, pod.owner.kind, pod.owner.name) == ("apps", "Deployment", "web")
    assert (pod.scheduled, pod.ready, pod.message, pod.job) == (True, True, "", False)
    found = workload(seen, home, "Deployment")
    assert (found.wanted, found.ready, found.failure) == (1, 1, "")


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "Job"])
def test_pods_that_a_quota_refuses_are_the_failure_of_their_workload(replayer: Replayer, home: str, kind: str) -> None:
    apply(replayer, quota(home))
    wanted = {"objects": [reference("ResourceQuota", "none", home)], "quiet": 3000, "limit": 5000}
    assert replayer.call("ready", wanted, Readiness).ready
    web = deployment("web", home)
    objects = {"Deployment": web, "StatefulSet": {**web, "kind": "StatefulSet"}, "Job": job("web", home)}
    apply(replayer, objects[kind])
    found = workload(observe(replayer), home, kind)
    assert (found.wanted, found.ready) == (1, 0)
    assert "exceeded quota" in found.failure


def test_a_pod_that_no_node_takes_says_why(replayer: Replayer, home: str) -> None:
    apply(replayer, deployment("web", home, resources={"limits": {"gpu.example/x": "1"}}))
    seen = observe(replayer)
    pod = next(pod for pod in seen.pods if pod.object.namespace == home)
    assert not pod.scheduled and "Insufficient gpu.example/x" in pod.message
    assert any(event.reason == "FailedScheduling" and event.object.namespace == home for event in seen.events)


def test_a_job_completes_and_its_pod_is_known_as_one_of_a_job(replayer: Replayer, home: str) -> None:
    apply(replayer, job("once", home))
    wanted = {"objects": [reference("Job", "once", home, "batch")], "quiet": 5000, "limit": 15_000}
    assert replayer.call("ready", wanted, Readiness).ready
    seen = observe(replayer)
    assert next(pod for pod in seen.pods if pod.object.namespace == home).job
    assert workload(seen, home, "Job").ready == 1


def test_claims_ingresses_and_services_are_told(replayer: Replayer, home: str) -> None:
    storage = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    claim = manifest("v1", "PersistentVolumeClaim", "data", home, spec={**storage, "storageClassName": "no-such"})
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    ingress = manifest(
        "networking.k8s.io/v1", "Ingress", "web", home, spec={"ingressClassName": "x", "defaultBackend": backend}
    )
    service = manifest("v1", "Service", "web", home, spec={"ports": [{"port": 80}]})
    apply(replayer, claim, ingress, service)
    seen = observe(replayer)
    found = next(found for found in seen.claims if found.object.namespace == home)
    assert (found.phase, found.storage_class) == ("Pending", "no-such")
    assert '"no-such" not found' in found.message
    assert [found.ingress_class for found in seen.ingresses if found.object.namespace == home] == ["x"]
    assert [(found.type, bool(found.address)) for found in seen.services if found.object.namespace == home] == [
        ("ClusterIP", True)
    ]


def test_readiness_says_what_is_missing_and_gives_up_when_nothing_moves(replayer: Replayer, home: str) -> None:
    apply(replayer, configmap("there", home))
    objects = [reference("ConfigMap", name, home) for name in ("there", "missing")]
    told = replayer.call("ready", {"objects": objects, "quiet": 300, "limit": 20_000}, Readiness)
    assert not told.ready
    assert [state.status for state in told.objects] == ["Current", "NotFound"]
