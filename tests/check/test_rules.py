"""Every rule against its fixtures, rendered for real.

A fixture is a folder (a repository) or a YAML file (objects alone) whose name begins with `bad`, `good` or `near`:
what is found, what is right, and what looks wrong at first sight and is right. What a bad one shows stands in
`expected.json`, or at the end of the line that is to be found: `# finds: a part of the message`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from elysium.api import Options, Workspace
from elysium.check import registry
from elysium.check.pipeline import core
from elysium.model import Finding, Severity

FIXTURES = Path(__file__).parent / "fixtures"
MARK = re.compile(r"(?:#|//)\s*finds: (.+?)\s*$")


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What a fixture is to show; an empty severity is any."""

    rule: str
    file: str
    line: int
    message: str
    severity: str = ""

    def is_met_by(self, finding: Finding) -> bool:
        place = (finding.rule, finding.file, finding.line)
        severe = not self.severity or self.severity == finding.severity.value
        return severe and place == (self.rule, self.file, self.line) and self.message in finding.message


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def check(path: Path, cache: Path) -> tuple[Finding, ...]:
    """The findings of the rule that the fixture is for, and of those that every repository is held against."""
    rules = (*core.RULES, path.parent.name) if path.parent.name != "unused-suppression" else ()
    options = Options(cache_dir=cache, workers=1)
    if path.is_file():
        with Workspace(".", options=options) as workspace:
            report = workspace.check_objects(path.read_bytes(), rules=(path.parent.name,), name=str(path))
        return tuple(msgspec.structs.replace(item, file=path.name) for item in report.findings)
    with Workspace(path, options=options) as workspace:
        return workspace.check(rules=rules).findings


def fixtures(*prefixes: str) -> list[Any]:
    found = sorted(path for prefix in prefixes for path in FIXTURES.glob(f"*/{prefix}*"))
    return [pytest.param(path, id=f"{path.parent.name}-{path.stem}") for path in found]


def expected(path: Path) -> list[Expected]:
    listed = path.parent / "expected.json"
    if listed.is_file():
        known = json.loads(listed.read_text(encoding="utf-8"))
        if path.name in known:
            return msgspec.convert(known[path.name], list[Expected])
    files = [path] if path.is_file() else [item for item in sorted(path.rglob("*")) if item.is_file()]
    return [item for file in files for item in marks(file, path)]


def marks(file: Path, fixture: Path) -> Iterator[Expected]:
    name = file.name if file == fixture else file.relative_to(fixture).as_posix()
    for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        match = MARK.search(line)
        if match:
            yield Expected(rule=fixture.parent.name, file=name, line=number, message=match[1])


@pytest.mark.parametrize("path", fixtures("bad"))
def test_bad_fixture_has_exactly_the_expected_findings(path: Path, cache: Path) -> None:
    findings = check(path, cache)
    wanted = expected(path)
    listed = "\n".join(f"{finding.severity} {finding}" for finding in findings)
    assert wanted
    assert len(findings) == len(wanted), listed
    assert all(any(item.is_met_by(finding) for finding in findings) for item in wanted), listed


@pytest.mark.parametrize("path", fixtures("good", "near"))
def test_good_fixture_has_no_finding(path: Path, cache: Path) -> None:
    findings = [finding for finding in check(path, cache) if finding.severity is not Severity.INFO]
    assert not findings, "\n".join(str(finding) for finding in findings)


@pytest.mark.parametrize("identifier", registry.identifiers())
def test_every_rule_has_bad_good_and_near_fixtures(identifier: str) -> None:
    names = [path.name for path in (FIXTURES / identifier).iterdir()]
    assert any(name.startswith("bad") for name in names)
    assert any(name.startswith("good") for name in names)
    assert any(name.startswith("near") for name in names)
