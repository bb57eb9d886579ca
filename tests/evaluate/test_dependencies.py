"""Which Services a workload is told of."""

from __future__ import annotations

import json

import pytest

from elysium.evaluate.dependencies import backends, dependencies
from elysium.evaluate.workloads import workloads
from tests.evaluate.objects import index_of

SERVICES = """
apiVersion: v1
kind: Service
metadata: {name: db, namespace: apps}
spec: {selector: {app: db}, ports: [{name: sql, port: 5432, targetPort: sql}]}
---
apiVersion: v1
kind: Service
metadata: {name: cache, namespace: data}
spec: {selector: {app: cache}, ports: [{port: 6379}, {name: metrics, port: 9121}]}
---
apiVersion: v1
kind: Service
metadata: {name: peers, namespace: apps}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: apps}
data: {DATABASE_HOST: db}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: files, namespace: apps}
data:
  app.yaml: |
    # http://peers:5432 is another
    database: postgresql://db/app
    mentioned: cache.data
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: apps}
spec:
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: main, ports: [{name: sql, containerPort: 15432}]}]}
"""


def told(pod: dict[str, object] | None = None, **container: object) -> list[str]:
    spec = json.dumps({"containers": [{"name": "main", **container}], **(pod or {})})
    text = f"""{SERVICES}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: apps}}
spec: {{template: {{metadata: {{labels: {{app: web}}}}, spec: {spec}}}}}
"""
    index = index_of(text)
    (web,) = (workload for workload in workloads(index) if workload.item.name == "web")
    return [
        f"{found.service.item.namespace}/{found.service.item.name}:{found.port}" for found in dependencies(index, web)
    ]


def variables(**values: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DATABASE_URL", "postgresql://user:word@db/app?sslmode=disable", ["apps/db:5432"]),
        ("DATABASE_URL", "postgresql+asyncpg://db:5432/app", ["apps/db:5432"]),
        ("DATABASE_HOST", "db", ["apps/db:5432"]),
        ("DATABASE", "db", []),
        ("NOTES", "ask db about it", []),
        ("REDIS_URL", "redis://cache.data", ["data/cache:6379"]),
        ("REDIS_URL", "redis://cache.data.svc.cluster.local/0", ["data/cache:6379"]),
        ("REDIS_URL", "redis://cache", []),
        ("REDIS_HOST", "cache.data", []),  # two ports, and nothing says which
        ("ANY", "cache.data:6379", ["data/cache:6379"]),
        ("ANY", "cache.data.svc:9121", ["data/cache:9121"]),
        ("DATABASE_URL", "postgresql://db.example.org/app", []),
        ("DATABASE_URL", "postgresql://db:1234/app", []),
        ("PEERS_URL", "http://peers:8008", ["apps/peers:8008"]),
        ("LIST", "http://db:5432,http://cache.data:9121", ["apps/db:5432", "data/cache:9121"]),
    ],
)
def test_variables(name: str, value: str, expected: list[str]) -> None:
    assert told(env=variables(**{name: value})) == expected


def test_the_port_may_stand_beside_the_host() -> None:
    assert told(env=variables(REDIS_HOST="cache.data", REDIS_PORT="9121")) == ["data/cache:9121"]


def test_arguments_and_config_maps_count() -> None:
    assert told(args=["--database=db.apps.svc:5432"]) == ["apps/db:5432"]
    assert told(envFrom=[{"configMapRef": {"name": "settings"}}]) == ["apps/db:5432"]
    reference = {"configMapKeyRef": {"name": "settings", "key": "DATABASE_HOST"}}
    assert told(env=[{"name": "GHOST", "valueFrom": reference}]) == []
    assert told(env=[{"name": "PGHOST", "valueFrom": reference}]) == ["apps/db:5432"]


def test_files_of_config_maps_count_without_their_comments() -> None:
    assert told(pod={"volumes": [{"name": "files", "configMap": {"name": "files"}}]}) == ["apps/db:5432"]


def test_policies_see_the_port_of_the_pod() -> None:
    text = (
        SERVICES
        + """
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: apps, labels: {app: web}}
spec: {containers: [{name: main, env: [{name: A_URL, value: "http://db:5432"}, {name: B_URL, value: "http://peers:5432"}]}]}
"""
    )
    index = index_of(text)
    (web,) = (workload for workload in workloads(index) if workload.item.name == "web")
    ports = [[port for _, port in backends(index, found)] for found in dependencies(index, web)]
    assert ports == [[15432], [5432]]
