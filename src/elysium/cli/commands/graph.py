"""`elysium graph`."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from elysium.cli import complain
from elysium.cli.options import DEFAULTS, Common, Many, Output, say_timings, workspace
from elysium.errors import UsageError
from elysium.kit import durations

__all__ = ["graph"]


def graph(
    repository: Annotated[str, Parameter(name="REPO", help="The repository: a directory.")] = ".",
    /,
    *,
    output: Annotated[
        Literal["text", "json", "dot", "mermaid"], Output, Parameter(help="The form of the result.")
    ] = "text",
    expect: Annotated[
        tuple[str, ...], Many, Parameter(help="A chain that must hold: first>second>third. Repeatable.")
    ] = (),
    latency: Annotated[
        str, Parameter(help="How soon a push has to be applied, such as 5m: tell how long it takes at worst.")
    ] = "",
    common: Common = DEFAULTS,
) -> int:
    """Show what depends on what, or test an expected chain.

    With --expect nothing is drawn: the exit code is 1 when an edge of a chain is missing, or there is one that the
    chain does not have. With --latency it tells how long a push takes until each
    unit is applied, and is 1 when that may be longer, or nobody knows how long.

    For example:

    * `elysium graph`: the order in which Flux applies
    * `elysium graph -o mermaid`: a diagram for Markdown
    * `elysium graph --expect "infra-controllers>infra-configs>apps"`: a test for a pipeline
    * `elysium graph --latency 5m`: how long a push takes until each unit is applied
    """
    if latency:
        return _latency(repository, latency, output, common)
    chains = [[name.strip() for name in chain.split(">")] for chain in expect]
    for chain, text in zip(chains, expect, strict=True):
        if len(chain) < 2 or not all(chain):
            raise UsageError(f"{text!r} is not a chain", hint="write first>second, the one that others wait for first")
    with workspace(repository, common) as opened:
        found = opened.graph()
        say_timings(opened, common)
    if chains:
        problems = [problem for chain in chains for problem in found.chain(chain)]
        for problem in problems:
            complain.warn(problem)
        return int(bool(problems))
    from elysium.present.graphs import draw

    sys.stdout.write(draw(found, output))
    return 0


def _latency(repository: str, wanted: str, form: str, common: Common) -> int:
    """Print when each unit is applied at worst, and complain of those that are late."""
    goal = durations.seconds(wanted)
    if goal is None or form not in ("text", "json"):
        raise UsageError(
            f"--latency {wanted} -o {form}: this cannot be told", hint="a duration such as 5m; text or json"
        )
    from elysium.api import arrivals_of
    from elysium.present.arrivals import describe_arrivals, late

    with workspace(repository, common) as opened:
        found = arrivals_of(opened)
        say_timings(opened, common)
    sys.stdout.write(describe_arrivals(found, goal, form))
    problems = late(found, goal)
    for problem in problems:
        complain.warn(problem)
    return int(bool(problems))
