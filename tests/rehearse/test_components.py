"""Every component alone and all of them together: a real API server takes all that they write, and it comes up.

Definitions that come from charts which are not here are those of the stand-in charts of `tests/scaffold/charts`, else
those of the catalogue. The way back shows what stays when a component is given up.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from elysium.cluster.protocol import Action
from elysium.model import ObjectId, Render
from elysium.rehearse.rehearsing import Outcome
from elysium.rehearse.types import Phase
from tests.rehearse.component_harness import Stage, opened_stage, rendered, row_with, troubles, written
from tests.repositories import helm_release, write_repository
from tests.scaffold import applications
from tests.scaffold.choices import PRESENT, instances, library

pytestmark = pytest.mark.timeout(300)
FILES_ONLY = (
    "chart", "image", "runbook", "function", "coder-template", "workflow", "cluster", "chart/presets/preview",
    "chart/presets/umbrella", "infra/environments", "infra/kind", "infra/make", "infra/naming", "infra/risk-register",
    "infra/sealed-secrets", "workflow/ci", "workflow/gitlab", "workflow/coder", "workflow/flux-update",
    "workflow/functions", "workflow/validate",
)  # fmt: skip
"""Components that bring nothing to the cluster beside what `elysium init` brings: charts, images, pipelines, pages."""

APPLIED = tuple(name for name, item in instances().items() if item.component not in FILES_ONLY)
REST = tuple(name for name, item in instances().items() if item.component in FILES_ONLY)
CHARTS = tuple(name for name, item in instances().items() if item.component == "chart")
CHART_NAMES = [instances()[name].name for name in CHARTS]
VALUES = {"small": "examples/minimal.yaml", "all-on": "tests/all-on.yaml", "all-off": "tests/all-off.yaml"}
CREATED_BY = (Action.CREATED, Action.CONFIGURED)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory, warm_cache: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ELYSIUM_CACHE", str(warm_cache))
        yield warm_cache


@pytest.fixture(autouse=True)
def _shared(cache: Path, _own_surroundings: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELYSIUM_CACHE", str(cache))


@pytest.fixture(scope="module")
def stage(cache: Path) -> Iterator[Stage]:
    with opened_stage(cache) as opened:
        yield opened


@pytest.fixture(scope="module")
def fresh(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Render:
    """What `elysium init` writes."""
    return rendered(written(row_with(), tmp_path_factory.mktemp("fresh") / "repository"))


def brought(base: Render, head: Render) -> set[ObjectId]:
    """The objects that only the head has."""
    return objects(head) - objects(base)


def objects(render: Render) -> set[ObjectId]:
    return {item.id for unit in render.units for item in unit.objects}


def accepted(outcome: Outcome) -> set[ObjectId]:
    return {item.object for item in outcome.verdicts if item.phase is Phase.HEAD and item.action in CREATED_BY}


def forgotten(outcome: Outcome) -> list[str]:
    """What the way back leaves although nobody says that it is to stay."""
    return [str(item) for item in outcome.leftovers if not item.reason]


@pytest.mark.parametrize("name", APPLIED)
def test_a_component_is_accepted_comes_up_and_goes(name: str, stage: Stage, fresh: Render, tmp_path: Path) -> None:
    root = written(row_with(name), tmp_path / "component")
    head = rendered(root)
    outcome = stage.played(root, fresh, head)
    hooks = {item.id for unit in head.units for item in unit.objects if item.hook is not None}
    new = brought(fresh, head) - hooks
    assert new, "it belongs to FILES_ONLY"
    assert troubles(outcome) == []
    assert new - accepted(outcome) == set()
    assert forgotten(outcome) == []


@pytest.mark.parametrize("name", REST)
def test_the_others_bring_nothing_to_the_cluster(name: str, fresh: Render, tmp_path: Path) -> None:
    needs = {other for other, there in row_with(name).items() if there == PRESENT and " " not in other} - {name}
    alone = not needs & set(APPLIED)
    without = fresh if alone else rendered(written(row_with(*sorted(needs)), tmp_path / "without"))
    assert brought(without, rendered(written(row_with(name), tmp_path / "component"))) == set()


@pytest.fixture(scope="module")
def released(stage: Stage, fresh: Render, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The charts that `elysium new chart` writes reach a cluster by releases: here with three sets of values each."""
    row = row_with(*CHARTS, "infra/kube-prometheus-stack:kube-prometheus-stack")
    root = written(row, tmp_path_factory.mktemp("charts") / "component")
    for chart in CHART_NAMES:
        for label, path in VALUES.items():
            values = (root / "charts" / chart / path).read_text(encoding="utf-8")
            # Both would ask for the same port of the node, and the second be refused.
            values = values.replace("nodePort: 30080", f"nodePort: {30080 + CHART_NAMES.index(chart)}")
            release(root, f"{chart}-{label}", f"./charts/{chart}", values)
    return stage.played(root, fresh, rendered(root))


