"""Custom resources are judged by the CRDs of the repository."""

from __future__ import annotations

from pathlib import Path

from elysium.api import Workspace
from tests.repositories import kustomization, write_repository

CRD = """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: things.example.org}
    spec:
      group: example.org
      names: {kind: Thing, plural: things, singular: thing, listKind: ThingList}
      scope: Namespaced
      versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  required: [size]
                  properties:
                    size: {type: integer, maximum: 9}
                    low: {type: integer}
                  x-kubernetes-validations:
                    - rule: "!has(self.low) || self.low <= self.size"
                      message: low is above size
    """


def _problems(root: Path, spec: str) -> set[tuple[str, str]]:
    thing = f"apiVersion: example.org/v1\nkind: Thing\nmetadata: {{name: t, namespace: n}}\nspec: {spec}\n"
    write_repository(
        root,
        {
            "clusters/test/crds.yaml": kustomization("crds", "./crds"),
            "clusters/test/things.yaml": kustomization("things", "./things"),
            "crds/thing.yaml": CRD,
            "things/thing.yaml": thing,
        },
    )
    with Workspace(root) as workspace:
        units = workspace.render().units
    return {(problem.code, problem.path) for unit in units for item in unit.objects for problem in item.problems}


def test_a_valid_object_has_no_problem(repository: Path) -> None:
    assert _problems(repository, "{size: 3, low: 1}") == set()


def test_unknown_fields_types_and_rules_are_found(repository: Path) -> None:
    assert ("unknown-field", "spec.sise") in _problems(repository, "{size: 3, sise: 3}")
    assert ("required", "spec.size") in _problems(repository, "{low: 3}")
    assert ("type", "spec.size") in _problems(repository, "{size: big}")
    assert any(code == "cel" for code, _ in _problems(repository, "{size: 3, low: 7}"))


def test_a_secret_value_is_not_judged(repository: Path) -> None:
    assert _problems(repository, "{size: opaque-0123456789ab}") == set()


def test_a_definition_that_the_api_server_refuses_is_found(repository: Path) -> None:
    definition = CRD.replace("size: {type: integer, maximum: 9}", "size: {maximum: 9}")
    files = {"clusters/test/crds.yaml": kustomization("crds", "./crds"), "crds/thing.yaml": definition}
    with Workspace(write_repository(repository, files)) as workspace:
        (finding,) = workspace.check(rules=("schema",)).findings
    assert "versions[0].schema.openAPIV3Schema" in finding.message
    assert "type" in finding.message
