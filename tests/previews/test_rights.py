"""The deployer's account may do every step of the workflows, and nothing in other namespaces.

The steps come from the objects that are rendered; that no command of a workflow or script is forgotten is shown by
naming the step that each one belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from elysium.api import Workspace
from elysium.evaluate import Account, ObjectIndex, Right, access_of
from elysium.evaluate.roles import role_rules
from elysium.evaluate.verdicts import Verdict
from elysium.previews import lacking_rights, steps
from tests.previews.platforms import NAMESPACE, bodies, edit, index_of, judged, platform, preview, rendered

DEPLOYER = Account(kind="ServiceAccount", name="preview-deployer", namespace="preview-system")
COMMANDS = {
    "kubectl apply": ("make the namespace", "let the account in", "apply the policies", "make the pull secret"),
    "kubectl create secret": (),  # only prints: --dry-run=client
    "kubectl auth can-i": (),  # every account may ask about itself
    "kubectl rollout status": ("wait for the rollout",),
    "kubectl annotate namespace": ("make the namespace",),
    "kubectl get pods,jobs,persistentvolumeclaims": ("explain a failure",),
    "kubectl get events": ("explain a failure",),
    "kubectl logs": ("explain a failure",),
    "kubectl get namespace": ("delete the namespace",),
    "kubectl get namespaces": ("list the previews",),
    "kubectl delete namespace": ("delete the namespace",),
    "helm upgrade": ("install and upgrade the chart", "wait for the hooks"),
    "helm uninstall": ("uninstall the chart",),
}
"""What the workflows and the script run as the account, and the steps that it comes down to."""

OUTSIDE = ("kube-system", "default", "preview-system", "pr-124", "")
LIMITED_BY_POLICY = {"namespaces", "rolebindings", "clusterroles"}


def commands(root: Path) -> Iterator[str]:
    """The `kubectl` and `helm` commands of the workflows and of the script that they run, with their first words."""
    files = [*(root / ".github/workflows").glob("preview-*.yml"), root / "devops/scripts/apply-preview-policies.sh"]
    for file in files:
        text = "\n".join(
            line for line in file.read_text(encoding="utf-8").splitlines() if not line.strip().startswith("#")
        )
        for match in re.finditer(r"\b(kubectl|helm) ((?:[a-z,-]+ ?)+)", text):
            words = match[2].split()
            known = [name for name in COMMANDS if f"{match[1]} {match[2]}".startswith(f"{name} ")]
            yield max(known, key=len) if known else f"{match[1]} {' '.join(words[:2])}"


def wanted(root: Path) -> tuple[ObjectIndex, Any]:
    render = rendered(root)
    index = index_of(render)
    _, policies, application = (unit.objects for unit in render.units)
    return index, steps(index, DEPLOYER, NAMESPACE, policies, application)


def test_every_command_of_the_workflows_belongs_to_a_step(repository: Path) -> None:
    root = platform(repository, workflows=True)
    _, known = wanted(root)
    assert set(commands(root)) == set(COMMANDS)
    assert {name for names in COMMANDS.values() for name in names} == {step.name for step in known}


def test_the_account_may_do_every_step(repository: Path) -> None:
    index, known = wanted(platform(repository))
    assert list(lacking_rights(access_of(index), DEPLOYER, known)) == []
    for step in known:
        verdicts = {str(right): access_of(index).may(DEPLOYER, right).verdict for right in step.rights}
        assert verdicts
        assert set(verdicts.values()) == {Verdict.ALLOWED}, step.name


def test_every_object_of_the_chart_is_among_the_rights(repository: Path) -> None:
    _, known = wanted(platform(repository))
    install = next(step for step in known if step.name == "install and upgrade the chart")
    created = {right.resource for right in install.rights if right.verb == "create"}
    assert created == {"secrets", "configmaps", "services", "deployments", "statefulsets", "ingresses", "jobs"}


def test_the_account_may_do_nothing_in_other_namespaces(repository: Path) -> None:
    """Every right that any of its roles names, asked where it is not bound."""
    index = index_of(rendered(platform(repository)))
    roles = index.of_kind("rbac.authorization.k8s.io", "ClusterRole")
    asked = 0
    for rule in (rule for role in roles for rule in role_rules(index.body(role))):
        for resource in set(rule.resources) - LIMITED_BY_POLICY:
            for group in rule.groups:
                for verb in ("get", "list", "watch", "create", "update", "patch", "delete"):
                    for namespace in OUTSIDE:
                        right = Right(verb=verb, group=group, resource=resource, namespace=namespace)
                        assert access_of(index).may(DEPLOYER, right).verdict is Verdict.DENIED, right
                        asked += 1
    assert asked > 500


@pytest.mark.parametrize("verb", ["escalate", "bind", "update", "delete"])
@pytest.mark.parametrize("resource", ["clusterroles", "roles"])
def test_the_account_cannot_write_roles(verb: str, resource: str, repository: Path) -> None:
    access = access_of(index_of(rendered(platform(repository))))
    right = Right(
        verb=verb, group="rbac.authorization.k8s.io", resource=resource, namespace=NAMESPACE, name="cluster-admin"
    )
    assert access.may(DEPLOYER, right).verdict is Verdict.DENIED


@pytest.mark.parametrize("resource", ["pods/exec", "serviceaccounts/token", "roles", "nodes", "persistentvolumes"])
def test_the_account_has_no_right_that_no_step_needs(resource: str, repository: Path) -> None:
    access = access_of(index_of(rendered(platform(repository))))
    for group in ("", "rbac.authorization.k8s.io"):
        right = Right(verb="create", group=group, resource=resource, namespace=NAMESPACE)
        assert access.may(DEPLOYER, right).verdict is Verdict.DENIED


def namespace(name: str, **labels: str) -> dict[str, Any]:
    known = {"app.kubernetes.io/managed-by": "preview-platform", "pod-security.kubernetes.io/enforce": "restricted"}
    metadata = {"name": name, "labels": {key: value for key, value in (known | labels).items() if value}}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def binding(
    place: str, role: str = "preview-namespace", kind: str = "ClusterRole", who: str = "preview-deployer"
) -> dict[str, Any]:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "preview-deployer", "namespace": place},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": who, "namespace": "preview-system"}],
    }


REQUESTS = {
    "a-preview": (namespace("pr-7"), ""),
    "another-namespace": (namespace("kube-system"), "namespaces of previews only"),
    "a-name-like-a-preview": (namespace("pr-7x"), "namespaces of previews only"),
    "no-label": (
        namespace("pr-7", **{"app.kubernetes.io/managed-by": ""}),
        "says that the preview platform manages it",
    ),
    "less-security": (
        namespace("pr-7", **{"pod-security.kubernetes.io/enforce": "privileged"}),
        "restricted Pod Security",
    ),
    "let-in": (binding("pr-7"), ""),
    "let-in-elsewhere": (binding("kube-system"), "in namespaces of previews only"),
    "another-role": (binding("pr-7", role="cluster-admin"), "the role preview-namespace only"),
    "a-role-of-its-own": (binding("pr-7", kind="Role"), "the role preview-namespace only"),
    "somebody-else": (binding("pr-7", who="default"), "lets nobody else in"),
}


@pytest.mark.parametrize(("item", "refused"), REQUESTS.values(), ids=list(REQUESTS))
def test_admission_holds_what_rbac_cannot_limit(item: dict[str, Any], refused: str, repository: Path) -> None:
    """The policies decide as in the API server; who asks is the deployer, so that condition is taken as met."""
    root = platform(repository)
    known = bodies(rendered(root, only="account"))
    policies = []
    for name, policy in known.items():
        if name.startswith("ValidatingAdmissionPolicy/"):
            conditions = policy["spec"].pop("matchConditions")
            user = "system:serviceaccount:preview-system:preview-deployer"
            assert [condition["expression"] for condition in conditions] == [f'request.userInfo.username == "{user}"']
            bound = known[name.replace("Policy/", "PolicyBinding/")]
            policies.append({"policy": policy, "bindings": [bound]})
    request = {"object": item, "namespace": item["metadata"].get("namespace", "")}
    with Workspace(root) as workspace:
        question = {"kubernetes": "1.37", "policies": policies, "requests": [request], "namespaces": {}, "params": {}}
        answer = workspace.pool.call("policy.admit", {**question, "definitions": [], "flux": "2.9"})
    assert [problem for found in answer["problems"] for problem in found] == []
    said = [decision["message"] for decision in answer["decisions"] if decision["actions"] == ["Deny"]]
    assert bool(said) == bool(refused)
    assert any(refused in message for message in said) or not refused


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("resources: [resourcequotas, limitranges]", "resources: [limitranges]", "apply the policies"),
        ("verbs: [bind]", "verbs: [get]", "let the account in"),
        ("resources: [configmaps, secrets, services]", "resources: [configmaps, services]", "make the pull secret"),
        (
            "verbs: [get, list, watch, create, patch, delete]",
            "verbs: [get, list, watch, create]",
            "delete the namespace",
        ),
        ("resources: [pods, pods/log, events, persistentvolumeclaims]", "resources: [pods]", "explain a failure"),
    ],
)
def test_a_step_that_the_account_may_not_do_is_named(old: str, new: str, step: str, repository: Path) -> None:
    root = platform(repository)
    edit(root, "k8s/rbac/pr-admin.yaml", old, new)
    code, out, _ = preview(root, "fit 123")
    assert code == 1
    assert f"ServiceAccount/preview-system/preview-deployer may not {step}: " in out
    assert step in {lacking.step for lacking in judged(root).lacking}


@pytest.mark.parametrize(
    ("item", "allowed"),
    [
        (namespace("pr-7"), True),
        (namespace("kube-system"), False),
        (namespace("production"), False),
        (namespace("pr-7", **{"app.kubernetes.io/managed-by": "somebody"}), False),
    ],
    ids=["preview", "system", "production", "not-ours"],
)
def test_only_our_namespaces_can_be_deleted(item: dict[str, Any], allowed: bool, repository: Path) -> None:
    """On DELETE there is no object but the old one: the expressions are asked about that."""
    root = platform(repository)
    spec = bodies(rendered(root, only="account"))["ValidatingAdmissionPolicy/preview-namespaces"]["spec"]
    rules = spec["matchConstraints"]["resourceRules"]
    assert rules == [
        {
            "apiGroups": [""],
            "apiVersions": ["*"],
            "operations": ["CREATE", "UPDATE", "DELETE"],
            "resources": ["namespaces"],
        }
    ]
    known = {"variables": {"subject": item, "labels": item["metadata"]["labels"]}, "oldObject": item}
    with Workspace(root) as workspace:
        answers = [
            workspace.pool.call(
                "cel.evaluate",
                {"expression": validation["expression"].removeprefix("oldObject == null || "), "variables": known},
            )
            for validation in spec["validations"]
        ]
    assert all(answer["value"] for answer in answers) is allowed
