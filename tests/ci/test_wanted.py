"""Which workflows a repository asks for."""

from __future__ import annotations

import pytest

from elysium.ci import wanted_workflows

FILES = {
    "clusters/demo/apps.yaml": "validate",
    "charts/api/Chart.yaml": "ci",
    "packages/api/Dockerfile": "ci",
    "Dockerfile": "ci",
    "clusters/demo/flux-system/gotk-components.yaml": "flux-update",
    "functions/specs/function-hello.yaml": "functions",
    "coder/templates/dev/main.tf": "coder",
    "devops/k8s/rbac/pr-admin.yaml": "preview",
    "devops/helm/app/Chart.yaml": "chart-publish",
}


@pytest.mark.parametrize(("path", "name"), FILES.items())
def test_a_file_asks_for_its_workflow(path: str, name: str) -> None:
    found = {item.component: item.reason for item in wanted_workflows([path, "README.md"])}
    assert path in found[f"workflow/{name}"]
    assert found.keys() <= {f"workflow/{name}", "workflow/validate"}


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "functions/README.md",
        "coder/templates/README.md",
        "infrastructure/charts.yaml",
        "notes/Dockerfile.md",
    ],
)
def test_other_files_ask_for_none(path: str) -> None:
    assert wanted_workflows([path]) == ()


@pytest.mark.parametrize(
    ("url", "files", "expected"),
    [
        ("https://gitlab.com/me/demo", ["clusters/a/x.yaml", "Dockerfile"], ["workflow/gitlab"]),
        ("ssh://git@gitlab.example.com/me/demo", ["charts/api/Chart.yaml"], ["workflow/gitlab"]),
        ("https://github.com/me/gitlab-tools", ["Dockerfile"], ["workflow/ci"]),
        ("", ["Dockerfile", ".gitlab-ci.yml"], ["workflow/gitlab"]),
        ("https://gitlab.com/me/demo", ["functions/specs/a.yaml"], []),
        ("", ["Dockerfile", "clusters/a/x.yaml"], ["workflow/validate", "workflow/ci"]),
    ],
)
def test_gitlab_has_one_pipeline_for_all(url: str, files: list[str], expected: list[str]) -> None:
    assert [item.component for item in wanted_workflows(files, url)] == expected
