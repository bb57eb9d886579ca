"""`elysium check --fix`: what was mended, or would be, before the check that follows."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from elysium.cli import complain
from elysium.cli.options import Common, workspace
from elysium.cli.question import Question

if TYPE_CHECKING:
    from elysium.api import Fixed

__all__ = ["mend", "show"]

_ROUNDS = 5


def show(question: Question, output: str, common: Common) -> int:
    """Print the changes as a diff (or JSON that has it) and make none; 1 if there are any."""
    from elysium.api import fix

    with workspace(question.target, common) as opened:
        fixed = fix(opened, question.for_api(), dry_run=True)
    text = f"{_as_json(fixed)}\n" if output == "json" else fixed.diff
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    for refusal in fixed.refused:
        complain.warn(f"left as it is: {refusal.reason}")
    return int(bool(fixed.diff))


def mend(question: Question, common: Common) -> None:
    """Change the files, and say on standard error what was mended: the report that follows is about the rest.

    What is mended may bring to light what could not be seen before, so it is looked again a few times.
    """
    from elysium.api import fix
    from elysium.present.console import plain

    for _ in range(_ROUNDS):
        with workspace(question.target, common) as opened:
            fixed = fix(opened, question.for_api())
        for finding in fixed.mended:
            print(f"mended: {plain(str(finding))}", file=sys.stderr)
        if not fixed.mended:
            break
    for refusal in fixed.refused:
        complain.warn(f"left as it is: {refusal.reason}")


def _as_json(fixed: Fixed) -> str:
    import msgspec

    from elysium.present.records import FORMAT, finding_record

    record = {
        "version": FORMAT,
        "diff": fixed.diff,
        "mended": [finding_record(item) for item in fixed.mended],
        "left": [{"finding": finding_record(item.finding), "reason": item.reason} for item in fixed.refused],
    }
    return msgspec.json.encode(record).decode()
