"""Markers of image automation that have one answer are mended, and only they."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace

FIXTURES = Path(__file__).parent / "fixtures" / "image-marker"


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("bad-tag", '  tag: "1.0.0" # {"$imagepolicy": "flux-system:shop:tag"}\n'),
        ("bad-case", '  tag: "1.0.0" # {"$imagepolicy": "flux-system:shop:tag"}\n'),
        ("bad-policy", ""),
        ("bad-whole", ""),
    ],
)
def test_a_marker_with_one_answer_is_mended(name: str, new: str, tmp_path: Path) -> None:
    with Workspace(FIXTURES / name, options=Options(cache_dir=tmp_path, workers=1)) as workspace:
        (finding,) = workspace.check(rules=("image-marker",)).findings
    lines = (FIXTURES / name / finding.file).read_text(encoding="utf-8").splitlines(keepends=True)
    assert [edit.new for edit in finding.edits] == ([new] if new else [])
    assert all(lines[edit.line - 1] == edit.old for edit in finding.edits)
