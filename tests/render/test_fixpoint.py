"""The render loop: whoever makes something, in whatever order, the end is the same."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.model import Render, Unit, UnitState
from tests.repositories import config_map, helm_release, kustomization, write_repository

_CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "color: none\n",
    "charts/web/templates/map.yaml": """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: {{ .Release.Name }}-out}
        data: {color: {{ .Values.color | quote }}}
        """,
}


def _render(root: Path, **options: object) -> Render:
    with Workspace(root, options=Options(**options)) as workspace:  # type: ignore[arg-type]
        return workspace.render()


def _unit(render: Render, name: str) -> Unit:
    return next(unit for unit in render.units if str(unit.id) == name)


def _color(render: Render, release: str) -> str:
    unit = _unit(render, release)
    return str(unit.objects[0].body()["data"]["color"])


def test_children_come_from_the_rendered_parent(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/test/kustomization.yaml": """
                resources: [apps.yaml]
                patches:
                  - target: {kind: Kustomization}
                    patch: |
                      - {op: replace, path: /spec/path, value: ./real}
                """,
            "clusters/test/apps.yaml": kustomization("apps", "./nowhere"),
            "real/map.yaml": config_map("found", "default", "{a: b}"),
        },
    )
    assert [str(item) for item in _unit(_render(repository), "ks/flux-system/apps").objects] == [
        "ConfigMap/default/found"
    ]


@pytest.mark.parametrize("names", list(itertools.permutations(["a", "b", "c"])))
def test_the_order_of_names_does_not_matter(repository: Path, names: tuple[str, str, str]) -> None:
    """Variables for one unit come from a second, whose variables come from a third."""
    first, second, third = names
    substitute = "postBuild: {{substituteFrom: [{{kind: ConfigMap, name: {0}}}]}}"
    write_repository(
        repository,
        {
            "clusters/test/first.yaml": kustomization(first, "./first"),
            "clusters/test/second.yaml": kustomization(second, "./second", substitute.format("from-first")),
            "clusters/test/third.yaml": kustomization(third, "./third", substitute.format("from-second")),
            "first/map.yaml": config_map("from-first", "flux-system", "{COLOR: red}"),
            "second/map.yaml": config_map("from-second", "flux-system", "{SHADE: 'dark${COLOR}'}"),
            "third/map.yaml": config_map("end", "default", "{shade: '${SHADE}'}"),
        },
    )
    render = _render(repository)
    assert _unit(render, f"ks/flux-system/{third}").objects[0].body()["data"] == {"shade": "darkred"}


def test_values_from_any_unit_reach_a_release(repository: Path) -> None:
    write_repository(
        repository,
        {
            **_CHART,
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "clusters/test/zz.yaml": kustomization("zz", "./values"),
            "apps/release.yaml": helm_release("web", "web", "./charts/web", "valuesFrom: [{kind: ConfigMap, name: v}]"),
            "values/map.yaml": config_map("v", "web", "{values.yaml: 'color: blue'}"),
        },
    )
    assert _color(_render(repository), "hr/web/web") == "blue"


def test_an_optional_reference_is_given_up_at_rest_and_used_when_it_appears(repository: Path) -> None:
    optional = "valuesFrom: [{kind: ConfigMap, name: v, optional: true}]"
    write_repository(
        repository,
        {
            **_CHART,
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/release.yaml": helm_release("web", "web", "./charts/web", optional),
        },
    )
    assert _color(_render(repository), "hr/web/web") == "none"
    write_repository(repository, {"apps/map.yaml": config_map("v", "web", "{values.yaml: 'color: green'}")})
    assert _color(_render(repository), "hr/web/web") == "green"


def test_a_release_may_make_what_another_one_needs(repository: Path) -> None:
    write_repository(
        repository,
        {
            **_CHART,
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/a.yaml": helm_release(
                "a",
                "web",
                "./charts/web",
                "valuesFrom: [{kind: ConfigMap, name: z-out, valuesKey: color, targetPath: color}]",
            ),
            "apps/z.yaml": helm_release("z", "web", "./charts/web", "values: {color: gold}"),
        },
    )
    assert _color(_render(repository), "hr/web/a") == "gold"


def test_capabilities_come_from_the_custom_kinds_of_the_repository(repository: Path) -> None:
    kind = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: things.example.org}
        spec:
          group: example.org
          names: {kind: Thing, plural: things}
          scope: Namespaced
          versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
        """
    write_repository(
        repository,
        {
            "charts/late/Chart.yaml": "apiVersion: v2\nname: late\nversion: 1.0.0\n",
            "charts/late/crds/thing.yaml": kind,
            "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
            "charts/web/templates/map.yaml": """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: {{ .Release.Name }}}
                data: {color: {{ .Capabilities.APIVersions.Has "example.org/v1/Thing" | quote }}}
                """,
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/a.yaml": helm_release("a", "web", "./charts/web"),
            "apps/z.yaml": helm_release("z", "web", "./charts/late"),
        },
    )
    assert _color(_render(repository), "hr/web/a") == "true"


