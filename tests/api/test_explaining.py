"""What made each field: file, patch, substitution, transformer, Flux, template, value."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Workspace
from elysium.errors import UsageError
from elysium.model import Explanation, FieldOrigin
from tests.repositories import config_map, helm_release, kustomization, write_repository


@pytest.fixture
def explained(repository: Path) -> Path:
    """A base with an overlay, variables, a release with values from three places."""
    substitute = """\
        targetNamespace: web
        commonMetadata: {labels: {team: blue}}
        postBuild:
          substitute: {DOMAIN: example.org}
          substituteFrom: [{kind: ConfigMap, name: vars}]
        """
    return write_repository(
        repository,
        {
            "clusters/test/apps.yaml": kustomization("apps", "./overlay", substitute),
            "clusters/test/vars.yaml": config_map("vars", "flux-system", "{ZONE: Rome}"),
            "base/kustomization.yaml": "resources: [map.yaml, release.yaml, values.yaml]\n",
            "base/map.yaml": """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings}
                data:
                  host: "www.${DOMAIN}"
                  zone: ${ZONE}
                  plain: text
                  patched: no
                """,
            "base/values.yaml": config_map("more", "web", "{values.yaml: 'tag: two'}"),
            "base/release.yaml": helm_release(
                "app", "web", "./charts/app", "valuesFrom: [{kind: ConfigMap, name: more}]\nvalues: {color: red}\n"
            ),
            "overlay/kustomization.yaml": """
                resources: [../base]
                commonAnnotations: {made: here}
                patches:
                  - path: patch.yaml
                  - target: {kind: ConfigMap, name: settings}
                    patch: |
                      - op: add
                        path: /data/added
                        value: later
                """,
            "overlay/patch.yaml": """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings}
                data:
                  patched: "yes"
                """,
            "charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
            "charts/app/values.yaml": "color: none\ntag: one\nsize: 3\n",
            "charts/app/templates/map.yaml": """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: out}
                data: {all: "{{ .Values.color }}-{{ .Values.tag }}", size: {{ .Values.size | quote }}, fixed: always}
                """,
        },
    )


def _explain(root: Path, subject: str) -> Explanation:
    with Workspace(root) as workspace:
        return workspace.explain(subject)


def _field(origins: tuple[FieldOrigin, ...], path: str) -> FieldOrigin:
    return next(origin for origin in origins if origin.path == path)


def test_each_field_of_a_built_object_names_what_made_it(explained: Path) -> None:
    found = _explain(explained, "ConfigMap/web/settings")
    assert [str(unit) for unit in found.chain] == ["ks/flux-system/flux-system", "ks/flux-system/apps"]
    assert (found.file, found.line) == ("base/map.yaml", 1)

    def shown(path: str) -> tuple[str, str, int]:
        origin = _field(found.fields, path)
        return origin.source.value, origin.file, origin.line

    assert shown("data.plain") == ("file", "base/map.yaml", 7)
    assert shown("data.host") == ("substitution", "base/map.yaml", 5)
    assert shown("data.patched") == ("patch", "overlay/patch.yaml", 5)
    assert shown("data.added")[:2] == ("patch", "overlay/kustomization.yaml")
    assert shown("metadata.annotations.made")[:2] == ("transformer", "overlay/kustomization.yaml")
    assert shown("metadata.labels.team")[0] == "flux"
    assert shown("metadata.namespace")[0] == "flux"
    assert "postBuild.substitute of ks/flux-system/apps" in _field(found.fields, "data.host").detail
    assert "ConfigMap/flux-system/vars" in _field(found.fields, "data.zone").detail


def test_each_value_of_a_release_names_where_it_was_set(explained: Path) -> None:
    values = _explain(explained, "hr/web/app").values
    assert (_field(values, "color").value, _field(values, "color").file) == ("red", "base/release.yaml")
    assert _field(values, "tag").source.value == "valuesFrom"
    assert _field(values, "tag").detail == "ConfigMap/web/more key values.yaml"
    assert _field(values, "size").source.value == "chart"
    assert _field(values, "size").value == "3"


def test_fields_of_a_template_name_the_values_that_decide_them(explained: Path) -> None:
    found = _explain(explained, "ConfigMap/web/out")
    assert found.template == "templates/map.yaml"
    assert sorted(_field(found.fields, "data.all").detail.removeprefix("values: ").split(", ")) == ["color", "tag"]
    assert _field(found.fields, "data.size").detail == "values: size"
    assert _field(found.fields, "data.fixed").source.value == "template"


def test_what_does_not_exist_or_is_not_unique_is_refused(explained: Path) -> None:
    with pytest.raises(UsageError, match="no rendered object"):
        _explain(explained, "ConfigMap/web/nothing")
    write_repository(explained, {"base/other.yaml": config_map("settings", "other", "{}")})
    write_repository(explained, {"clusters/test/other.yaml": config_map("settings", "other", "{a: b}")})
    with pytest.raises(UsageError, match="several objects"):
        _explain(explained, "ConfigMap/settings")


def test_a_secret_is_explained_without_its_values(explained: Path) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: web}\nstringData: {word: correct-horse}\n"
    write_repository(explained, {"clusters/test/secret.yaml": secret})
    found = _explain(explained, "Secret/web/s")
    assert _field(found.fields, "data.word").value == "(secret)"
    assert "correct-horse" not in repr(found)
