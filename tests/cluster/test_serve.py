"""The control plane itself: its controllers work, its simulated world answers, and nothing gets out of it."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from elysium.cluster.command import Command
from elysium.cluster.embedded import embedded
from elysium.cluster.leftovers import run_directory
from elysium.cluster.server import Server
from tests.cluster.direct import Direct
from tests.cluster.traces import listens, until

POD = {"containers": [{"name": "main", "image": "registry.invalid/main:1"}]}
NODE = {"metadata": {"name": "one"}, "status": {"capacity": {"cpu": "64", "memory": "256Gi", "pods": "500"}}}


@pytest.fixture(scope="module")
def direct(server: Server) -> Iterator[Direct]:
    """The module's server, with a node and two storage classes."""
    client = Direct(server)
    client.post("/api/v1/nodes", NODE)
    client.merge("/api/v1/nodes/one/status", {"status": NODE["status"]})
    for name, mode in (("now", "Immediate"), ("later", "WaitForFirstConsumer")):
        storage_class = {
            "metadata": {"name": name},
            "provisioner": "storage.example",
            "volumeBindingMode": mode,
            "allowVolumeExpansion": True,
        }
        client.post("/apis/storage.k8s.io/v1/storageclasses", storage_class)
    yield client
    client.close()


def workload(name: str, replicas: int = 2, **more: Any) -> dict[str, Any]:
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": POD}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template, **more}
    return {"metadata": {"name": name}, "spec": spec}


def claim(storage_class: str) -> dict[str, Any]:
    resources = {"requests": {"storage": "1Gi"}}
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": storage_class, "resources": resources}
    return {"metadata": {"name": "data"}, "spec": spec}


def has_condition(wanted: str) -> Any:
    def check(found: dict[str, Any]) -> bool:
        conditions = found.get("status", {}).get("conditions") or []
        return any(c["type"] == wanted and c["status"] == "True" for c in conditions)

    return check


