"""docs/requirements.md names, for each requirement, the test that shows it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| (?P<id>[0-3X]\.[0-9A-Za-z.]+) \| (?P<what>[^|]+) \| (?P<state>[^|]+) \|$")
SHOWN = re.compile(r"shown by (`(?P<test>tests/[\w/]+\.py::test_\w+)`(, )?)+")


def rows() -> list[re.Match[str]]:
    lines = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("| ") and not line.startswith("| id ")]
    matches = [(line, ROW.match(line)) for line in table]
    assert not [line for line, match in matches if match is None], "a row that cannot be read"
    return [match for _, match in matches if match is not None]


def defined_tests(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_requirement_stands_once() -> None:
    ids = [row["id"] for row in rows()]
    assert len(ids) == len(set(ids)) == 179


def test_every_state_is_open_or_shown_by_tests() -> None:
    unreadable = [row["id"] for row in rows() if row["state"] != "open" and not SHOWN.fullmatch(row["state"])]
    assert unreadable == []


def test_every_named_test_exists() -> None:
    missing = []
    for row in rows():
        for reference in re.findall(r"`([^`]+)`", row["state"]):
            path, _, name = reference.partition("::")
            if not (ROOT / path).is_file() or name not in defined_tests(ROOT / path):
                missing.append(f"{row['id']}: {reference}")
    assert missing == []
