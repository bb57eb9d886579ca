"""The broken examples show what they say, together they show every rule, and kyrion is clean.

A folder of `examples/broken` says what is to be found in its `expected.json`, or at the end of the line that is
wrong: `# finds: a-rule, another-rule`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.check import registry
from elysium.model import Finding, Severity

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FOLDERS = sorted(path for path in (EXAMPLES / "broken").iterdir() if path.is_dir())
MARK = re.compile(r"(?:#|//|<!--)\s*finds: ([a-z0-9, -]+?)\s*(?:-->)?$")

Place = tuple[str, str, int]
"""Rule, file and line."""


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@cache
def findings(path: Path, cache_dir: Path, profile: str) -> tuple[Finding, ...]:
    with Workspace(path, options=Options(workers=1, cache_dir=cache_dir)) as workspace:
        return workspace.check(profile=profile).findings


def listed(path: Path) -> list[Place]:
    """What the folder's `expected.json` says; line 0 is any line."""
    file = path / "expected.json"
    items = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    return [(item["rule"], item["file"], item.get("line", 0)) for item in items]


def marked(path: Path) -> Iterator[Place]:
    for file in sorted(item for item in path.rglob("*") if item.is_file()):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            match = MARK.search(line)
            for rule in match[1].split(",") if match else ():
                yield rule.strip(), file.relative_to(path).as_posix(), number


def expected(path: Path) -> set[Place]:
    return {*listed(path), *marked(path)}


def places(finding: Finding) -> set[Place]:
    """The finding's place, and the one with any line."""
    return {(finding.rule, finding.file, finding.line), (finding.rule, finding.file, 0)}


CORE = [path for path in FOLDERS if not any(True for _ in marked(path)) and len(listed(path)) < 3]
"""The folders that show one error each, and nothing else."""


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.name)
def test_an_example_shows_what_it_says_and_no_other_error(path: Path, cache_dir: Path) -> None:
    found = findings(path, cache_dir, "strict")
    wanted = expected(path)
    shown = "\n".join(f"{finding.severity} {finding}" for finding in found)
    assert wanted
    assert not wanted - {place for finding in found for place in places(finding)}, shown
    assert not [finding for finding in found if finding.severity is Severity.ERROR and not places(finding) & wanted], (
        shown
    )


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_an_example_of_one_error_has_no_other_finding(path: Path, cache_dir: Path) -> None:
    found = findings(path, cache_dir, "default")
    assert len(found) == len(listed(path)), "\n".join(str(finding) for finding in found)


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.name)
def test_an_example_says_what_it_shows(path: Path) -> None:
    text = (path / "README.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {path.name}\n")
    assert f"[`{path.name}`]({path.name})" in (EXAMPLES / "broken" / "README.md").read_text(encoding="utf-8")


def test_the_examples_show_every_rule() -> None:
    shown = {rule for path in FOLDERS for rule, _, _ in expected(path)}
    assert sorted(shown) == sorted(registry.identifiers())


def test_kyrion_has_no_error() -> None:
    with Workspace(EXAMPLES / "kyrion") as workspace:
        found = workspace.check().findings
    assert not [str(finding) for finding in found if finding.severity is Severity.ERROR]
