"""The Kustomize twin makes the same objects as the chart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.previews.platforms import ANSWERS, FULL, NAMESPACE, bodies, platform, preview, rendered
from tests.repositories import files_of
from tests.scaffold.harness import findings, run, scaffold

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


def test_links_are_no_part_of_the_twin(repository: Path) -> None:
    root = platform(repository)
    (root / "outside.env").write_text("SECRET=1\n", encoding="utf-8")
    overrides = root / "devops/kustomize/app/setup.yaml"
    overrides.unlink()
    overrides.symlink_to(root / "outside.env")
    code, out, err = preview(root, "render 1 --twin")
    assert code == 1
    assert "SECRET" not in out + err


def test_a_platform_without_a_twin_says_so(repository: Path) -> None:
    root = platform(repository)
    (root / "devops/kustomization.yaml").unlink()
    code, _, err = preview(root, "render 1 --twin")
    assert code == 2
    assert "the chart has no twin" in err


def test_rendering_the_twin_changes_no_file(repository: Path) -> None:
    root = platform(repository)
    before = files_of(root)
    rendered(root, 7, twin=True, variables={"NEW": "1"})
    assert files_of(root) == before


@pytest.mark.parametrize("answers", ["", "--set external-dns=true --set tls=cert-manager", "--set database=none"])
def test_the_chart_alone_is_the_chart_of_the_platform(answers: str, repository: Path) -> None:
    known = "--set domain=previews.example.org --set registry=ghcr.io/acme/shop"
    platform_answers = f"{known} --set edge-address=203.0.113.10 --set node-address=10.0.0.5 {answers}"
    edge = "--set edge-address=203.0.113.10" if "external-dns" in answers else ""
    whole = scaffold(repository / "whole", f"new infra preview-platform --with-needs {platform_answers}")
    alone = scaffold(repository / "alone", f"new chart app --preset preview {known} {answers} {edge}")
    charts = [root / "devops" / "helm" / "app" for root in (whole, alone)]
    names = [{path.relative_to(chart) for path in chart.rglob("*") if path.is_file()} for chart in charts]
    assert names[0] == names[1]
    for name in names[0] - {Path("README.md"), Path("files/default.env"), Path("values.yaml")}:
        assert (charts[0] / name).read_bytes() == (charts[1] / name).read_bytes(), name
    assert not (alone / "devops/helm/app/README.md").read_text(encoding="utf-8").count("apply-preview-policies.sh")
    assert findings(alone) == []


def test_a_chart_alone_has_the_name_that_it_is_given(repository: Path) -> None:
    answers = "--set domain=previews.example.org --set registry=ghcr.io/acme/shop"
    root = scaffold(repository, f"new chart shop --preset preview {answers}")
    assert (root / "devops/helm/shop/Chart.yaml").read_text(encoding="utf-8").startswith("apiVersion: v2\nname: shop\n")
    code, out, err = run(root, "render --chart devops/helm/shop --set prNumber=0 -o name")
    assert (code, err) == (0, "")
    assert "Ingress/default/app" in out
