"""The registers of a repository, found by their names and judged together."""

from __future__ import annotations

import datetime
import time
from pathlib import Path

import pytest

from elysium.plans.registers import find_registers, known_watchers, lint_registers

ROOT = Path(__file__).resolve().parents[3]
TODAY = datetime.date(2026, 11, 21)
RISK = """\
| Risk | Severity | Likelihood | Status | Mitigation | Watched by |
|------|----------|------------|--------|------------|------------|
| a    | low      | rare       | open   | b          | {}         |
"""
DECISION = "# {}: A\n\nStatus: deferred\n\n## Context\nx\n"
FILES = {
    "Docs/RISK_REGISTER.md": RISK.format("item `P5-2`"),
    "docs/decisions/0001-a.md": DECISION.format("0001"),
    "docs/decisions/README.md": "# Decisions\n",
    "services/api/adr/0001-b.md": DECISION.format("0001") + "\n## Revisit\nmore than 5 nodes\n",
    "devops/change-log.md": "| date | who | change | undo |\n|-|-|-|-|\n| 2026-01-01 | | a | b |\n",
    "CHANGELOG.md": "# Changelog\n\n## 1.0.0 (2026-01-01)\n\n- Added: everything\n",
    "apps/risks.md.txt": "no",
}


def test_registers_are_found_by_their_names() -> None:
    found = find_registers(FILES, FILES.get)
    assert [register.path for register in found.risks] == ["Docs/RISK_REGISTER.md"]
    assert [record.path for record in found.decisions] == ["docs/decisions/0001-a.md", "services/api/adr/0001-b.md"]
    assert [log.path for log in found.changes] == ["devops/change-log.md"]


def test_findings_come_by_file_and_numbers_count_within_a_folder() -> None:
    found = lint_registers(find_registers(FILES, FILES.get), known_watchers(()), TODAY)
    assert [(finding.file, finding.rule) for finding in found] == [
        ("Docs/RISK_REGISTER.md", "risk-watcher"),
        ("devops/change-log.md", "change-owner"),
        ("docs/decisions/0001-a.md", "decision-trigger"),
    ]


@pytest.mark.parametrize(
    ("watcher", "fine"),
    [
        ("item `P5-2`", True),
        ("policy `mine`", True),
        ("policy `other`", False),
        ("`image-latest`", True),
        ("image-latest, missing-secret", True),
        ("check `exists docs/a.md`", True),
        ("check `exists`", False),
        ('check `exists "docs`', False),
        ("check `guess docs/a.md`", False),
    ],
)
def test_watchers_are_looked_up(watcher: str, fine: bool) -> None:
    found = find_registers(["RISKS.md"], {"RISKS.md": RISK.format(watcher)}.get)
    assert (lint_registers(found, known_watchers(["P5-2"], ["mine"]), TODAY) == ()) is fine


def test_the_register_that_a_component_writes_lacks_nothing() -> None:
    folder = ROOT / "src/elysium/scaffold/components/infra/risk-register/templates"
    text = (folder / "risk-register.md.jinja").read_text(encoding="utf-8")
    found = find_registers(["RISK_REGISTER.md"], {"RISK_REGISTER.md": text}.get)
    known = known_watchers((), ["one-worker", "not-by-processor-alone"])
    assert len(found.risks[0].risks) == 5
    assert lint_registers(found, known, TODAY) == ()


def test_a_file_that_cannot_be_read_is_no_register() -> None:
    assert find_registers(["RISKS.md"], lambda _: None).risks == ()


@pytest.mark.parametrize(
    "text",
    [
        "# a\n" * 4_000,
        "## Context\n" * 4_000,
        "| a |\n|" + "-" * 200_000 + "x\n",
        "".join(f"<!-- archived sha256:{number:064x} -->\n" for number in range(4_000)),
        "- Severity: high\n" * 4_000,
        "`" * 100_000 + ";" * 100_000,
        "Status: " + "when " * 50_000 + "\n",
    ],
)
def test_no_register_takes_long(text: str) -> None:
    paths = ("RISKS.md", "decisions/0001-a.md", "changes.md")
    begin = time.process_time()
    lint_registers(find_registers(paths, lambda _: text), known_watchers(()), TODAY)
    assert time.process_time() - begin < 8
