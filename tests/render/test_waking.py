"""Nobody waits in vain for what another unit makes late, makes twice, or stops to make."""

from __future__ import annotations

from pathlib import Path

from elysium.api import Options, Workspace
from elysium.model import Render, Unit, UnitState
from tests.repositories import config_map, helm_release, kustomization, write_repository

_CHART = "apiVersion: v2\nname: {0}\nversion: 1.0.0\n"
_OPTIONAL = "postBuild: {{substituteFrom: [{{kind: ConfigMap, name: {0}, optional: true}}]}}"


def _render(root: Path, **options: object) -> Render:
    with Workspace(root, options=Options(**options)) as workspace:  # type: ignore[arg-type]
        return workspace.render()


def _unit(render: Render, name: str) -> Unit:
    return next(unit for unit in render.units if str(unit.id) == name)


def test_a_chart_that_refuses_without_a_custom_kind_is_asked_again_when_the_kind_is_known(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/web.yaml": helm_release("web", "web", "./charts/web"),
            "apps/kinds.yaml": helm_release("kinds", "web", "./charts/kinds"),
            "charts/web/Chart.yaml": _CHART.format("web"),
            "charts/web/templates/map.yaml": """
                {{ if not (.Capabilities.APIVersions.Has "example.org/v1/Thing") }}{{ fail "no things" }}{{ end }}
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: web}
                """,
            "charts/kinds/Chart.yaml": _CHART.format("kinds"),
            "charts/kinds/crds/thing.yaml": """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: things.example.org}
                spec:
                  group: example.org
                  names: {kind: Thing, plural: things}
                  scope: Namespaced
                  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
                """,
        },
    )
    assert _unit(_render(repository), "hr/web/web").state is UnitState.RENDERED


