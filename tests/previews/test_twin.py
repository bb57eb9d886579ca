"""The Kustomize twin makes the same objects as the chart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.previews.platforms import ANSWERS, FULL, NAMESPACE, bodies, platform, rendered

ONLY_HELM = ("helm.sh/", "app.kubernetes.io/managed-by", "checksum/")
"""Labels and annotations by which Helm works; Kustomize has no use for them."""


def common(body: dict[str, Any]) -> dict[str, Any]:
    """An object without what only Helm needs, and without the values of Secrets, which leave as placeholders."""
    if body["kind"] == "Secret":
        body = {**body, "data": sorted(body["data"])}
    return dict(without(body))


def without(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: without(item) for key, item in value.items() if not str(key).startswith(ONLY_HELM)}
        return {key: item for key, item in kept.items() if key != "annotations" or item}
    return [without(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "answers",
    [
        FULL,
        (*ANSWERS, "database=none"),
        (*ANSWERS, "object-store=none", "setup-command=/app/setup --once"),
        (*ANSWERS, "tls=cert-manager", "external-dns=true", "health-path=/up?quick=1"),
        (*ANSWERS, "buckets=uploads,exports", "app-port=4000", "namespace-prefix=preview-"),
    ],
    ids=["everything", "no-database", "no-store", "cert-manager", "others"],
)
def test_chart_and_twin_make_the_same_objects(answers: tuple[str, ...], repository: Path) -> None:
    root = platform(repository, *answers)
    chart, twin = bodies(rendered(root)), bodies(rendered(root, twin=True))
    assert chart.keys() == twin.keys()
    for name in chart:
        if not name.endswith("/preview-credentials"):  # the chart makes it, for the twin it is made by hand
            assert common(twin[name]) == common(chart[name]), name


def test_the_twin_takes_variables_from_its_overrides(repository: Path) -> None:
    root = platform(repository)
    before, after = bodies(rendered(root, twin=True)), bodies(rendered(root, twin=True, variables={"POOL_SIZE": "9"}))
    assert {name for name in before if before[name] != after[name]} == {f"Secret/{NAMESPACE}/app-env"}


def test_rendering_the_twin_changes_no_file(repository: Path) -> None:
    root = platform(repository)
    before = {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
    rendered(root, 7, twin=True, variables={"NEW": "1"})
    assert {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()} == before
