"""`elysium check` with a range of versions: what the upgrade changes."""

from __future__ import annotations

import sys
from pathlib import Path

from elysium.cli.options import Common, options_of
from elysium.cli.progress import progress
from elysium.cli.question import NOTHING_KNOWN, Question
from elysium.errors import UsageError

__all__ = ["show_upgrade"]


def show_upgrade(question: Question, output: str, common: Common) -> int:
    """Print what changes; 1 when something breaks."""
    from elysium.api import compare_versions

    if question.alone or question.beside != NOTHING_KNOWN:
        hint = "leave out --since, --staged, --baseline and --fix, and name a repository"
        raise UsageError("an upgrade is a question about a whole repository", hint=hint)
    if output not in ("text", "json"):
        raise UsageError(f"an upgrade has no form {output!r}", hint="use -o text or -o json")
    drawn = progress()
    try:
        upgrade = compare_versions(
            Path(question.target),
            options_of(common),
            rules=question.chosen.names,
            profile=question.chosen.profile,
            progress=drawn,
        )
    finally:
        if drawn:
            drawn.clear()
    if output == "json":
        from elysium.present.upgraded import upgrade_json

        sys.stdout.buffer.write(upgrade_json(upgrade).encode())
    else:
        from elysium.present.console import console
        from elysium.present.upgraded import print_upgrade

        print_upgrade(console(), question.subject, upgrade)
    return int(upgrade.breaks)
