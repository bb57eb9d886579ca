"""What an API server answers, and what Elysium says of the same objects without one.

The answers were given by a kube-apiserver of Kubernetes 1.34 and 1.36 to these objects or ones like them. Each class
that can be decided without a cluster is decided the same way: what is refused is an error, and what the server accepts
although it cannot work as meant is found by a rule. Immutable fields need the objects of the revision before: they are
no part of a check of one revision.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import msgspec
import pytest

from elysium.api import Workspace
from elysium.model import Finding, Severity
from tests.repositories import CLUSTER, kustomization, write_repository

_NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: demo\n%s"
_POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: demo}\nspec:\n  containers:\n%s"
_CONTAINER = "  - name: c\n    image: example.org/app:1.0.0\n"
_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: %s, namespace: demo}\nspec:\n"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """Objects, what the server answers, and where and how we say it. `accepted` is a version that the server takes."""

    answer: str
    objects: str
    rule: str
    says: str
    accepted: str = ""
    severity: Severity = Severity.ERROR
    labels: str = ""


def _pod(more: str) -> str:
    return _POD % (_CONTAINER + textwrap.indent(more, "    "))


def _ports(first: str, second: str) -> str:
    return _pod(f"ports:\n- {first}\n- {second}\n")


def _service(name: str, port: int, more: str = "") -> str:
    head = _SERVICE % name + "  type: NodePort\n  selector: {app: a}\n"
    return head + f"  ports: [{{port: 80, nodePort: {port}}}]\n{more}"


def _limited(memory: str) -> str:
    limits = "apiVersion: v1\nkind: LimitRange\nmetadata: {name: l, namespace: demo}\n"
    limits += "spec: {limits: [{type: Container, max: {memory: 1Gi}}]}\n---\n"
    return limits + _pod(f"resources: {{requests: {{memory: {memory}}}, limits: {{memory: {memory}}}}}\n")


def _counted(pods: int) -> str:
    quota = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q, namespace: demo}\n"
    quota += f"spec: {{hard: {{pods: {pods}}}}}\n---\n"
    return quota + _pod("") + "---\n" + _pod("").replace("name: a", "name: b")


def _image_policy(more: str) -> str:
    return (
        "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: {name: a, namespace: demo}\n"
        f"spec: {{imageRepositoryRef: {{name: a}}, policy: {{numerical: {{}}}}, interval: 10m{more}}}\n"
    )


def _admission(name: str) -> str:
    return f"""\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {{name: named}}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - {{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}}
  validations:
    - {{expression: "object.metadata.name != 'forbidden'", message: this name is taken}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {{name: named}}
spec: {{policyName: named, validationActions: [Deny]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: demo}}
"""


def _budget(version: str) -> str:
    head = f"apiVersion: policy/{version}\nkind: PodDisruptionBudget\nmetadata: {{name: a, namespace: demo}}\n"
    return head + "spec: {maxUnavailable: 1, selector: {matchLabels: {app: a}}}\n"


def _deployment(more: str) -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: a, namespace: demo}}
spec:
  selector: {{matchLabels: {{app: a}}}}
  template:
    metadata: {{labels: {{app: a}}}}
    spec:
      containers:
        - {{name: c, image: "example.org/app:1.0.0"}}
{more}"""


_CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: %s}\ndata: {a: %s}\n"
_ENFORCED = "  labels: {pod-security.kubernetes.io/enforce: restricted}\n"

