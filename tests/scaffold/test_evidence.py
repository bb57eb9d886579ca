"""What a repository offers that follows from what is in use: here Grafana, known by what collects its dashboards."""

from __future__ import annotations

import shutil
from pathlib import Path

from elysium.api import Scaffolder, Workspace

EXAMPLE = Path(__file__).parents[2] / "examples" / "kyrion"
SIDECAR = "            value: grafana_dashboard\n"


def offers(root: Path) -> tuple[str, ...]:
    with Workspace(root) as workspace:
        return Scaffolder.of(workspace).facts.offers


def test_grafana_is_there_where_dashboards_are_collected_by_their_label(tmp_path: Path, warm_cache: Path) -> None:
    root = Path(shutil.copytree(EXAMPLE, tmp_path / "kyrion"))
    assert "grafana" in offers(root)
    release = root / "monitoring/controllers/grafana/release.yaml"
    text = release.read_text(encoding="utf-8")
    assert SIDECAR in text
    release.write_text(text.replace(SIDECAR, "            value: other_label\n"), encoding="utf-8")
    assert "grafana" not in offers(root)
