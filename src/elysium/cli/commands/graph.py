"""`elysium graph`."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from elysium.cli import complain
from elysium.cli.options import DEFAULTS, Common, Many, Output, say_timings, workspace
from elysium.errors import UsageError

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
    common: Common = DEFAULTS,
) -> int:
    """Show what depends on what, or test an expected chain.

    With --expect nothing is drawn: the exit code is 1 when an edge of a chain is missing, or there is one that the
    chain does not have.

    For example:

    * `elysium graph`: the order in which Flux applies
    * `elysium graph -o mermaid`: a diagram for Markdown
    * `elysium graph --expect "infra-controllers>infra-configs>apps"`: a test for a pipeline
    """
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
