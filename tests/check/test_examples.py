"""The broken examples show what they say, and kyrion is clean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.model import Severity

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BROKEN = sorted(path.parent for path in (EXAMPLES / "broken").glob("*/expected.json"))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name)
def test_a_broken_example_shows_its_error_and_no_other(path: Path) -> None:
    expected = json.loads((path / "expected.json").read_text(encoding="utf-8"))
    with Workspace(path, options=Options(workers=1)) as workspace:
        findings = workspace.check().findings
    listed = "\n".join(str(finding) for finding in findings)
    assert len(findings) == len(expected), listed
    for item in expected:
        places = [(finding.file, finding.line) for finding in findings if finding.rule == item["rule"]]
        assert any(file == item["file"] and line == item.get("line", line) for file, line in places), listed


def test_kyrion_has_no_error() -> None:
    with Workspace(EXAMPLES / "kyrion") as workspace:
        findings = workspace.check().findings
    assert not [str(finding) for finding in findings if finding.severity is Severity.ERROR]