@pytest.mark.parametrize("chart", CHART_NAMES)
def test_a_chart_is_accepted_with_its_own_values(chart: str, released: Outcome) -> None:
    assert [text for text in troubles(released) if f"/{chart}-" in text] == []
    assert any(item.namespace == f"{chart}-all-on" and item.kind != "HelmRelease" for item in accepted(released))


def test_nothing_of_the_charts_is_in_the_way_of_another(released: Outcome) -> None:
    assert troubles(released) == []
    assert forgotten(released) == []


def release(root: Path, name: str, chart: str, values: str) -> None:
    """A release of a chart of the repository in a namespace of its own."""
    indented = "values:\n" + "".join(f"  {line}\n" for line in values.splitlines())
    namespace = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n---\n"
    text = namespace + helm_release(name, name, chart, indented)
    write_repository(root, {f"clusters/demo/{name}.yaml": text})


def test_everything_together(stage: Stage, fresh: Render, tmp_path: Path) -> None:
    root = written(row_with(*instances()), tmp_path / "everything")
    head = rendered(root)
    outcome = stage.played(root, fresh, head)
    assert troubles(outcome) == []
    assert len(accepted(outcome)) > 400
    assert forgotten(outcome) == []


def test_every_component_is_rehearsed_or_brings_nothing() -> None:
    assert {item.component for item in instances().values()} == set(library())
    assert set(APPLIED) | set(REST) == set(instances())


def test_the_media_stack_is_accepted(stage: Stage, tmp_path: Path) -> None:
    base = rendered(applications.cluster())
    root = applications.copied(tmp_path)
    applications.write(root, "arkham --preset media")
    outcome = stage.played(root, base, rendered(root))
    assert troubles(outcome) == []
    services = {"plex", "radarr", "sonarr", "bazarr", "prowlarr", "qbittorrent"}
    up = {
        item.object.name: (item.wanted, item.ready) for item in outcome.workloads if item.object.namespace == "arkham"
    }
    assert {name for name, (wanted, ready) in up.items() if wanted == ready == 1} >= services
    assert {"Ingress", "PersistentVolumeClaim"} <= {item.kind for item in accepted(outcome)}


def test_flux_by_its_operator_is_accepted(stage: Stage, tmp_path: Path) -> None:
    """Its definition is there before the FluxInstance: the script that bootstraps installs the operator first."""
    root = written(row_with(answer=("cluster:demo flux", '"instance"')), tmp_path / "component")
    head = rendered(root)
    outcome = stage.played(root, head, head)
    assert "FluxInstance" in {item.kind for item in objects(head)}
    assert troubles(outcome) == []


def test_the_claims_of_postgresql_survive_its_removal(stage: Stage, tmp_path: Path) -> None:
    """The way back to a base that has only the namespace: what is declared to be kept is still there."""
    root = applications.copied(tmp_path)
    applications.write(root, "postgresql --preset postgresql")
    head = rendered(root)
    listed = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [namespace.yaml]\n"
    write_repository(root, {"apps/base/postgresql/kustomization.yaml": listed})
    overlay = root / "apps/demo/kustomization.yaml"
    overlay.write_text(overlay.read_text(encoding="utf-8").partition("patches:")[0], encoding="utf-8")
    outcome = stage.played(root, rendered(root), head)
    assert troubles(outcome) == []
    stay = {item.object.name: item.reason for item in outcome.leftovers if item.object.kind == "PersistentVolumeClaim"}
    assert "prune: disabled keeps it" in stay["postgresql-wal"]
    assert {"data-postgresql-primary-0", "data-postgresql-read-0"} <= stay.keys()
    assert forgotten(outcome) == []
