"""`elysium preview fit`: the sums against the quota, with a rollout and the jobs counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elysium.previews import Verdict
from tests.previews.platforms import NAMESPACE, edit, judged, platform, preview


def test_a_preview_fits_its_quota(repository: Path) -> None:
    outcome = judged(platform(repository))
    assert outcome.works
    assert outcome.fit.verdict is Verdict.FITS
    sums = {line.resource: (line.allowed, line.steady, line.rollout) for line in outcome.fit.lines}
    # app 1Gi + postgres 512Mi + minio 512Mi; then one more app and the larger of the two jobs, 512Mi
    assert sums["limits.memory"] == ("4Gi", "2Gi", "3.5Gi")
    assert sums["pods"] == ("10", "3", "5")
    assert sums["requests.storage"] == ("5Gi", "4Gi", "4Gi")


def test_more_replicas_than_the_quota_holds_do_not_fit(repository: Path) -> None:
    code, out, _ = preview(platform(repository), "fit 123 --set replicaCount=5")
    assert code == 1
    assert "pr-123: does not fit" in out
    assert "limits.memory: 4.5Gi too little" in out
    assert f"raise limits.memory of ResourceQuota/{NAMESPACE}/preview to 8.5Gi" in out
    assert f"or lower limits.memory of Deployment/{NAMESPACE}/app" in out


def test_room_for_the_pods_but_not_for_a_rollout(repository: Path) -> None:
    root = platform(repository)
    edit(root, "k8s/policies/resource-quota.yaml", "limits.memory: 4Gi", "limits.memory: 3Gi")
    outcome = judged(root)
    assert outcome.fit.verdict is Verdict.EXCEPT_DURING_ROLLOUT
    line = next(line for line in outcome.fit.lines if line.resource == "limits.memory")
    assert line.missing == "512Mi"
    assert f"Deployment/{NAMESPACE}/app" in line.change
    assert "strategy Recreate" in line.change
    assert preview(root, "fit 123")[0] == 0  # it starts


def test_a_container_without_values_gets_those_of_the_limit_range(repository: Path) -> None:
    root = platform(repository)
    steady = {line.resource: line.steady for line in judged(root).fit.lines}
    edit(root, "k8s/policies/limit-range.yaml", "memory: 256Mi", "memory: 4Gi")
    edit(
        root,
        "helm/app/templates/object-store.yaml",
        "          resources:\n            {{- toYaml .Values.objectStore.resources | nindent 12 }}\n",
        "",
    )
    outcome = judged(root)
    assert steady["limits.memory"] == "2Gi"
    assert next(line.steady for line in outcome.fit.lines if line.resource == "limits.memory") == "5.5Gi"
    assert outcome.fit.verdict is Verdict.DOES_NOT_FIT


def test_what_a_limit_range_refuses_does_not_fit(repository: Path) -> None:
    root = platform(repository)
    outcome = judged(root, settings=("app.resources.limits.memory=5Gi", "database.storage=6Gi"))
    reasons = {refused.object: refused.reason for refused in outcome.fit.refused}
    assert "at most 4Gi is allowed" in reasons[f"Deployment/{NAMESPACE}/app"]
    assert "at most 5Gi is allowed" in reasons[f"StatefulSet/{NAMESPACE}/postgres"]
    assert not outcome.works


def test_what_the_quota_demands_and_nobody_gives_does_not_fit(repository: Path) -> None:
    root = platform(repository)
    (root / "devops/k8s/policies/limit-range.yaml").write_text("# none\n", encoding="utf-8")
    edit(
        root,
        "helm/app/templates/database.yaml",
        "          resources:\n            {{- toYaml .Values.database.resources | nindent 12 }}\n",
        "",
    )
    outcome = judged(root)
    assert [refused.object for refused in outcome.fit.refused] == [f"StatefulSet/{NAMESPACE}/postgres"]
    assert "limits.memory" in outcome.fit.refused[0].reason


def test_without_a_quota_everything_fits_and_it_says_so(repository: Path) -> None:
    root = platform(repository)
    (root / "devops/k8s/policies/resource-quota.yaml").write_text("# none\n", encoding="utf-8")
    code, out, _ = preview(root, "fit 123")
    assert code == 0
    assert "no ResourceQuota limits it" in out


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_the_forms_for_programs_hold_everything(form: str, repository: Path) -> None:
    code, out, _ = preview(platform(repository), f"fit 123 -o {form}")
    assert code == 0
    if form == "json":
        record = json.loads(out)
        assert record["works"] is True
        assert record["verdict"] == "fits"
        assert {line["resource"] for line in record["quota"]} >= {"limits.memory", "pods"}
        assert all(way["right"] for way in record["connections"])
        assert record["lacking"] == []
    else:
        assert "verdict: fits" in out
        assert "works: true" in out


def test_a_chart_that_does_not_render_cannot_be_judged(repository: Path) -> None:
    code, _, err = preview(platform(repository), "fit 123 --set app.port=80")
    assert code == 2
    assert "the preview does not render" in err
