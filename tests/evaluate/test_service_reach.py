"""The reachability table of a database: its clients are let in, everybody else is not."""

from __future__ import annotations

from elysium.evaluate.endpoints import endpoint_of
from elysium.evaluate.reach import matrix, network_of
from elysium.evaluate.service_reach import reach_service, targets_of
from elysium.evaluate.services import service
from elysium.evaluate.workloads import workloads
from tests.evaluate.objects import index_of

PODS = "".join(
    f"""---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {namespace}, labels: {{app: {name}}}}}
spec: {{containers: [{{name: main, ports: [{ports}]}}]}}
"""
    for name, namespace, ports in (
        ("web", "apps", ""),
        ("guest", "other", ""),
        ("db", "data", "{name: sql, containerPort: 15432}, {name: metrics, containerPort: 9187}"),
    )
)
DATABASE = """---
apiVersion: v1
kind: Service
metadata: {name: postgresql, namespace: data}
spec:
  selector: {app: db}
  ports: [{name: sql, port: 5432, targetPort: sql}, {name: metrics, port: 9187}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: clients, namespace: data}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
    - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: apps}}}]
      ports: [{port: sql}]
"""


def test_the_table_of_a_database() -> None:
    index = index_of(PODS + DATABASE)
    found = service(index, "data", "postgresql")
    assert found is not None
    sources = [endpoint_of(workload) for workload in workloads(index) if workload.item.name != "db"]
    rows = matrix(network_of(index), sources, targets_of(index, found))
    assert [(row.source.name, row.port, row.verdict.value) for row in rows] == [
        ("Pod/apps/web", 15432, "allowed"),
        ("Pod/apps/web", 9187, "denied"),
        ("Pod/other/guest", 15432, "denied"),
        ("Pod/other/guest", 9187, "denied"),
    ]


def test_a_port_is_asked_for_by_name_or_number() -> None:
    index = index_of(PODS + DATABASE)
    found = service(index, "data", "postgresql")
    web = next(endpoint_of(workload) for workload in workloads(index) if workload.item.name == "web")
    assert found is not None
    assert [answer.verdict.value for answer in reach_service(index, web, found, "5432")] == ["allowed"]
    assert [answer.verdict.value for answer in reach_service(index, web, found, "metrics")] == ["denied"]
    assert list(reach_service(index, web, found, "80")) == []
