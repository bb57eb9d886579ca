"""Repositories with a preview platform, as `elysium new` writes it."""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from elysium.api import Options, Workspace
from elysium.api.previewing import PreviewOptions, judge_preview, render_preview
from elysium.evaluate import ObjectIndex
from elysium.model import Render
from elysium.previews import Outcome
from tests.scaffold.harness import run, scaffold

NAMESPACE = "pr-123"
SETUP = '/app/bin/shop eval "Shop.Release.setup"'
ANSWERS = (
    "domain=previews.example.org",
    "registry=ghcr.io/acme/shop",
    "edge-address=203.0.113.10",
    "node-address=10.0.0.5",
)
FULL = (*ANSWERS, f"setup-command={SETUP}", "environment=LOG_LEVEL=info,POOL_SIZE=5")


def platform(root: Path, *answers: str, workflows: bool = False) -> Path:
    """A repository with the platform that these answers make; by default with everything in it."""
    shutil.copytree(_written(answers or FULL, workflows), root, dirs_exist_ok=True)
    return root


@cache
def _written(answers: tuple[str, ...], workflows: bool) -> Path:
    place = Path(tempfile.mkdtemp(prefix="elysium-previews-")) / "repository"
    commands = ["new infra preview-platform --with-needs " + " ".join(f"--set {json.dumps(item)}" for item in answers)]
    if workflows:
        commands += ["new workflow validate", "new workflow preview", "new workflow chart-publish"]
    return scaffold(place, *commands)


def rendered(root: Path, number: int = 123, **options: Any) -> Render:
    """The preview of a pull request."""
    with Workspace(root, options=Options(workers=1)) as workspace:
        return render_preview(workspace, number, PreviewOptions(**options))


def index_of(render: Render) -> ObjectIndex:
    """Its objects, ready to be asked."""
    return ObjectIndex(render.units)


def judged(root: Path, number: int = 123, **options: Any) -> Outcome:
    """Whether the preview works."""
    with Workspace(root, options=Options(workers=1)) as workspace:
        return judge_preview(workspace, number, PreviewOptions(**options))


def stream_findings(text: str, root: Path) -> list[str]:
    """What a strict check finds in a stream of objects."""
    with Workspace(root, options=Options(workers=1)) as workspace:
        report = workspace.check_objects(text.encode(), profile="strict")
    return [f"{finding.rule}: {finding.message}" for finding in report.findings]


def preview(root: Path, arguments: str) -> tuple[int, str, str]:
    """One `elysium preview` command line: exit code, standard output, standard error."""
    return run(root, f"preview {arguments}")


def bodies(render: Render) -> dict[str, dict[str, Any]]:
    """Objects by their names."""
    return {str(item): item.body() for unit in render.units for item in unit.objects}


def edit(root: Path, name: str, old: str, new: str) -> None:
    """Replace a text in a file of the platform; it has to be there."""
    file = root / "devops" / name
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {name}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def plain(record: Any) -> Any:
    """A record as built-in types."""
    return msgspec.to_builtins(record)
