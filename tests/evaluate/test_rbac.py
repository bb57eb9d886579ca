"""Who may do what, case by case."""

from __future__ import annotations

import pytest

from elysium.evaluate.rbac import Account, Right, access_of, escalations
from elysium.evaluate.rights import missing, needed
from elysium.evaluate.roles import role_rules
from elysium.evaluate.verdicts import Verdict
from tests.evaluate.objects import index_of

ALLOWED, DENIED, UNKNOWN = Verdict.ALLOWED, Verdict.DENIED, Verdict.UNKNOWN
DEPLOYER = Account(kind="ServiceAccount", name="deployer", namespace="apps")
RBAC = "rbac.authorization.k8s.io"


def role(rules: str, *, kind: str = "Role", name: str = "role", labels: str = "", rest: str = "") -> str:
    namespace = ", namespace: apps" if kind == "Role" else ""
    metadata = f"{{name: {name}{namespace}, labels: {{{labels}}}}}"
    return f"\n---\napiVersion: {RBAC}/v1\nkind: {kind}\nmetadata: {metadata}\nrules: [{rules}]\n{rest}\n"


def binding(
    role_name: str = "role",
    role_kind: str = "Role",
    *,
    kind: str = "RoleBinding",
    namespace: str = "apps",
    subject: str = "{kind: ServiceAccount, name: deployer, namespace: apps}",
) -> str:
    place = f", namespace: {namespace}" if kind == "RoleBinding" else ""
    reference = f"{{apiGroup: {RBAC}, kind: {role_kind}, name: {role_name}}}"
    head = f"apiVersion: {RBAC}/v1\nkind: {kind}\nmetadata: {{name: {role_name}-{kind.lower()}{place}}}"
    return f"\n---\n{head}\nroleRef: {reference}\nsubjects: [{subject}]\n"


def may(text: str, verb: str, resource: str, group: str = "", namespace: str = "apps", name: str = "") -> Verdict:
    right = Right(verb=verb, group=group, resource=resource, namespace=namespace, name=name)
    return access_of(index_of(text)).may(DEPLOYER, right).verdict


GET_PODS = "{apiGroups: [''], resources: [pods], verbs: [get]}"


@pytest.mark.parametrize(
    ("rules", "verb", "resource", "group", "expected"),
    [
        (GET_PODS, "get", "pods", "", ALLOWED),
        (GET_PODS, "list", "pods", "", DENIED),
        (GET_PODS, "get", "pods/log", "", DENIED),
        (GET_PODS, "get", "pods", "metrics.k8s.io", DENIED),
        ("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}", "delete", "pods/exec", "", ALLOWED),
        ("{apiGroups: [apps], resources: ['*/scale'], verbs: [patch]}", "patch", "deployments/scale", "apps", ALLOWED),
        ("{apiGroups: [apps], resources: ['*/scale'], verbs: [patch]}", "patch", "deployments", "apps", DENIED),
        ("{apiGroups: [''], resources: ['pods/*'], verbs: [get]}", "get", "pods/log", "", DENIED),
        ("", "get", "pods", "", DENIED),
        ("7, x", "get", "pods", "", DENIED),
    ],
)
def test_rules(rules: str, verb: str, resource: str, group: str, expected: Verdict) -> None:
    assert may(role(rules) + binding(), verb, resource, group) is expected


def test_names_restrict_a_rule() -> None:
    text = role("{apiGroups: [''], resources: [secrets], resourceNames: [a], verbs: [get]}") + binding()
    assert may(text, "get", "secrets", name="a") is ALLOWED
    assert may(text, "get", "secrets", name="b") is DENIED
    assert may(text, "get", "secrets") is DENIED


def test_a_cluster_role_counts_where_it_is_bound() -> None:
    cluster_role = role(GET_PODS, kind="ClusterRole")
    in_namespace = cluster_role + binding(role_kind="ClusterRole")
    everywhere = cluster_role + binding(role_kind="ClusterRole", kind="ClusterRoleBinding")
    assert may(in_namespace, "get", "pods") is ALLOWED
    assert may(in_namespace, "get", "pods", namespace="other") is DENIED
    assert may(everywhere, "get", "pods", namespace="other") is ALLOWED
    assert may(everywhere, "get", "pods", namespace="") is ALLOWED


@pytest.mark.parametrize(
    "subject",
    [
        "{kind: Group, name: 'system:serviceaccounts'}",
        "{kind: Group, name: 'system:serviceaccounts:apps'}",
        "{kind: Group, name: 'system:authenticated'}",
        "{kind: User, name: 'system:serviceaccount:apps:deployer'}",
        "{kind: ServiceAccount, name: deployer}",
    ],
)
def test_names_of_a_service_account(subject: str) -> None:
    assert may(role(GET_PODS) + binding(subject=subject), "get", "pods") is ALLOWED


@pytest.mark.parametrize(
    "subject", ["{kind: ServiceAccount, name: deployer, namespace: other}", "{kind: User, name: deployer}", "7"]
)
def test_names_of_others(subject: str) -> None:
    assert may(role(GET_PODS) + binding(subject=subject), "get", "pods") is DENIED


