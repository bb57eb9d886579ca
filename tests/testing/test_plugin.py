"""The pytest plugin as others use it: a test session of its own, with the example of the page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "testing.md"


def run(folder: Path, *arguments: str, prelude: str = "") -> subprocess.CompletedProcess[str]:
    """A session of pytest with the plugin and no other, as if it had been found by its entry point."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "TMPDIR": str(folder / "temporary"),
    }
    environment.pop("PYTEST_ADDOPTS", None)
    (folder / "temporary").mkdir()
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    command = [sys.executable, "-m", "pytest", "-p", "elysium.testing.plugin", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_example_of_the_page_passes_and_leaves_nothing(tmp_path: Path) -> None:
    [example] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "test_shop.py").write_text(example)
    finished = run(tmp_path)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "2 passed" in finished.stdout
    assert list((tmp_path / "temporary").glob("elysium-*")) == []


def test_what_is_not_asked_for_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text(
        "import sys\n\n"
        "def test_nothing():\n"
        "    loaded = [name for name in sys.modules if name.startswith('elysium')]\n"
        "    assert sorted(loaded) == ['elysium', 'elysium.testing', 'elysium.testing.plugin']\n"
    )
    finished = run(tmp_path)
    assert finished.returncode == 0, finished.stdout


def test_the_fixture_is_listed_with_what_it_is(tmp_path: Path) -> None:
    finished = run(tmp_path, "--fixtures")
    assert re.search(r"control_plane \[session scope\].*\n +A Kubernetes API server", finished.stdout)


def test_the_package_announces_its_plugin() -> None:
    announced = re.findall(
        r'\[project\.entry-points\.pytest11\]\nelysium = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    )
    assert announced == ["elysium.testing.plugin"]


def test_the_page_names_what_the_fixture_gives() -> None:
    from elysium.testing.control_plane import ControlPlane

    page = PAGE.read_text(encoding="utf-8")
    given = [name for name in vars(ControlPlane) if not name.startswith("_")]
    assert [
        verb for verb in (*given, "server", "replayer") if not re.search(rf"^\|.*`{verb}[(`]", page, re.MULTILINE)
    ] == []


def test_a_node_with_something_of_its_own_takes_who_asks_for_it(tmp_path: Path) -> None:
    (tmp_path / "test_card.py").write_text(CARD)
    finished = run(tmp_path)
    assert finished.returncode == 0, finished.stdout + finished.stderr


CARD = """
def test_card(control_plane):
    needs = {"limits": {"example.org/card": "1"}}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "drawer"},
        "spec": {"containers": [{"name": "drawer", "image": "example.org/drawer:1", "resources": needs}]},
    }
    with control_plane.namespace() as namespace:
        pod["metadata"]["namespace"] = namespace
        control_plane.create(pod)
        [state] = control_plane.ready(pod, seconds=3).objects
        assert state.message == "Pod has not been scheduled"
        control_plane.add_node("node-2", {"example.org/card": "2"}, {"example.org/room": "cellar"})
        assert control_plane.ready(pod).ready
        assert control_plane.get(pod)["spec"]["nodeName"] == "node-2"
"""
