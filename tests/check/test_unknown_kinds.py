"""A kind that nobody knows is unknown, and the report says what would make it known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elysium.api import Report, Workspace
from elysium.cli.main import main
from elysium.model import Severity
from tests.repositories import CLUSTER, helm_release, kustomization, write_repository

_THING = "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: %s, namespace: web}\n"
_PART = "apiVersion: example.org/v1\nkind: Part\nmetadata: {name: wheel, namespace: web}\n"
_CERTIFICATE = "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: a, namespace: web}\nspec: %s\n"


@pytest.fixture
def things(repository: Path) -> Path:
    files = {
        f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
        "apps/things.yaml": "---\n".join(_THING % name for name in ("one", "two")),
        "apps/part.yaml": _PART,
    }
    return write_repository(repository, files)


def _check(root: Path) -> Report:
    with Workspace(root) as workspace:
        return workspace.check(rules=("schema", "removed-api"))


def test_each_kind_is_listed_once_with_an_example(things: Path) -> None:
    report = _check(things)
    thing, part = report.unknown_kinds
    assert (str(thing), thing.objects, str(thing.example)) == ("example.org/v1 Thing", 2, "Thing/web/one")
    assert (thing.file, thing.line, thing.unit) == ("apps/things.yaml", 1, "ks/flux-system/apps")
    assert "commit the CRD" in thing.remedy
    assert "chart" not in thing.remedy
    assert (part.kind, part.objects) == ("Part", 1)
    assert report.summary.unknown_kinds == 2
    assert report.findings == ()


def test_a_chart_that_is_not_known_may_bring_the_definition(things: Path) -> None:
    release = helm_release("operator", "web", "operator").replace("GitRepository", "HelmRepository")
    source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\n"
    source += "metadata: {name: flux-system, namespace: flux-system}\nspec: {url: https://charts.example.org}\n"
    write_repository(things, {"apps/operator.yaml": release, "apps/source.yaml": source})
    assert all("map the chart that brings it" in kind.remedy for kind in _check(things).unknown_kinds)


def test_only_fail_on_unknown_fails(things: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(things), "--rules", "schema"]) == 0
    assert main(["check", str(things), "--rules", "schema", "--fail-on", "warning"]) == 0
    assert main(["check", str(things), "--rules", "schema", "--fail-on", "unknown"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "✗ 2 kinds without a schema"
    at = lines.index("unknown offline")
    assert lines[at + 1].startswith("  ? example.org/v1 Thing (2 objects), example.org/v1 Part (1 object): no schema")
    assert "→ commit the CRD" in lines[at + 2]


def test_the_json_document_lists_them(things: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(things), "--rules", "schema", "-o", "json"])
    document = json.loads(capsys.readouterr().out)
    first = document["unknown_kinds"][0]
    assert (first["api_version"], first["kind"], first["objects"]) == ("example.org/v1", "Thing", 2)
    assert first["example"]["name"] == "one"


def test_a_stream_of_objects_says_it_too(things: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(things / "apps/things.yaml"), "--rules", "schema", "--fail-on", "unknown"]) == 1
    assert "1 kind without a schema" in capsys.readouterr().out


def test_committing_the_definition_makes_the_kind_known(things: Path) -> None:
    definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: things.example.org}
        spec:
          group: example.org
          names: {kind: Thing, plural: things, singular: thing, listKind: ThingList}
          scope: Namespaced
          versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
        """
    write_repository(things, {"apps/definition.yaml": definition})
    assert [kind.kind for kind in _check(things).unknown_kinds] == ["Part"]


@pytest.mark.parametrize(
    ("spec", "severity"),
    [
        ("{secretName: 3, issuerRef: {name: a}}", Severity.ERROR),
        ("{issuerRef: {name: a}}", Severity.ERROR),
        ("{secretName: a, issuerRef: {name: a}, secret: b}", Severity.WARNING),
        ("{secretName: a, issuerRef: {name: a}, privateKey: {algorithm: DSA}}", Severity.WARNING),
    ],
)
def test_what_the_catalogue_says_is_as_sure_as_its_version(repository: Path, spec: str, severity: Severity) -> None:
    files = {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"), "apps/a.yaml": _CERTIFICATE % spec}
    (finding,) = _check(write_repository(repository, files)).findings
    assert finding.severity is severity
    assert "says cert-manager v" in finding.message
    assert "another version" in finding.hint
