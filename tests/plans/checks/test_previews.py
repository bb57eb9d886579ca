"""Previews and generated workflows, as checks of a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.errors import PlanError
from tests.plans.checks.asking import ask, opened, result, write
from tests.previews.platforms import edit, platform
from tests.scaffold.harness import run, scaffold


def test_a_preview_that_fits_and_works_passes(repository: Path) -> None:
    with opened(platform(repository)) as world:
        assert ask(world, "preview-fit 123").reason == "pr-123 fits its quota, while it is rolled out, too"
        assert result(world, "preview 123") == "pass"


def test_a_preview_without_room_for_a_rollout_does_not_fit_and_still_works(repository: Path) -> None:
    root = platform(repository)
    edit(root, "k8s/policies/resource-quota.yaml", "limits.memory: 4Gi", "limits.memory: 3Gi")
    with opened(root) as world:
        outcome = ask(world, "preview-fit 123")
        assert (outcome.result, "limits.memory" in outcome.reason) == ("fail", True)
        assert result(world, "preview 123") == "pass"


def test_a_preview_that_does_not_fit_does_not_work(repository: Path) -> None:
    root = platform(repository)
    edit(root, "k8s/policies/resource-quota.yaml", "limits.memory: 4Gi", "limits.memory: 1Gi")
    with opened(root) as world:
        assert ask(world, "preview 123").reason == "pr-123 does not fit its quota"


def test_a_generated_workflow_that_would_be_another_today_fails(repository: Path) -> None:
    scaffold(repository)
    write(repository, {"tools/Dockerfile": "FROM scratch\n"})
    assert run(repository, "ci gen --yes")[0] == 0
    with opened(repository) as world:
        assert result(world, "ci") == "pass"
        assert result(world, 'workflow validate step "elysium check"') == "pass"
    write(repository, {"web/Dockerfile": "FROM scratch\n"})
    with opened(repository) as world:
        outcome = ask(world, "ci")
        assert (outcome.result, ".github/workflows/ci.yml is not" in outcome.reason) == ("fail", True), outcome


def test_a_preview_is_rehearsed_with_these_events_and_a_refusal_fails(repository: Path) -> None:
    root = platform(repository)
    with opened(root) as world:
        outcome = ask(world, "rehearse preview 7 opened,closed")
        deployer = "system:serviceaccount:preview-system:preview-deployer"
        assert outcome.result == "pass", outcome
        assert f"pr-7 as {deployer}: opened, closed: nothing is refused" in outcome.evidence[0].detail
    edit(root, "k8s/policies/resource-quota.yaml", 'services: "5"', 'services: "1"')
    with opened(root) as world:
        outcome = ask(world, "rehearse preview 7 opened")
        assert outcome.result == "fail"
        assert outcome.reason.startswith("pr-7, 1. opened: install the chart: ")
        assert "exceeded quota: preview" in outcome.reason


def test_a_rehearsal_is_read_or_refused(repository: Path) -> None:
    for words, said in (
        ("rehearse", "it says nothing to look at"),
        ("rehearse preview", "something is missing"),
        ("rehearse cluster 7", "only a preview"),
        ("rehearse preview seven", "is no number"),
        ("rehearse preview 7 opened,merged", "'merged' is no event"),
        ("rehearse preview 7 " + ",".join(["opened"] * 21), "more than 20 events"),
    ):
        with opened(repository) as world, pytest.raises(PlanError) as error:
            ask(world, words)
        assert said in str(error.value)


def test_what_cannot_be_rehearsed_is_unknown(repository: Path) -> None:
    with opened(repository) as world:
        outcome = ask(world, "rehearse preview 7")
        assert (outcome.result, "there is no preview platform" in outcome.reason) == ("unknown", True)
