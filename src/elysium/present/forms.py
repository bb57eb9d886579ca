"""The result of a check in the form that was asked for, on standard output."""

from __future__ import annotations

import importlib
import sys

from elysium.api import Report
from elysium.present.run import Run

__all__ = ["FORMS", "Run", "write_report"]

FORMS = ("json", "sarif", "junit", "github", "markdown", "html")
"""Forms besides text; each is a module of this package with a function `document(report, run) -> str`."""

_MODULES = {"json": "checked"}


def write_report(form: str, report: Report, run: Run) -> None:
    """Write a report as `text` or as one of the forms."""
    if form == "text":
        from elysium.present.console import console  # noqa: PLC0415 - programs need no rich
        from elysium.present.report import print_report  # noqa: PLC0415

        print_report(console(), run, report)
        return
    module = importlib.import_module(f"elysium.present.{_MODULES.get(form, form)}")
    sys.stdout.buffer.write(module.document(report, run).encode())
