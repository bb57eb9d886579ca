"""The result of a check as one HTML page that needs nothing else: no network, no script from elsewhere."""

from __future__ import annotations

from importlib import resources

from jinja2 import Environment, StrictUndefined

from elysium import __version__
from elysium.api import Report
from elysium.present.catalogue import rules_of
from elysium.present.checklist import line_text
from elysium.present.comparisons import comparison_text
from elysium.present.console import plain
from elysium.present.grouping import group
from elysium.present.run import Run
from elysium.present.unknowns import fold_unknowns
from elysium.present.verdict import verdict

__all__ = ["document"]

_STATES = {"pass": "✓", "found": "✗", "unknown": "?"}


def document(report: Report, run: Run) -> str:
    """Verdict, numbers, findings by cause with a filter, the rules that found them, and what is unknown."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["plain"] = plain
    text = resources.files("elysium.present").joinpath("templates/report.html").read_text(encoding="utf-8")
    return environment.from_string(text).render(
        run=run,
        report=report,
        version=__version__,
        verdict=verdict(report, run.fail_on),
        checklist=[(_STATES[item.state], line_text(item)) for item in report.checklist],
        known=[comparison_text(item) for item in report.comparisons],
        groups=group(report.findings),
        rules=rules_of(report.findings),
        unknowns=fold_unknowns(report.units),
    )
