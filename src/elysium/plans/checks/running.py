"""A command of the plan."""

from __future__ import annotations

import re
import shlex
from typing import Any

from elysium.kit import durations
from elysium.plans.checks.arguments import amount
from elysium.plans.checks.verb import Verb
from elysium.plans.commands import run_command
from elysium.plans.results import Outcome, failed, passed, unknown
from elysium.plans.world import World

__all__ = ["VERBS"]

_WITHIN = re.compile(r"within=(\S+)")
_LONGEST = 3600


def _refuse(words: tuple[str, ...]) -> str:
    limit = _WITHIN.fullmatch(words[0]) if words else None
    seconds = durations.seconds(limit[1]) if limit else 1
    if not seconds or seconds > _LONGEST:
        return f"{words[0]!r} is no duration up to an hour, such as within=5m"
    return amount(words[1:] if limit else words, 1) or (
        "a word holds a NUL" if any("\0" in word for word in words) else ""
    )


def _run(words: tuple[str, ...], world: World) -> Outcome:
    limit = _WITHIN.fullmatch(words[0])
    command = words[1:] if limit else words
    ended = run_command(command, world.root, seconds=(durations.seconds(limit[1]) if limit else 0) or 60)
    shown = shlex.join(command)
    fields: dict[str, Any] = {"command": shown, "digest": ended.digest}
    if ended.exit is not None:
        fields["exit"] = ended.exit
    last = world.scrubbed(ended.last)
    said = f": {last}" if last else ""
    if ended.exit == 0:
        return passed(f"`{shown}` ended well{said}", **fields)
    if ended.exit is None and not ended.digest:
        return unknown(f"{ended.problem}: install it, or correct the command", **fields)
    return failed(f"`{shown}`: {ended.problem or f'exit code {ended.exit}'}{said}", **fields)


VERBS = (
    Verb(
        name="run",
        usage="run [within=60s] COMMAND [ARGUMENT…]",
        summary="A command ends with exit code 0, at the root of the repository; without a shell, unless it is one.",
        example="run helm lint charts/api",
        refuse=_refuse,
        run=_run,
        command=True,
    ),
)
