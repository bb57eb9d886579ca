"""Which of the five stages a pipeline has."""

from __future__ import annotations

import pytest

from elysium.ci import stages_of

WORKFLOW = ".github/workflows/ci.yaml"


def missing(files: dict[str, str], *, images: bool = True, charts: bool = True) -> dict[str, tuple[str, ...]]:
    found = stages_of(files, files.__getitem__, images=images, charts=charts)
    return {stage.name: stage.missing for stage in found}


def test_without_workflows_everything_is_missing() -> None:
    found = missing({"README.md": "helm lint"})
    assert found == {
        "lint and tests": ("tests",),
        "images": ("a build", "a scan", "a push"),
        "charts": ("a lint", "a rendering"),
        "an ephemeral cluster": ("a cluster", "smoke tests"),
        "deployment": ("staging", "production", "an environment"),
    }


@pytest.mark.parametrize(
    ("text", "stage", "expected"),
    [
        ("run: poetry run pytest", "lint and tests", ()),
        ("run: npm run test", "lint and tests", ()),
        ("run: npm install", "lint and tests", ("tests",)),
        ("uses: docker/build-push-action@0\nwith:\n  push: true\nrun: trivy image x", "images", ()),
        ("uses: docker/build-push-action@0\nwith:\n  push: false", "images", ("a scan", "a push")),
        ("run: helm lint a && helm template a", "charts", ()),
        ("# helm lint a && helm template a", "charts", ("a lint", "a rendering")),
        ("run: kind create cluster\nrun: helm test a", "an ephemeral cluster", ()),
        ("run: elysium rehearse origin/main", "an ephemeral cluster", ()),
        ("jobs:\n  staging:\n    environment: staging", "deployment", ("production",)),
    ],
)
def test_a_stage_is_known_by_what_is_run(text: str, stage: str, expected: tuple[str, ...]) -> None:
    assert missing({WORKFLOW: text})[stage] == expected
    assert missing({".gitlab-ci.yml": text})[stage] == expected


def test_scripts_that_are_named_count_and_others_do_not() -> None:
    script = {"scripts/test.sh": "helm lint charts/a\nhelm template charts/a\n"}
    assert missing({WORKFLOW: "run: ./scripts/test.sh", **script})["charts"] == ()
    assert missing({WORKFLOW: "run: make", **script})["charts"] == ("a lint", "a rendering")


def test_only_what_is_there_needs_a_stage() -> None:
    assert missing({}, charts=False).keys() == {"lint and tests", "images"}
    assert "images" not in missing({}, images=False)
