"""A verb of checks: its arguments, and how it is told."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from elysium.plans.results import Outcome
from elysium.plans.world import World

__all__ = ["Verb"]


class Verb(msgspec.Struct, frozen=True, kw_only=True):
    """One built-in check.

    `usage` is what is written (`exists PATH…`), `example` one that can be read. `refuse` says what is wrong with
    arguments, or gives an empty text; it looks at nothing but them. `run` tells the result; it never raises for what
    the repository holds. `live` verbs ask the network and are unknown without consent, `command` verbs start programs.
    """

    name: str
    usage: str
    summary: str
    example: str
    refuse: Callable[[tuple[str, ...]], str]
    run: Callable[[tuple[str, ...], World], Outcome]
    live: bool = False
    command: bool = False
