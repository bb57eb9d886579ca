"""Who may talk to whom: the semantics of NetworkPolicies, one case each."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from elysium.evaluate.endpoints import DNS, OUTSIDE, Endpoint, endpoint_of
from elysium.evaluate.reach import Network, Verdict, matrix, network_of
from elysium.evaluate.workloads import workloads
from tests.evaluate.objects import index_of

ALLOWED, DENIED, UNKNOWN = Verdict.ALLOWED, Verdict.DENIED, Verdict.UNKNOWN


def pod(namespace: str, name: str, ports: str = "", spec: str = "") -> str:
    return f"""
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      {spec}
      containers:
        - name: main
          image: app:1
          ports: [{ports}]
"""


PODS = (
    pod("shop", "web", "{name: http, containerPort: 8080}")
    + pod("shop", "db", "{name: sql, containerPort: 5432}")
    + pod("front", "proxy")
    + """
---
apiVersion: v1
kind: Namespace
metadata: {name: front, labels: {role: entrance}}
"""
)


def policy(spec: str, name: str = "policy", namespace: str = "shop") -> str:
    body = textwrap.indent(textwrap.dedent(spec).strip(), "  ")
    head = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: {namespace}}}"
    return f"\n---\n{head}\nspec:\n{body}\n"


def network(*policies: str, pods: str = PODS) -> tuple[Network, dict[str, Endpoint]]:
    index = index_of(pods + "".join(policies))
    return network_of(index), {item.item.name: endpoint_of(item) for item in workloads(index)}


def verdict(source: str, target: str, port: int, *policies: str, protocol: str = "TCP", pods: str = PODS) -> Verdict:
    found, endpoints = network(*policies, pods=pods)
    ends: dict[str, Any] = {**endpoints, "dns": DNS, "outside": OUTSIDE}
    return found.reach(ends[source], ends[target], port, protocol).verdict


DENY = policy("podSelector: {}\npolicyTypes: [Ingress, Egress]", name="deny")
DENY_INGRESS = policy("podSelector: {}", name="deny-ingress")


def test_without_policies_everything_may_talk() -> None:
    assert verdict("proxy", "db", 5432) is ALLOWED


def test_a_policy_without_rules_denies_its_direction_only() -> None:
    assert verdict("web", "db", 5432, DENY_INGRESS) is DENIED
    assert verdict("db", "proxy", 80, DENY_INGRESS) is ALLOWED
    assert verdict("db", "proxy", 80, DENY) is DENIED


def test_absent_policy_types_mean_egress_only_with_egress_rules() -> None:
    egress = policy("podSelector: {}\negress: [{to: [{podSelector: {}}]}]")
    assert verdict("web", "db", 5432, egress) is DENIED  # also isolates ingress, and no ingress rule
    assert verdict("web", "proxy", 80, egress) is DENIED
    assert verdict("web", "proxy", 80, policy("podSelector: {}\ningress: []")) is ALLOWED


def test_policies_add_up() -> None:
    allow = policy(
        """
        podSelector: {matchLabels: {app: db}}
        ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
        """
    )
    assert verdict("web", "db", 5432, DENY_INGRESS, allow) is ALLOWED
    assert verdict("web", "db", 9187, DENY_INGRESS, allow) is DENIED
    assert verdict("proxy", "db", 5432, DENY_INGRESS, allow) is DENIED


def ingress(peers: str, ports: str = "") -> str:
    return policy(f"podSelector: {{}}\ningress: [{{from: [{peers}]{', ports: [' + ports + ']' if ports else ''}}}]")


@pytest.mark.parametrize(
    ("peers", "expected"),
    [
        ("{namespaceSelector: {}}", ALLOWED),
        ("{podSelector: {}}", DENIED),
        ("{namespaceSelector: {matchLabels: {role: entrance}}}", ALLOWED),
        ("{namespaceSelector: {matchLabels: {role: other}}}", DENIED),
        ("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: front}}}", ALLOWED),
        ("{namespaceSelector: {matchLabels: {role: entrance}}, podSelector: {matchLabels: {app: other}}}", DENIED),
        ("{namespaceSelector: {matchLabels: {role: entrance}}}, {podSelector: {matchLabels: {app: other}}}", ALLOWED),
        ("{ipBlock: {cidr: 10.0.0.0/8}}", UNKNOWN),
        ("", ALLOWED),
    ],
)
def test_peers(peers: str, expected: Verdict) -> None:
    assert verdict("proxy", "web", 8080, ingress(peers)) is expected


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("{port: 8080}", ALLOWED),
        ("{port: http}", ALLOWED),
        ("{port: https}", DENIED),
        ("{port: 80}", DENIED),
        ("{port: 8000, endPort: 8100}", ALLOWED),
        ("{port: 8000, endPort: 8079}", DENIED),
        ("{port: 8080, protocol: UDP}", DENIED),
        ("{protocol: TCP}", ALLOWED),
    ],
)
def test_ports(ports: str, expected: Verdict) -> None:
    assert verdict("proxy", "web", 8080, ingress("{namespaceSelector: {}}", ports)) is expected


def test_labels_of_an_undeclared_namespace_are_unknown_but_its_name_is_not() -> None:
    pods = PODS + pod("elsewhere", "job")
    by_label = ingress("{namespaceSelector: {matchLabels: {role: entrance}}}")
    by_name = ingress("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: front}}}")
    assert verdict("job", "web", 8080, by_label, pods=pods) is UNKNOWN
    assert verdict("job", "web", 8080, by_name, pods=pods) is DENIED
    named = pods + "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: elsewhere}\n"
    assert verdict("job", "web", 8080, by_label, pods=named) is DENIED
    assert verdict("job", "web", 8080, by_name, pods=named) is DENIED


def test_named_egress_ports_are_those_of_the_target() -> None:
    egress = policy("podSelector: {}\negress: [{to: [{podSelector: {}}], ports: [{port: sql}]}]\npolicyTypes: [Egress]")
    assert verdict("web", "db", 5432, egress) is ALLOWED
    assert verdict("web", "db", 8080, egress) is DENIED


@pytest.mark.parametrize(
    ("rule", "udp", "tcp"),
    [
        ("ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]", ALLOWED, ALLOWED),
        ("ports: [{port: 53, protocol: UDP}]", ALLOWED, DENIED),
        ("ports: [{port: 443}]", DENIED, DENIED),
        ("to: [{podSelector: {}}]", DENIED, DENIED),
        (
            "to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, "
            "podSelector: {matchLabels: {k8s-app: kube-dns}}}]",
            ALLOWED,
            ALLOWED,
        ),
        ("to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: coredns}}}]", UNKNOWN, UNKNOWN),
        ("to: [{namespaceSelector: {matchLabels: {name: kube-system}}}]", UNKNOWN, UNKNOWN),
        ("to: [{ipBlock: {cidr: 10.43.0.10/32}}]", UNKNOWN, UNKNOWN),
    ],
)
def test_dns(rule: str, udp: Verdict, tcp: Verdict) -> None:
    found, endpoints = network(policy(f"podSelector: {{}}\npolicyTypes: [Egress]\negress: [{{{rule}}}]"))
    assert found.dns(endpoints["web"], "UDP").verdict is udp
    assert found.dns(endpoints["web"], "TCP").verdict is tcp


def test_the_outside_is_reached_by_addresses_only() -> None:
    rule = "podSelector: {}\npolicyTypes: [Egress]\negress: [{to: [%s]}]"
    assert verdict("web", "outside", 443, policy(rule % "{ipBlock: {cidr: 0.0.0.0/0}}")) is ALLOWED
    assert verdict("web", "outside", 443, policy(rule % "{ipBlock: {cidr: 192.0.2.0/24}}")) is UNKNOWN
    assert verdict("web", "outside", 443, policy(rule % "{namespaceSelector: {}}")) is DENIED
    assert verdict("outside", "web", 8080, DENY_INGRESS) is DENIED


def test_the_host_network_is_not_decided() -> None:
    pods = PODS + pod("shop", "agent", spec="hostNetwork: true")
    assert verdict("agent", "web", 8080, ingress("{podSelector: {}}"), pods=pods) is UNKNOWN
    assert verdict("web", "agent", 9100, DENY_INGRESS, pods=pods) is UNKNOWN


def test_a_label_that_a_controller_adds_is_not_decided() -> None:
    selector = "podSelector: {matchLabels: {statefulset.kubernetes.io/pod-name: db-0}}\npolicyTypes: [Ingress]"
    assert verdict("web", "db", 5432, policy(selector)) is UNKNOWN


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [
        ("CiliumNetworkPolicy", "endpointSelector: {matchLabels: {app: db}}", UNKNOWN),
        ("CiliumNetworkPolicy", "endpointSelector: {matchLabels: {app: other}}", DENIED),
        ("CiliumNetworkPolicy", "endpointSelector: {matchLabels: {k8s:app: other}}", UNKNOWN),
    ],
)
def test_policies_of_cilium_leave_it_open(kind: str, spec: str, expected: Verdict) -> None:
    cilium = (
        f"\n---\napiVersion: cilium.io/v2\nkind: {kind}\nmetadata: {{name: c, namespace: shop}}\nspec: {{{spec}}}\n"
    )
    assert verdict("web", "db", 5432, DENY_INGRESS, cilium) is expected


def test_calico_policies_leave_everything_open_that_they_may_select() -> None:
    calico = (
        "\n---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\n"
        "metadata: {name: c}\nspec: {selector: all()}\n"
    )
    assert verdict("web", "db", 5432, DENY_INGRESS, calico) is UNKNOWN


def test_an_answer_names_who_decides() -> None:
    allow = policy("podSelector: {matchLabels: {app: web}}\ningress: [{ports: [{port: http}]}]", name="allow-web")
    found, endpoints = network(DENY_INGRESS, allow)
    rows = list(matrix(found, [endpoints["proxy"]], [(endpoints["web"], 8080, "TCP"), (endpoints["db"], 5432, "TCP")]))
    assert [row.verdict for row in rows] == [ALLOWED, DENIED]
    assert rows[0].reason == "NetworkPolicy/shop/allow-web, ingress rule 1"
    assert rows[1].reason == (
        "no ingress rule of NetworkPolicy/shop/deny-ingress allows TCP 5432 from Deployment/front/proxy"
    )


def test_a_published_default_deny_that_forgets_the_database() -> None:
    """The text of a preview environment: pods of the namespace on 80, 443, 9000 and 9001, so Postgres is denied."""
    text = policy(
        """
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
          - from: [{podSelector: {}}]
            ports: [{port: 80}, {port: 443}, {port: 9000}, {port: 9001}]
        """
    )
    assert verdict("web", "db", 5432, text) is DENIED


@pytest.mark.parametrize(
    "spec", ["podSelector: 7", "ingress: x", "ingress: [x, {from: [y], ports: [z]}]", "egress: {}"]
)
def test_odd_policies_raise_nothing(spec: str) -> None:
    verdict("web", "db", 5432, policy(spec))