def test_a_resource_set_hears_of_a_provider_that_appears_late(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/test/set.yaml": """
                apiVersion: fluxcd.controlplane.io/v1
                kind: ResourceSet
                metadata: {name: tenants, namespace: flux-system}
                spec:
                  inputsFrom:
                    - selector:
                        matchLabels: {for: tenants}
                        matchExpressions: [{key: kind, operator: NotIn, values: [spare]}]
                  resources:
                    - apiVersion: v1
                      kind: ConfigMap
                      metadata: {name: "<< inputs.tenant >>", namespace: default}
                """,
            "clusters/test/late.yaml": kustomization("late", "./late"),
            "late/one.yaml": _provider("one", "{for: tenants}"),
            "late/two.yaml": _provider("two", "{for: tenants, kind: spare}"),
        },
    )
    names = [item.name for item in _unit(_render(repository), "rs/flux-system/tenants").objects]
    assert names == ["one"]


def _provider(name: str, labels: str) -> str:
    return f"""
        apiVersion: fluxcd.controlplane.io/v1
        kind: ResourceSetInputProvider
        metadata: {{name: {name}, namespace: flux-system, labels: {labels}}}
        spec: {{type: Static, defaultValues: {{tenant: {name}}}}}
        """


def test_a_unit_that_one_parent_stops_to_make_stays_with_the_other(repository: Path) -> None:
    """`a` makes `shared` until it knows its variable, which comes late; `b` makes it all the time."""
    variables = """
        postBuild:
          substitute: {OTHER: variable}
          substituteFrom: [{kind: ConfigMap, name: names, optional: true}]
        """
    write_repository(
        repository,
        {
            "clusters/test/a.yaml": kustomization("a", "./a", variables),
            "clusters/test/b.yaml": kustomization("b", "./b"),
            "clusters/test/late.yaml": kustomization("late", "./late", _OPTIONAL.format("never")),
            "late/names.yaml": config_map("names", "flux-system", "{NAME: other}"),
            "a/child.yaml": kustomization('"${NAME:=shared}"', "./leaf"),
            "b/child.yaml": kustomization("shared", "./leaf"),
            "leaf/map.yaml": config_map("leaf", "default", "{a: b}"),
        },
    )
    render = _render(repository)
    assert _unit(render, "ks/flux-system/shared").parent == _unit(render, "ks/flux-system/b").id
    assert _unit(render, "ks/flux-system/other").parent == _unit(render, "ks/flux-system/a").id


def test_of_two_makers_the_same_one_counts_in_every_run(repository: Path) -> None:
    """`z` is done long before `a`, which waits for its variables."""
    write_repository(
        repository,
        {
            "clusters/test/a.yaml": kustomization("a", "./a", _OPTIONAL.format("never")),
            "clusters/test/z.yaml": kustomization("z", "./z"),
            "a/vars.yaml": config_map("vars", "flux-system", "{FROM: a}"),
            "z/vars.yaml": config_map("vars", "flux-system", "{FROM: z}"),
            "a/child.yaml": kustomization("child", "./a-child"),
            "z/child.yaml": kustomization("child", "./z-child"),
            "a-child/map.yaml": config_map("m", "default", "{from: a}"),
            "z-child/map.yaml": config_map("m", "default", "{from: z}"),
            "clusters/test/reader.yaml": kustomization(
                "reader", "./reader", "postBuild: {substituteFrom: [{kind: ConfigMap, name: vars}]}"
            ),
            "reader/map.yaml": config_map("read", "default", "{from: '${FROM}'}"),
        },
    )
    render = _render(repository)
    assert _unit(render, "ks/flux-system/reader").objects[0].body()["data"] == {"from": "a"}
    assert _unit(render, "ks/flux-system/child").objects[0].body()["data"] == {"from": "a"}


def test_a_variable_that_appears_late_takes_the_place_of_an_assumed_one(repository: Path) -> None:
    variables = """
        postBuild:
          substitute: {OTHER: variable}
          substituteFrom: [{kind: Secret, name: outside}, {kind: ConfigMap, name: late, optional: true}]
        """
    write_repository(
        repository,
        {
            "elysium.toml": 'external = ["Secret/flux-system/outside"]\n',
            "clusters/test/a.yaml": kustomization("a", "./a", variables),
            "clusters/test/b.yaml": kustomization("b", "./b", _OPTIONAL.format("never")),
            "a/map.yaml": config_map("m", "default", "{a: '${WORD}'}"),
            "b/late.yaml": config_map("late", "flux-system", "{WORD: real}"),
        },
    )
    unit = _unit(_render(repository), "ks/flux-system/a")
    assert unit.objects[0].body()["data"] == {"a": "real"}
    assert not [item for item in unit.assumptions if item.code == "secret-variables"]


def test_optional_variables_of_a_unit_that_makes_them_itself_arrive_as_with_the_second_reconciliation(
    repository: Path,
) -> None:
    write_repository(
        repository,
        {
            "clusters/test/a.yaml": kustomization("a", "./a", _OPTIONAL.format("own")),
            "a/own.yaml": config_map("own", "flux-system", "{WORD: found}"),
            "a/map.yaml": config_map("zz", "flux-system", "{a: '${WORD:=none}'}"),
        },
    )
    bodies = [item.body() for item in _unit(_render(repository), "ks/flux-system/a").objects]
    assert [body["data"] for body in bodies if body["metadata"]["name"] == "zz"] == [{"a": "found"}]


def test_a_release_made_by_a_chart_lands_in_the_namespace_of_the_release(repository: Path) -> None:
    write_repository(
        repository,
        {
            "clusters/test/apps.yaml": kustomization("apps", "./apps"),
            "apps/outer.yaml": helm_release("outer", "tools", "./charts/outer"),
            "apps/values.yaml": config_map("v", "tools", "{values.yaml: 'a: b'}"),
            "charts/outer/Chart.yaml": _CHART.format("outer"),
            "charts/outer/templates/inner.yaml": helm_release(
                "inner", "tools", "./charts/inner", "valuesFrom: [{kind: ConfigMap, name: v}]"
            ).replace(", namespace: tools}", "}"),
            "charts/inner/Chart.yaml": _CHART.format("inner"),
            "charts/inner/templates/map.yaml": """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: inner}
                data: {a: {{ .Values.a }}}
                """,
        },
    )
    unit = _unit(_render(repository), "hr/tools/inner")
    assert unit.state is UnitState.RENDERED, unit.failure


def test_what_is_ignored_or_disabled_is_no_unit(repository: Path) -> None:
    labels = "metadata: {{name: {0}, annotations: {{kustomize.toolkit.fluxcd.io/{1}}}, namespace: flux-system}}"
    files = {
        f"clusters/test/{name}.yaml": kustomization(name, "./leaf").replace(
            f"metadata: {{name: {name}, namespace: flux-system}}", labels.format(name, annotation)
        )
        for name, annotation in (("off", "reconcile: disabled"), ("ignored", "ssa: Ignore"), ("on", "ssa: Merge"))
    }
    write_repository(repository, {**files, "leaf/map.yaml": config_map("leaf", "default", "{a: b}")})
    assert [unit.id.name for unit in _render(repository).units] == ["flux-system", "on"]


def test_odd_specifications_are_failures_of_their_units(repository: Path) -> None:
    odd = {
        "depends": kustomization("depends", "./leaf", "dependsOn: 5"),
        "inputs": """
            apiVersion: fluxcd.controlplane.io/v1
            kind: ResourceSet
            metadata: {name: inputs, namespace: flux-system}
            spec: {inputsFrom: text}
            """,
        "selector": """
            apiVersion: fluxcd.controlplane.io/v1
            kind: ResourceSet
            metadata: {name: selector, namespace: flux-system}
            spec: {inputsFrom: [{selector: {matchLabels: [a]}}, 7]}
            """,
        "provider": """
            apiVersion: fluxcd.controlplane.io/v1
            kind: ResourceSetInputProvider
            metadata: {name: provider, namespace: flux-system}
            spec: {type: Static, defaultValues: [1]}
            """,
        "reads": """
            apiVersion: fluxcd.controlplane.io/v1
            kind: ResourceSet
            metadata: {name: reads, namespace: flux-system}
            spec: {inputsFrom: [{name: provider}]}
            """,
    }
    write_repository(repository, {f"clusters/test/{name}.yaml": text for name, text in odd.items()})
    render = _render(repository)
    for name in ("ks/flux-system/depends", "rs/flux-system/inputs", "rs/flux-system/selector", "rs/flux-system/reads"):
        assert _unit(render, name).state is UnitState.FAILED, name
