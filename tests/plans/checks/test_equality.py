"""Whether the objects are those of a revision."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gitting import git
from tests.plans.checks.asking import ask, opened, write

_FILES = {
    "clusters/demo/apps.yaml": """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
""",
    "apps/kustomization.yaml": "resources: [wiki]\n",
    "apps/wiki/kustomization.yaml": "resources: [settings.yaml]\n",
    "apps/wiki/settings.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: wiki}\ndata: {greeting: hello}\n"
    ),
}


@pytest.fixture
def wiki(tmp_path: Path, warm_cache: Path) -> Path:
    root = write(tmp_path / "repository", _FILES)
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Begin")
    return root


def test_a_moved_folder_changes_no_object(wiki: Path) -> None:
    git(wiki, "mv", "apps/wiki", "apps/notes")
    (wiki / "apps/kustomization.yaml").write_text("resources: [notes]\n")
    with opened(wiki) as world:
        assert ask(world, "unchanged HEAD").result == "pass"


def test_an_object_that_differs_is_named_unless_it_is_declared(wiki: Path) -> None:
    settings = wiki / "apps/wiki/settings.yaml"
    settings.write_text(settings.read_text().replace("hello", "goodbye"))
    with opened(wiki) as world:
        outcome = ask(world, "unchanged HEAD")
        assert (outcome.result, "ConfigMap/wiki/settings (changed)" in outcome.reason) == ("fail", True)
        assert ask(world, "unchanged HEAD except=ConfigMap/wiki/settings").result == "pass"
        assert ask(world, "unchanged HEAD except=ConfigMap/other/*").result == "fail"


def test_an_object_that_is_lost_or_comes_is_a_difference(wiki: Path) -> None:
    settings = wiki / "apps/wiki/settings.yaml"
    settings.write_text(settings.read_text().replace("name: settings", "name: other"))
    with opened(wiki) as world:
        reason = ask(world, "unchanged HEAD").reason
    assert "settings (removed)" in reason
    assert "other (added)" in reason


def test_a_revision_that_there_is_not_is_unknown(wiki: Path) -> None:
    with opened(wiki) as world:
        assert ask(world, "unchanged no-such-branch").result == "unknown"
