"""Schemas of custom kinds: folders that the settings name, and the catalogue of operators."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elysium.api import Workspace
from elysium.engine import EnginePool
from elysium.errors import SettingsError
from elysium.model import Problem, group_of
from elysium.render.judges import KUBERNETES_GROUPS
from tests.render.test_custom import CRD
from tests.repositories import helm_release, kustomization, write_repository

_SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "spec": {
                "type": "object",
                "additionalProperties": False,
                "required": ["size"],
                "properties": {"size": {"type": "integer"}},
            }
        },
    }
)
_SETTINGS = 'schemas = ["schemas"]\n'
_THING = "apiVersion: example.org/v1\nkind: Thing\nmetadata: {{name: t, namespace: n}}\nspec: {}\n"


def _problems(root: Path, spec: str, files: dict[str, str]) -> list[Problem]:
    things = {
        "clusters/test/things.yaml": kustomization("things", "./things"),
        "things/thing.yaml": _THING.format(spec),
    }
    write_repository(root, {**things, **files})
    with Workspace(root) as workspace:
        units = workspace.render().units
    return [problem for unit in units for item in unit.objects for problem in item.problems]


def _codes(root: Path, spec: str, files: dict[str, str]) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in _problems(root, spec, files)]


@pytest.mark.parametrize(
    "name",
    [
        "schemas/example.org/thing_v1.json",
        "schemas/thing-example.org-v1.json",
        "schemas/thing-example-v1.json",
        "schemas/Example.org/Thing_v1.json",
    ],
)
def test_a_json_schema_is_found_by_its_name(repository: Path, name: str) -> None:
    files = {"elysium.toml": _SETTINGS, name: _SCHEMA}
    assert _codes(repository, "{size: 3}", files) == []
    assert _codes(repository, "{size: big}", files) == [("type", "spec.size")]
    assert _codes(repository, "{size: 3, sise: 3}", files) == [("unknown-field", "spec.sise")]


def test_a_json_schema_of_another_version_is_none(repository: Path) -> None:
    files = {"elysium.toml": _SETTINGS, "schemas/example.org/thing_v2.json": _SCHEMA}
    assert _codes(repository, "{size: big}", files) == [("no-schema", "apiVersion")]


def test_a_definition_in_a_folder_counts_with_its_rules(repository: Path) -> None:
    files = {"elysium.toml": _SETTINGS, "schemas/things.yaml": CRD, "schemas/notes.yaml": "about: nothing\n"}
    assert _codes(repository, "{size: 3, low: 1}", files) == []
    assert _codes(repository, "{size: 3, low: 7}", files) == [("cel", "spec")]


def test_the_definition_of_the_cluster_comes_first(repository: Path) -> None:
    files = {
        "elysium.toml": _SETTINGS,
        "schemas/example.org/thing_v1.json": _SCHEMA,
        "clusters/test/crds.yaml": kustomization("crds", "./crds"),
        "crds/thing.yaml": CRD,
    }
    assert _codes(repository, "{size: 3, low: 1}", files) == []


def test_a_json_schema_may_have_many_lines(repository: Path) -> None:
    text = json.dumps(json.loads(_SCHEMA), indent=2) + "\n"
    files = {"elysium.toml": _SETTINGS, "schemas/example.org/thing_v1.json": text}
    assert _codes(repository, "{size: big}", files) == [("type", "spec.size")]


def test_a_changed_schema_judges_anew(repository: Path) -> None:
    files = {"elysium.toml": _SETTINGS, "schemas/example.org/thing_v1.json": _SCHEMA}
    assert _codes(repository, "{size: 3}", files) == []
    files["schemas/example.org/thing_v1.json"] = _SCHEMA.replace("integer", "string")
    assert _codes(repository, "{size: 3}", files) == [("type", "spec.size")]


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("schemas/example.org/thing_v1.json", "{", "not JSON"),
        ("schemas/example.org/thing_v1.json", "[]", "is an object"),
        ("schemas/example.org/thing_v1.json", '{"maximum": NaN}', "not JSON"),
        ("schemas/example.org/thing_v1.json", '{"not":' * 100_000 + "{}" + "}" * 100_000, "not JSON"),
        ("schemas/example.org/thing_v1.json", '{"type": "thing"}', "no valid JSON Schema"),
        ("schemas/example.org/thing_v1.json", '{"$ref": "https://example.org/other.json"}', "stand alone"),
        ("schemas/things.yaml", CRD.replace("scope: Namespaced", "scope: Somewhere"), "spec.scope"),
        ("schemas/things.yaml", CRD.replace("size: {type: integer, maximum: 9}", "size: {maximum: 9}"), "type"),
        ("schemas/things.yaml", CRD.replace("kind: Thing,", ""), "spec.names.kind"),
        ("schemas/things.yaml", "kind: CustomResourceDefinition\n a: [", "mapping values"),
    ],
)
def test_a_malformed_file_is_named(repository: Path, file: str, text: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason) as error:
        _problems(repository, "{size: 3}", {"elysium.toml": _SETTINGS, file: text})
    assert error.value.subject in (file, f"{file}:2")
    assert "schemas" in error.value.hint


@pytest.mark.parametrize("folder", ["absent", "../elsewhere", "things/thing.yaml"])
def test_a_folder_that_is_not_there(repository: Path, folder: str) -> None:
    with pytest.raises(SettingsError, match=f"no directory .*{folder.strip('./')}"):
        _problems(repository, "{size: 3}", {"elysium.toml": f'schemas = ["{folder}"]\n'})


def test_the_catalogue_names_the_operator_and_its_version(repository: Path) -> None:
    issuer = "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {name: a}\nspec: {selfsigned: {}}\n"
    (found,) = _problems(repository, "{}", {"things/thing.yaml": issuer})
    assert (found.code, found.path) == ("unknown-field", "spec.selfsigned")
    assert found.by.startswith("cert-manager v")


def test_an_object_of_a_release_gets_its_namespace_where_the_catalogue_knows_the_scope(repository: Path) -> None:
    monitor = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: a}\n"
    issuer = "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {name: a}\nspec: {selfSigned: {}}\n"
    files = {
        "clusters/test/apps.yaml": kustomization("apps", "./apps"),
        "apps/release.yaml": helm_release("app", "web", "./charts/app"),
        "charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
        "charts/app/templates/monitor.yaml": monitor + "spec: {endpoints: [], selector: {}}\n",
        "charts/app/templates/issuer.yaml": issuer,
    }
    write_repository(repository, files)
    with Workspace(repository) as workspace:
        units = workspace.render().units
    objects = {item.kind: item for unit in units for item in unit.objects if unit.chart}
    assert objects["ServiceMonitor"].namespace == "web"
    assert objects["ClusterIssuer"].namespace == ""
    assert not any(item.problems for item in objects.values())


def test_every_group_of_kubernetes_is_known_as_such() -> None:
    with EnginePool(workers=1) as pool:
        minors = pool.versions().kubernetes
        kinds = [kind for minor in minors for kind in pool.call("kubernetes.describe", {"kubernetes": minor})["kinds"]]
    assert {group for kind in kinds if "." in (group := group_of(kind["api_version"]))} <= KUBERNETES_GROUPS
