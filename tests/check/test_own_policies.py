"""Own rules of a repository, from `elysium.toml` to findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.check import registry
from elysium.errors import SettingsError, UsageError
from elysium.model import Finding
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: {namespace}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      containers: [{{name: web, image: "nginx:latest"}}]{end}
"""
POLICY = """\
[[policy]]
id = "no-latest"
kinds = ["apps/Deployment", "Pod"]
namespaces = ["apps-*"]
expression = "object.spec.template.spec.containers.all(c, !c.image.endsWith(':latest'))"
message = "an image has the tag latest"
hint = "name a version"
"""


def check(root: Path, settings: str, *, namespace: str = "apps-a", end: str = "", rules: str = "") -> list[Finding]:
    files = {
        f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
        "apps/web.yaml": DEPLOYMENT.format(namespace=namespace, end=end),
        "apps/config.yaml": config_map("web", "apps-a", "{image: 'x:latest'}"),
    }
    write_repository(root, {**files, "elysium.toml": settings})
    with Workspace(root, options=Options(workers=1)) as workspace:
        report = workspace.check(rules=(rules,) if rules else ())
    return [finding for finding in report.findings if rules or finding.rule not in registry.identifiers()]


def test_a_violation_is_found_at_the_field_that_the_expression_names(repository: Path) -> None:
    [finding] = check(repository, POLICY)
    assert str(finding) == "apps/web.yaml:11: Deployment/apps-a/web: an image has the tag latest [no-latest]"
    assert (finding.severity, finding.hint) == ("error", "name a version")


def test_other_namespaces_and_kinds_are_not_concerned(repository: Path) -> None:
    assert check(repository, POLICY, namespace="other") == []


def test_an_own_rule_can_be_selected_alone(repository: Path) -> None:
    assert [finding.rule for finding in check(repository, POLICY, rules="no-latest")] == ["no-latest"]
    assert check(repository, POLICY, rules="schema") == []
    with pytest.raises(UsageError) as caught:
        check(repository, POLICY, rules="no-lates")
    assert caught.value.hint == "did you mean no-latest?"


def test_severity_off_and_acceptance_work_as_for_built_in_rules(repository: Path) -> None:
    assert check(repository, POLICY + '[rules]\nno-latest = "off"\n') == []
    [finding] = check(repository, POLICY + '[rules]\nno-latest = "info"\n')
    assert finding.severity == "info"
    assert check(repository, POLICY + '[[ignore]]\nrule = "no-latest"\nreason = "a demo"\n') == []
    assert check(repository, POLICY, end="  # elysium: ignore no-latest (a demo)") == []


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("object.metadata.labels.owner == 'a'", "the policy cannot be evaluated: no such key: owner"),
        ("false", "failed expression: false"),
        ("unit.kind == 'HelmRelease'", "failed expression: unit.kind == 'HelmRelease'"),
        ("!file.startsWith('apps/')", "failed expression"),
    ],
)
def test_messages(repository: Path, expression: str, message: str) -> None:
    [finding] = check(repository, f'[[policy]]\nid = "own"\nkinds = ["Deployment"]\nexpression = "{expression}"\n')
    assert message in finding.message


def test_a_message_may_be_an_expression(repository: Path) -> None:
    settings = '[[policy]]\nid = "own"\nkinds = ["ConfigMap"]\nexpression = "!has(object.data.image)"\n'
    [finding] = check(repository, settings + "messageExpression = \"'it names ' + object.data.image\"\n")
    assert finding.message == "ConfigMap/apps-a/web: it names x:latest"


def test_a_namespace_that_is_not_rendered_is_unknown(repository: Path) -> None:
    expression = "namespaceObject.metadata.labels.tier == 'a'"
    assert check(repository, f'[[policy]]\nid = "own"\nkinds = ["Deployment"]\nexpression = "{expression}"\n') == []


@pytest.mark.parametrize(
    ("settings", "line", "message", "hint"),
    [
        (POLICY.replace("c.image", "d.image"), 1, "undeclared reference to 'd'", "variables are object"),
        (POLICY.replace("object.spec", "objekt.spec"), 1, "undeclared reference to 'objekt'", "quantity"),
        (POLICY.replace('))"', ')"'), 1, "Syntax error", "functions are those of CEL"),
        ("\n[rules]\n\n" + POLICY.replace('"no-latest"', '"schema"'), 3, "the id of a built-in rule", "another id"),
        ('[[policy]]\nid = "own"\nexpression = "1 + 1"\n', 1, "must evaluate to bool but evaluates to int", "CEL"),
        (
            POLICY.replace('message = "an image has the tag latest"', 'messageExpression = "5"'),
            1,
            "messageExpression: must evaluate to string",
            "CEL",
        ),
    ],
)
def test_a_policy_that_cannot_be_meant_stops_the_check(
    repository: Path, settings: str, line: int, message: str, hint: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        check(repository, settings)
    assert caught.value.subject == f"elysium.toml:{line}"
    assert message in caught.value.message
    assert hint in caught.value.hint