def test_an_aggregated_role_has_the_rules_of_those_that_it_selects() -> None:
    rest = "aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: 'true'}}]}"
    text = role("", kind="ClusterRole", name="whole", rest=rest) + binding("whole", "ClusterRole")
    assert may(text + role(GET_PODS, kind="ClusterRole", name="p", labels="part: 'true'"), "get", "pods") is ALLOWED
    assert may(text + role(GET_PODS, kind="ClusterRole", name="p"), "get", "pods") is DENIED


@pytest.mark.parametrize(
    ("name", "verb", "resource", "group", "expected"),
    [
        ("cluster-admin", "delete", "namespaces", "", ALLOWED),
        ("admin", "create", "rolebindings", RBAC, ALLOWED),
        ("edit", "create", "rolebindings", RBAC, DENIED),
        ("edit", "patch", "deployments", "apps", ALLOWED),
        ("edit", "create", "networkpolicies", "networking.k8s.io", ALLOWED),
        ("edit", "create", "resourcequotas", "", DENIED),
        ("edit", "create", "certificates", "cert-manager.io", UNKNOWN),
        ("view", "get", "secrets", "", DENIED),
        ("view", "list", "configmaps", "", ALLOWED),
        ("view", "create", "configmaps", "", DENIED),
        ("system:node", "get", "secrets", "", UNKNOWN),
        ("made-elsewhere", "get", "secrets", "", UNKNOWN),
    ],
)
def test_roles_that_are_not_in_git(name: str, verb: str, resource: str, group: str, expected: Verdict) -> None:
    assert may(binding(name, "ClusterRole"), verb, resource, group) is expected


def test_a_role_may_be_added_to_a_built_in_one() -> None:
    rule = "{apiGroups: [cert-manager.io], resources: [certificates], verbs: [create]}"
    added = role(rule, kind="ClusterRole", name="x", labels=f"'{RBAC}/aggregate-to-edit': 'true'")
    for name in ("edit", "admin"):
        assert may(binding(name, "ClusterRole") + added, "create", "certificates", "cert-manager.io") is ALLOWED
    assert may(binding("view", "ClusterRole") + added, "create", "certificates", "cert-manager.io") is UNKNOWN


def test_paths_that_are_no_resources() -> None:
    rules = role("{nonResourceURLs: ['/metrics', '/logs/*'], verbs: [get]}", kind="ClusterRole")
    access = access_of(index_of(rules + binding(role_kind="ClusterRole", kind="ClusterRoleBinding")))
    assert access.may_request(DEPLOYER, "get", "/metrics").verdict is ALLOWED
    assert access.may_request(DEPLOYER, "get", "/logs/a").verdict is ALLOWED
    assert access.may_request(DEPLOYER, "get", "/version").verdict is DENIED
    assert access.may_request(DEPLOYER, "post", "/metrics").verdict is DENIED


def test_a_decision_names_the_binding() -> None:
    access = access_of(index_of(role(GET_PODS) + binding()))
    allowed = access.may(DEPLOYER, Right(verb="get", group="", resource="pods", namespace="apps"))
    denied = access.may(DEPLOYER, Right(verb="list", group="", resource="pods", namespace="apps"))
    assert allowed.reason == "RoleBinding/apps/role-rolebinding binds Role role"
    assert denied.reason == "nothing allows ServiceAccount/apps/deployer to list pods in apps"


def test_rights_that_lead_to_others() -> None:
    rules = role_rules({"rules": [{"apiGroups": [""], "resources": ["users", "groups"], "verbs": ["impersonate"]}]})
    assert [right for right, _ in escalations(rules)] == ["impersonate users", "impersonate groups"]
    assert not list(escalations(role_rules({"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]})))


OBJECTS = """
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: apps}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota, namespace: apps}
---
apiVersion: example.org/v1
kind: Unheard
metadata: {name: x, namespace: apps}
"""


def test_what_applying_needs() -> None:
    index = index_of(OBJECTS)
    rights = [str(right) for right in needed(index, index.units[0].objects)]
    assert rights == [
        f"{verb} {resource} in apps"
        for resource in ("deployments.apps", "resourcequotas")
        for verb in ("get", "create", "patch")
    ]


def test_what_an_account_lacks() -> None:
    objects = index_of(OBJECTS).units[0].objects
    lacks = missing(index_of(binding("edit", "ClusterRole")), DEPLOYER, objects)
    assert [str(lack.right) for lack in lacks] == ["create resourcequotas in apps", "patch resourcequotas in apps"]
    assert missing(index_of(binding("cluster-admin", "ClusterRole")), DEPLOYER, objects) == []
    assert len(missing(index_of(""), DEPLOYER, objects)) == 6


def test_nobody_grants_what_they_do_not_have() -> None:
    grants = role("{apiGroups: [''], resources: [nodes], verbs: [get]}", name="grants")
    objects = index_of(grants).units[0].objects
    admin = binding("admin", "ClusterRole")
    (lack,) = missing(index_of(admin), DEPLOYER, objects)
    assert str(lack.right) == f"escalate roles.{RBAC} grants in apps"
    escalate = f"{{apiGroups: [{RBAC}], resources: [roles], verbs: [escalate]}}"
    assert missing(index_of(admin + role(escalate) + binding()), DEPLOYER, objects) == []
    bound = index_of(binding("cluster-admin", "ClusterRole", subject="{kind: User, name: x}")).units[0].objects
    (lack,) = missing(index_of(admin), DEPLOYER, bound)
    assert str(lack.right) == f"bind clusterroles.{RBAC} cluster-admin in apps"
