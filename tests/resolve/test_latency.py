"""How long a push takes: what makes it longer, what shortens it, and what nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Workspace
from elysium.resolve import Arrival, arrivals
from tests.check.applications import BOOTSTRAP
from tests.repositories import CLUSTER, config_map, helm_release, kustomization, write_repository

RECEIVER = """
    apiVersion: notification.toolkit.fluxcd.io/v1
    kind: Receiver
    metadata: {name: push, namespace: flux-system}
    spec: {type: github, secretRef: {name: token}, resources: [{kind: GitRepository, name: "*"}]}
"""
AFTER = "dependsOn: [{{name: {}}}]\n"


def arrived(root: Path, interval: str = "10m", **files: str) -> dict[str, Arrival]:
    """The arrivals of a cluster whose root has these Kustomizations and other objects."""
    written = {f"{CLUSTER}/{name}.yaml": text for name, text in files.items()}
    bootstrap = BOOTSTRAP.replace("interval: 1h, url", f"interval: {interval}, url")
    write_repository(root, {f"{CLUSTER}/flux-system/gotk-sync.yaml": bootstrap, **written})
    write_repository(root, {"apps/a.yaml": config_map("a", "b", "{c: d}")})
    with Workspace(root) as workspace:
        return {item.unit: item for item in arrivals(workspace.render())}


def test_a_push_is_seen_after_the_interval_and_each_dependency_costs_half_a_minute(repository: Path) -> None:
    found = arrived(
        repository,
        first=kustomization("first", "./apps", "wait: true\ntimeout: 3m\n"),
        second=kustomization("second", "./apps", AFTER.format("first")),
        third=kustomization("third", "./apps", AFTER.format("second")),
    )
    seconds = {unit.rpartition("/")[2]: item.seconds for unit, item in found.items()}
    assert seconds == {"flux-system": 600, "first": 600, "second": 630, "third": 660}
    third = found["ks/flux-system/third"]
    assert sum(step.seconds for step in third.steps) == 660
    assert [(step.what, step.seconds) for step in third.ready] == [("ks/flux-system/first becomes ready", 180)]


def test_a_receiver_announces_it_at_once(repository: Path) -> None:
    found = arrived(repository, apps=kustomization("apps", "./apps"), receiver=RECEIVER)
    assert {item.seconds for item in found.values()} == {0}


def test_a_release_comes_with_what_makes_it_and_after_what_it_depends_on(repository: Path) -> None:
    charts = {
        "charts/a/Chart.yaml": "{apiVersion: v2, name: a, version: 1.0.0}\n",
        "charts/a/templates/a.yaml": config_map("x", "home", "{a: b}"),
        "apps/one.yaml": helm_release("one", "home", "./charts/a"),
        "apps/two.yaml": helm_release("two", "home", "./charts/a", AFTER.format("one")),
    }
    write_repository(repository, charts)
    found = arrived(repository, "1m", apps=kustomization("apps", "./apps"))
    assert (found["hr/home/one"].seconds, found["hr/home/two"].seconds) == (60, 90)
    assert found["hr/home/two"].ready[0].seconds == 300


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (AFTER.format("nobody"), "nobody is not in this repository"),
        (AFTER.format("apps"), "it waits for itself"),
        ("sourceRef: {kind: Bucket, name: else}\n", "nothing here says how often Bucket/flux-system/else is fetched"),
    ],
)
def test_what_nothing_says_is_unknown(extra: str, reason: str, repository: Path) -> None:
    text = kustomization("apps", "./apps", extra)
    if "sourceRef" in extra:
        text = text.replace("  sourceRef: {kind: GitRepository, name: flux-system}\n", "")
    item = arrived(repository, apps=text)["ks/flux-system/apps"]
    assert item.seconds is None
    assert reason in item.reason


@pytest.mark.parametrize("interval", ["[]", "soon", "3"])
def test_an_interval_that_is_none_is_unknown(interval: str, repository: Path) -> None:
    found = arrived(repository, interval, apps=kustomization("apps", "./apps"))
    assert {item.seconds for item in found.values()} == {None}
