"""The result of a check as workflow commands of GitHub Actions: annotations on the lines of a pull request.

Escapes are those of the toolkit of GitHub Actions: `%`, line ends and, in properties, `:` and `,`.
"""

from __future__ import annotations

from elysium.api import Report
from elysium.model import Finding
from elysium.present.console import plain
from elysium.present.run import Run
from elysium.present.verdict import verdict

__all__ = ["document"]

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def document(report: Report, run: Run) -> str:
    """One command for each finding, the worst first (GitHub shows only so many), and the verdict as plain text."""
    commands = "".join(f"{_command(finding, run)}\n" for finding in report.findings)
    return f"{commands}{verdict(report, run.fail_on)}\n"


def _command(finding: Finding, run: Run) -> str:
    properties = {
        "file": run.path(finding.file),
        "line": str(finding.line) if finding.file and finding.line else "",
        "title": finding.rule,
    }
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    more = f"\nand {finding.folded:,} more with the same cause" if finding.folded else ""
    hint = f"\n{finding.hint}" if finding.hint else ""
    return f"::{_COMMANDS[finding.severity.value]} {listed}::{_data(finding.message + more + hint)}"


def _data(text: str) -> str:
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
