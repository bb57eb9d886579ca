"""`elysium check --fix`: what was mended, or would be, before the check that follows."""

from __future__ import annotations

import sys

from elysium.cli import complain
from elysium.cli.options import Common, workspace
from elysium.cli.question import Question

__all__ = ["mend", "show"]

_ROUNDS = 5


def show(question: Question, common: Common) -> int:
    """Print the changes as a diff and make none; 1 if there are any."""
    from elysium.api import fix

    with workspace(question.target, common) as opened:
        fixed = fix(opened, question.for_api(), dry_run=True)
    sys.stdout.buffer.write(fixed.diff.encode("utf-8", "replace"))
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
