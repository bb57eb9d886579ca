"""Every rule against the small repositories in its fixture folder, rendered for real."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from elysium.api import Options, Report, Workspace
from elysium.check import registry
from elysium.model import Finding, Severity

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def check(path: Path, cache: Path) -> Report:
    with Workspace(path, options=Options(cache_dir=cache, workers=1)) as workspace:
        return workspace.check()


def repositories(prefix: str) -> list[Any]:
    found = sorted(path for path in FIXTURES.glob(f"*/{prefix}*") if path.is_dir())
    return [pytest.param(path, id=f"{path.parent.name}-{path.name}") for path in found]


def matches(finding: Finding, expected: dict[str, Any]) -> bool:
    place = (finding.rule, finding.severity.value, finding.file, finding.line)
    wanted = (expected["rule"], expected["severity"], expected["file"], expected["line"])
    return place == wanted and expected["message"] in finding.message


@pytest.mark.parametrize("path", repositories("bad"))
def test_bad_repository_has_exactly_the_expected_findings(path: Path, cache: Path) -> None:
    expected = json.loads((path.parent / "expected.json").read_text(encoding="utf-8"))[path.name]
    findings = check(path, cache).findings
    listed = "\n".join(f"{finding.severity} {finding}" for finding in findings)
    assert len(findings) == len(expected), listed
    assert all(any(matches(finding, item) for finding in findings) for item in expected), listed


@pytest.mark.parametrize("path", repositories("good"))
def test_good_repository_has_no_finding(path: Path, cache: Path) -> None:
    findings = [finding for finding in check(path, cache).findings if finding.severity is not Severity.INFO]
    assert not findings, "\n".join(str(finding) for finding in findings)


@pytest.mark.parametrize("identifier", registry.identifiers())
def test_every_rule_has_bad_and_good_repositories(identifier: str) -> None:
    names = [path.name for path in (FIXTURES / identifier).iterdir() if path.is_dir()]
    assert any(name.startswith("bad") for name in names)
    assert any(name.startswith("good") for name in names)
