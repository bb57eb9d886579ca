"""What is generated for previews: the workflows that deploy and remove them, and the hooks of the chart."""

from __future__ import annotations

from pathlib import Path

from tests.previews.platforms import platform, rendered
from tests.scaffold.harness import run


def test_the_generated_workflows_are_as_they_should_be(tmp_path: Path, warm_cache: Path) -> None:
    root = platform(tmp_path / "repository", workflows=True)
    assert (root / ".github/workflows/preview-deploy.yml").is_file()
    assert run(root, "ci check")[0] == 0


def test_the_release_setup_is_a_hook_that_is_deleted_when_it_succeeds(tmp_path: Path, warm_cache: Path) -> None:
    root = platform(tmp_path / "repository")
    hooks = {item.name: item.hook for unit in rendered(root).units for item in unit.objects if item.hook}
    setup, buckets = hooks["app-setup"], hooks["minio-buckets"]
    assert setup.events == ("post-install", "post-upgrade")
    assert "hook-succeeded" in setup.delete_policies
    assert setup.weight > buckets.weight