def test_a_missing_reference_is_failed_and_names_the_reference(repository: Path) -> None:
    substitute = "postBuild: {substituteFrom: [{kind: ConfigMap, name: nowhere}]}"
    write_repository(repository, {"clusters/test/apps.yaml": kustomization("apps", "./apps", substitute)})
    unit = _unit(_render(repository), "ks/flux-system/apps")
    assert unit.state is UnitState.FAILED
    assert unit.failure is not None
    assert str(unit.failure.reference) == "ConfigMap/flux-system/nowhere"


def test_what_a_failed_unit_would_have_made_is_unknown_with_its_cause(repository: Path) -> None:
    substitute = "postBuild: {substituteFrom: [{kind: ConfigMap, name: vars}]}"
    write_repository(
        repository,
        {
            "clusters/test/base.yaml": kustomization("base", "./base"),
            "clusters/test/apps.yaml": kustomization("apps", "./apps", substitute),
            "base/kustomization.yaml": "resources: [vars.yaml, gone.yaml]\n",
            "base/vars.yaml": config_map("vars", "flux-system", "{A: b}"),
            "apps/map.yaml": config_map("m", "default", "{a: '${A}'}"),
        },
    )
    render = _render(repository)
    unit = _unit(render, "ks/flux-system/apps")
    assert _unit(render, "ks/flux-system/base").state is UnitState.FAILED
    assert unit.state is UnitState.UNKNOWN
    assert unit.failure is not None
    assert str(unit.failure.cause) == "ks/flux-system/base"


def test_a_suspended_unit_is_told_apart(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/test/apps.yaml": kustomization("apps", "./apps", "suspend: true"),
            "apps/map.yaml": config_map("m", "default", "{a: b}"),
        },
    )
    assert _unit(_render(repository), "ks/flux-system/apps").state is UnitState.SUSPENDED


def test_an_unchanged_unit_is_recalled_and_a_changed_one_is_not(repository: Path) -> None:
    files = {f"clusters/test/{name}.yaml": kustomization(name, f"./{name}") for name in ("one", "two")}
    files |= {f"{name}/map.yaml": config_map(name, "default", "{a: b}") for name in ("one", "two")}
    write_repository(repository, files)
    _render(repository)
    write_repository(repository, {"two/map.yaml": config_map("two", "default", "{a: c}")})
    with Workspace(repository) as workspace:
        render = workspace.render()
        assert _unit(render, "ks/flux-system/two").objects[0].body()["data"] == {"a": "c"}
        assert _unit(render, "ks/flux-system/one").objects[0].body()["data"] == {"a": "b"}
        builds = workspace.pool.calls
    with Workspace(repository) as workspace:
        workspace.render()
        assert workspace.from_cache
        assert workspace.pool.calls == 0
    assert builds <= 4


def test_a_new_file_in_a_generated_kustomization_is_noticed(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/one.yaml": config_map("one", "default", "{a: b}"),
        },
    )
    assert len(_unit(_render(repository), "ks/flux-system/apps").objects) == 1
    write_repository(repository, {"apps/deep/two.yaml": config_map("two", "default", "{a: b}")})
    assert len(_unit(_render(repository), "ks/flux-system/apps").objects) == 2


def test_the_same_input_gives_the_same_render(repository: Path, tmp_path: Path) -> None:
    write_repository(
        repository,
        {
            **_CHART,
            "charts/web/templates/random.yaml": """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: random}
                data: {word: {{ randAlphaNum 12 | quote }}, at: {{ now | date "2006" | quote }}}
                """,
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/release.yaml": helm_release("web", "web", "./charts/web"),
        },
    )
    first = _render(repository, cache_dir=tmp_path / "one")
    second = _render(repository, cache_dir=tmp_path / "two", workers=1)
    assert first == second


def test_a_changed_ignore_file_is_noticed(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/one.yaml": config_map("one", "default", "{a: b}"),
            "apps/two.yaml": config_map("two", "default", "{a: b}"),
        },
    )
    assert len(_unit(_render(repository), "ks/flux-system/apps").objects) == 2
    write_repository(repository, {".sourceignore": "apps/two.yaml\n"})
    assert len(_unit(_render(repository), "ks/flux-system/apps").objects) == 1
