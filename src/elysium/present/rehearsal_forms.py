"""A rehearsal in the form that was asked for, on standard output."""

from __future__ import annotations

import sys

from elysium.present.run import Run
from elysium.rehearse.types import Rehearsal

__all__ = ["write_rehearsal"]


def write_rehearsal(form: str, rehearsal: Rehearsal, run: Run, *, everything: bool = False) -> None:
    """Write it as text, json, markdown or sarif; `everything` folds nothing of the text."""
    if form == "text":
        from elysium.present.console import console  # noqa: PLC0415 - programs need no rich
        from elysium.present.rehearsal import print_rehearsal  # noqa: PLC0415

        print_rehearsal(console(), rehearsal, subject=run.subject, everything=everything)
        return
    sys.stdout.buffer.write(_document(form, rehearsal, run).encode())


def _document(form: str, rehearsal: Rehearsal, run: Run) -> str:
    if form == "json":
        from elysium.present.rehearsal_records import rehearsal_json  # noqa: PLC0415 - one form a run

        return rehearsal_json(rehearsal)
    if form == "sarif":
        from elysium.present import rehearsal_sarif  # noqa: PLC0415

        return rehearsal_sarif.document(rehearsal, run)
    from elysium.present import rehearsal_markdown  # noqa: PLC0415

    return rehearsal_markdown.document(rehearsal, run.subject)