REFUSED = {
    "namespace missing": Case(
        answer='namespaces "nope" not found',
        objects=_CONFIG % ("nope", "b"),
        accepted=_CONFIG % ("demo", "b"),
        rule="missing-namespace",
        says="namespace nope",
    ),
    "unknown field": Case(
        answer='.spec.containers[name="c"].foo: field not declared in schema',
        objects=_pod("foo: bar\n"),
        accepted=_pod("tty: true\n"),
        rule="schema",
        says="unknown field foo",
    ),
    "wrong type": Case(
        answer=".spec.replicas: expected numeric (int or float), got string",
        objects=_deployment("  replicas: two\n"),
        accepted=_deployment("  replicas: 2\n"),
        rule="schema",
        says="spec.replicas",
    ),
    "required field": Case(
        answer="spec.template.spec.containers: Required value",
        objects=_POD.replace("  containers:\n%s", "  restartPolicy: Always\n"),
        accepted=_pod(""),
        rule="schema",
        says="spec.containers",
    ),
    "value of an enumeration": Case(
        answer='spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes"',
        objects=_pod("imagePullPolicy: Sometimes\n"),
        accepted=_pod("imagePullPolicy: Always\n"),
        rule="schema",
        says="imagePullPolicy",
    ),
    "duplicate entries of a keyed list": Case(
        answer='.spec.containers[name="c"].env: duplicate entries for key [name="A"]',
        objects=_pod("env:\n- {name: A, value: a}\n- {name: A, value: b}\n"),
        accepted=_pod("env:\n- {name: A, value: a}\n- {name: B, value: b}\n"),
        rule="schema",
        says="spec.containers[0].env[1]",
    ),
    "duplicate entries by a default": Case(
        answer='.ports: duplicate entries for key [containerPort=80,protocol="TCP"]',
        objects=_ports("{containerPort: 80}", "{containerPort: 80, protocol: TCP}"),
        accepted=_ports("{containerPort: 80}", "{containerPort: 80, protocol: UDP}"),
        rule="schema",
        says="spec.containers[0].ports[1]",
    ),
    "same NodePort twice": Case(
        answer="spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated",
        objects=_service("a", 30080) + "---\n" + _service("b", 30080),
        accepted=_service("a", 30080) + "---\n" + _service("b", 30081),
        rule="duplicate-node-port",
        says="30080",
    ),
    "maximum of a LimitRange": Case(
        answer="maximum memory usage per Container is 1Gi, but limit is 2Gi",
        objects=_limited("2Gi"),
        accepted=_limited("1Gi"),
        rule="limit-range-violated",
        says="2Gi",
    ),
    "quota exceeded": Case(
        answer="exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1",
        objects=_counted(1),
        accepted=_counted(2),
        rule="quota-exceeded",
        says="pods",
    ),
    "Pod Security": Case(
        answer='pods "a" is forbidden: violates PodSecurity "restricted:latest"',
        objects=_pod(""),
        labels=_ENFORCED,
        rule="pod-security-violation",
        says="restricted",
    ),
    "CEL rule of a CRD": Case(
        answer="spec.interval is only accepted when spec.digestReflectionPolicy is set to 'Always'",
        objects=_image_policy(""),
        accepted=_image_policy(", digestReflectionPolicy: Always"),
        rule="schema",
        says="spec.interval is only accepted when spec.digestReflectionPolicy is set to 'Always'",
    ),
    "ValidatingAdmissionPolicy": Case(
        answer="ValidatingAdmissionPolicy 'named' with binding 'named' denied request: this name is taken",
        objects=_admission("forbidden"),
        accepted=_admission("allowed"),
        rule="admission-policy",
        says="this name is taken",
    ),
    "removed API version": Case(
        answer='no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"',
        objects=_budget("v1beta1"),
        accepted=_budget("v1"),
        rule="removed-api",
        says="policy/v1beta1",
    ),
}

_CRON = """\
apiVersion: batch/v1
kind: CronJob
metadata: {{name: a, namespace: demo}}
spec:
  schedule: "{}"
  jobTemplate:
    spec: {{template: {{spec: {{restartPolicy: Never, containers: [{{name: c, image: "example.org/app:1.0.0"}}]}}}}}}
"""

ACCEPTED = {
    "cron expression": Case(
        answer="created",
        objects=_CRON.format("0 */24 * * *"),
        accepted=_CRON.format("0 0 * * *"),
        rule="cron-meaning",
        says="*/24",
        severity=Severity.INFO,
    ),
    "reference to a missing ConfigMap": Case(
        answer="created",
        objects=_pod("envFrom: [{configMapRef: {name: settings}}]\n"),
        accepted=_pod("envFrom: [{configMapRef: {name: settings, optional: true}}]\n"),
        rule="missing-config-map",
        says="settings",
    ),
    "reference to a missing claim": Case(
        answer="created",
        objects=_pod("") + "  volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]\n",
        rule="missing-claim",
        says="data",
    ),
    "reference to a missing ServiceAccount": Case(
        answer="created, with the admission plugin off",
        objects=_pod("") + "  serviceAccountName: robot\n",
        rule="missing-service-account",
        says="robot",
    ),
}


def _findings(root: Path, case: Case, objects: str) -> list[Finding]:
    files = {
        f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
        "apps/namespace.yaml": _NAMESPACE % case.labels,
        "apps/objects.yaml": objects,
    }
    write_repository(root, files)
    with Workspace(root) as workspace:
        return [item for item in workspace.check(rules=(case.rule,)).findings if item.rule == case.rule]


@pytest.mark.parametrize("name", [*REFUSED, *ACCEPTED])
def test_what_the_server_refuses_or_cannot_know_is_found(name: str, repository: Path) -> None:
    case = {**REFUSED, **ACCEPTED}[name]
    findings = _findings(repository, case, case.objects)
    assert findings, f"the server says: {case.answer}"
    assert any(case.says in finding.message for finding in findings), [finding.message for finding in findings]
    assert {finding.severity for finding in findings} == {case.severity}
    assert all(finding.file == "apps/objects.yaml" and finding.line for finding in findings)


@pytest.mark.parametrize("name", [name for name, case in {**REFUSED, **ACCEPTED}.items() if case.accepted])
def test_what_the_server_accepts_has_no_finding(name: str, repository: Path) -> None:
    case = {**REFUSED, **ACCEPTED}[name]
    assert _findings(repository, case, case.accepted) == []


def test_a_workload_of_a_restricted_namespace_is_only_warned_of(repository: Path) -> None:
    """The server takes the Deployment with a warning; it is its pods that are refused."""
    case = REFUSED["Pod Security"]
    findings = _findings(repository, case, _deployment(""))
    assert findings
    assert all("restricted" in finding.message for finding in findings)
