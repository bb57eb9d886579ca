"""Previews and generated workflows, as checks of a plan."""

from __future__ import annotations

from pathlib import Path

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
