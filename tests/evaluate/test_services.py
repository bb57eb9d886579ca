"""Services, their ports and their pods; hosts; monitors."""

from __future__ import annotations

import pytest

from elysium.evaluate.monitors import monitors, targets
from elysium.evaluate.routing import covers, routes
from elysium.evaluate.services import selected, service
from tests.evaluate.objects import index_of

OBJECTS = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: apps, labels: {app: web}}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}, {name: metrics, port: 9090}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: apps}
spec: {template: {metadata: {labels: {app: web, tier: front}}, spec: {containers: [{name: web}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: other}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: monitoring}
spec: {selector: {matchLabels: {app: web}}, namespaceSelector: {matchNames: [apps]}, endpoints: [{port: metrics}]}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: apps}
spec:
  entryPoints: [websecure]
  routes:
    - match: Host(`a.example.com`, `b.example.com`)
    - match: Host(`c.example.com`) && PathPrefix(`/api`)
"""


def test_ports_by_name_and_number() -> None:
    found = service(index_of(OBJECTS), "apps", "web")
    assert found is not None
    by_name, by_number = found.port("http"), found.port("9090")
    assert by_name is not None
    assert by_number is not None
    assert (by_name.number, by_name.target) == (80, "http")
    assert by_number.target == 9090
    assert found.port("8080") is None


def test_a_service_leads_to_pods_of_its_namespace() -> None:
    index = index_of(OBJECTS)
    found = service(index, "apps", "web")
    assert found is not None
    assert [str(workload.item) for workload in selected(index, found)] == ["Deployment/apps/web"]


def test_a_monitor_selects_by_the_labels_of_the_service() -> None:
    index = index_of(OBJECTS)
    (monitor,) = monitors(index)
    (target,) = targets(index, monitor)
    assert (str(target.item), target.ports) == ("Service/apps/web", frozenset({"http", "metrics"}))


def test_routes_by_host_alone() -> None:
    assert [route.host for route in routes(index_of(OBJECTS))] == ["a.example.com", "b.example.com"]


@pytest.mark.parametrize(
    ("pattern", "host", "covered"),
    [
        ("a.example.com", "A.example.com", True),
        ("*.example.com", "a.example.com", True),
        ("*.example.com", "a.b.example.com", False),
        ("*.example.com", "example.com", False),
        ("*.com", "com", False),
    ],
)
def test_a_wildcard_stands_for_one_label(pattern: str, host: str, covered: bool) -> None:
    assert covers(pattern, host) is covered