def test_it_says_once_where_it_is_and_goes_with_its_input(server_binary: Command, tmp_path: Path) -> None:
    directory = tmp_path / "run"
    command = [*server_binary, "serve", "--directory", str(directory), "--controllers=false"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout and process.stderr
        ready = json.loads(process.stdout.readline())
        assert ready == {
            "url": ready["url"],
            "kubeconfig": str(directory / "kubeconfig"),
            "version": "v1.36.3",
            "controllers": False,
            "pid": process.pid,
        }
        assert directory.stat().st_mode & 0o077 == 0
        secrets = [path for path in directory.iterdir() if path.is_file()]
        assert [path for path in secrets if path.stat().st_mode & 0o077] == []
        process.stdin.close()
        assert process.wait(5) == 0
        assert (process.stdout.read(), process.stderr.read()) == (b"", b"")
    assert not directory.exists()
    assert not listens(ready["url"])


def test_a_folder_with_something_in_it_is_refused_and_left_alone(server_binary: Command, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious", encoding="utf-8")
    command = [*server_binary, "serve", "--directory", str(tmp_path)]
    ended = subprocess.run(command, input="", capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "is not empty" in ended.stderr
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "precious"


def test_a_node_becomes_ready_and_takes_pods(direct: Direct) -> None:
    node = direct.becomes("/api/v1/nodes/one", lambda found: not found["spec"].get("taints"))
    assert has_condition("Ready")(node)
    assert node["metadata"]["labels"]["kubernetes.io/hostname"] == "one"
    assert node["status"]["allocatable"]["cpu"] == "64"


def test_a_deployment_becomes_available(direct: Direct) -> None:
    core = direct.namespace("deployment")
    direct.post("/apis/apps/v1/namespaces/deployment/deployments", workload("web"))
    direct.becomes(
        "/apis/apps/v1/namespaces/deployment/deployments/web",
        lambda found: found["status"].get("availableReplicas") == 2,
    )
    pods = direct.items(f"{core}/pods")
    assert {pod["status"]["phase"] for pod in pods} == {"Running"}
    assert len({pod["status"]["podIP"] for pod in pods}) == 2


def test_a_stateful_set_gets_its_volumes_when_its_pods_are_scheduled(direct: Direct) -> None:
    core = direct.namespace("stateful")
    wanted = workload("db", serviceName="db", volumeClaimTemplates=[claim("later")])
    direct.post(f"{core}/persistentvolumeclaims", claim("later"))
    direct.post("/apis/apps/v1/namespaces/stateful/statefulsets", wanted)
    direct.becomes(
        "/apis/apps/v1/namespaces/stateful/statefulsets/db", lambda found: found["status"].get("readyReplicas") == 2
    )
    phases = {
        found["metadata"]["name"]: found["status"]["phase"] for found in direct.items(f"{core}/persistentvolumeclaims")
    }
    assert phases == {"data": "Pending", "data-db-0": "Bound", "data-db-1": "Bound"}


def test_a_claim_is_bound_grows_and_takes_its_volume_along(direct: Direct) -> None:
    path = f"{direct.namespace('claim')}/persistentvolumeclaims"
    direct.post(path, claim("now"))
    bound = direct.becomes(f"{path}/data", lambda found: found["status"]["phase"] == "Bound")
    direct.merge(f"{path}/data", {"spec": {"resources": {"requests": {"storage": "3Gi"}}}})
    direct.becomes(f"{path}/data", lambda found: found["status"]["capacity"]["storage"] == "3Gi")
    direct.delete(f"{path}/data")
    direct.gone(f"/api/v1/persistentvolumes/{bound['spec']['volumeName']}")


def test_a_job_completes(direct: Direct) -> None:
    direct.namespace("job")
    spec = {"template": {"spec": {**POD, "restartPolicy": "Never"}}, "completions": 2}
    direct.post("/apis/batch/v1/namespaces/job/jobs", {"metadata": {"name": "once"}, "spec": spec})
    done = direct.becomes("/apis/batch/v1/namespaces/job/jobs/once", has_condition("Complete"))
    assert done["status"]["succeeded"] == 2


def test_a_quota_refuses_the_pods_of_a_deployment(direct: Direct) -> None:
    core = direct.namespace("quota")
    direct.post(f"{core}/resourcequotas", {"metadata": {"name": "few"}, "spec": {"hard": {"pods": "1"}}})
    direct.becomes(f"{core}/resourcequotas/few", lambda found: "used" in found["status"])
    direct.post("/apis/apps/v1/namespaces/quota/deployments", workload("web"))
    deployment = direct.becomes("/apis/apps/v1/namespaces/quota/deployments/web", has_condition("ReplicaFailure"))
    [failure] = [c for c in deployment["status"]["conditions"] if c["type"] == "ReplicaFailure"]
    assert "exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1" in failure["message"]


def test_a_load_balancer_gets_an_address_for_documentation(direct: Direct) -> None:
    core = direct.namespace("service")
    spec = {"type": "LoadBalancer", "ports": [{"port": 80}], "selector": {"app": "web"}}
    direct.post(f"{core}/services", {"metadata": {"name": "web"}, "spec": spec})
    service = direct.becomes(f"{core}/services/web", lambda found: found["status"]["loadBalancer"].get("ingress"))
    assert service["status"]["loadBalancer"]["ingress"][0]["ip"].startswith("192.0.2.")


def test_a_full_namespace_is_gone_soon(direct: Direct) -> None:
    """Pods with a grace period, a Job that holds its pods by a finalizer, and claims in use."""
    core = direct.namespace("teardown")
    pod = {**POD, "terminationGracePeriodSeconds": 600}
    job = {"template": {"spec": {**pod, "restartPolicy": "Never", "nodeSelector": {"nowhere": "yes"}}}}
    direct.post("/apis/batch/v1/namespaces/teardown/jobs", {"metadata": {"name": "waits"}, "spec": job})
    wanted = workload("db", serviceName="db", volumeClaimTemplates=[claim("now")])
    direct.post("/apis/apps/v1/namespaces/teardown/statefulsets", wanted)
    direct.becomes(
        "/apis/apps/v1/namespaces/teardown/statefulsets/db", lambda found: found["status"].get("readyReplicas") == 2
    )
    direct.delete(core)
    assert direct.gone(core) < 5


def test_a_hostile_volume_deletes_nothing_of_this_machine(direct: Direct, tmp_path: Path) -> None:
    """Kubernetes deletes the directory of a released volume with a path below /tmp, wherever that name occurs."""
    victim = tmp_path / "tmp" / "victim"
    victim.mkdir(parents=True)
    released = {"namespace": "default", "name": "gone", "uid": "11111111-2222-3333-4444-555555555555"}
    spec = {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "persistentVolumeReclaimPolicy": "Delete",
        "hostPath": {"path": str(victim)},
        "claimRef": released,
    }
    for number, provisioner in enumerate(("", "kubernetes.io/host-path")):
        annotations = {"pv.kubernetes.io/provisioned-by": provisioner} if provisioner else {}
        name = f"hostile-{number}"
        direct.post("/api/v1/persistentvolumes", {"metadata": {"name": name, "annotations": annotations}, "spec": spec})
        direct.becomes(
            f"/api/v1/persistentvolumes/{name}", lambda found: found["status"]["phase"] in ("Failed", "Released")
        )
    assert victim.is_dir()


def test_no_object_makes_the_server_connect_anywhere(direct: Direct) -> None:
    """A webhook at an address: it fails as one that nobody serves, and nobody is asked."""
    core = direct.namespace("webhook")
    path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}
        webhook = {
            "name": "hook.example.org",
            "clientConfig": {"url": f"https://127.0.0.1:{listener.getsockname()[1]}/"},
            "rules": [rule],
            "admissionReviewVersions": ["v1"],
            "sideEffects": "None",
        }
        direct.post(path, {"metadata": {"name": "hostile"}, "webhooks": [webhook]})
        try:
            until(lambda: "failed calling webhook" in direct.refusal(f"{core}/configmaps", {"metadata": {"name": "a"}}))
        finally:
            direct.delete(f"{path}/hostile")
        with pytest.raises(TimeoutError):
            listener.accept()


def test_without_controllers_objects_are_judged_but_nothing_happens(server_binary: Command, tmp_path: Path) -> None:
    with (
        run_directory(tmp_path) as directory,
        embedded(server_binary, directory.path, controllers=False, lock=directory.lock) as server,
    ):
        assert not server.controllers
        direct = Direct(server)
        direct.post("/api/v1/namespaces/default/pods", {"metadata": {"name": "a"}, "spec": POD})
        assert direct.items("/api/v1/namespaces/default/serviceaccounts") == []
        direct.close()
