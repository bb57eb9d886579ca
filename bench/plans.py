#!/usr/bin/env python3
"""What plans cost: reading, linting and printing one of 500 items, and verifying 200 checks of files and objects.

Usage: plans.py [--items 500] [--checks 200] [--rounds 5]

The first plan has the shape of a long roadmap: phases with owners, items with checks, days and needs, exit criteria.
The second is about examples/kyrion; the cache is empty, and it is counted how often the repository is rendered.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import elysium.render
from elysium.api import Options, Workspace
from elysium.api.planning import lint_plan, verify_plan
from elysium.plans import Plan, compose, parse

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "kyrion"
PER_PHASE = 25


def roadmap(items: int) -> str:
    """A plan with so many items, in phases of 25 of which the last is the exit criterion."""
    lines = ["<!-- plan:", "kind=custom", "name=roadmap", "-->", "", "# Roadmap", ""]
    for number in range(items):
        phase, place = divmod(number, PER_PHASE)
        if place == 0:
            lines += [f"## Phase {phase}: Part {phase}", "", "**alice**", ""]
        if place == PER_PHASE - 1:
            lines += ["", "Exit criteria:", "", f"- Part {phase} renders <!-- plan: check=render -->", ""]
            continue
        needs = f" needs=P{phase}-{place}" if place else ""
        check = f'check="exists apps/base/app-{number}" check="object Namespace//app-{number}"'
        lines.append(f"- [ ] Application {number} has its folder <!-- plan: {check} due=2030-01-31{needs} -->")
    return "\n".join([*lines, "## Rollback plan", "", "- Revert the commits <!-- plan: check=render -->", ""])


def inventory(workspace: Workspace, checks: int) -> str:
    """A plan that asks for files and for objects of a repository in turns."""
    files = sorted(path for path in workspace.tree.files if path.endswith(".yaml"))
    objects = sorted({str(item.id) for unit in workspace.render().units for item in unit.objects})
    asked = [
        f'"object {objects[number % len(objects)]}"' if number % 2 else f'"exists {files[number % len(files)]}"'
        for number in range(checks)
    ]
    items = [f"- It is there: {number} <!-- plan: check={check} -->" for number, check in enumerate(asked)]
    return "\n".join(["# Inventory", "", "## Requirements", "", *items, ""])


def time_document(text: str, rounds: int) -> None:
    """Read, lint and print a plan, as often as wished; print the medians and the median of the sum."""
    times: dict[str, list[float]] = {"parse": [], "lint": [], "print": []}
    for _ in range(rounds):
        plan: Plan = _timed(times["parse"], partial(parse, text, "roadmap.md"))
        _timed(times["lint"], partial(lint_plan, plan, EXAMPLE, strict=True))
        _timed(times["print"], partial(compose, plan))
    count = sum(1 for _ in plan.places())
    for name, seconds in times.items():
        print(f"{count} items, {name:8} {statistics.median(seconds):8.3f} s")
    sums = [sum(values) for values in zip(*times.values(), strict=True)]
    print(f"{count} items, {'together':8} {statistics.median(sums):8.3f} s", flush=True)


def time_verification(checks: int) -> None:
    """Verify a plan about the example from an empty cache, and count the renders."""
    with tempfile.TemporaryDirectory() as folder, _example(folder, "first") as workspace:
        text = inventory(workspace, checks)
    renders = _counted()
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder, _example(folder, "second") as workspace:
        found = _timed(times, partial(verify_plan, workspace, parse(text, "inventory.md")))
    wrong = [item.reason for item in found.items if item.result.value != "pass"]
    if wrong:
        sys.exit(f"{len(wrong)} checks do not pass: {wrong[0]}")
    print(f"{len(found.items)} checks  {times[0]:8.3f} s, rendered {len(renders)} time(s)")


def _example(folder: str, cache: str) -> Workspace:
    return Workspace(EXAMPLE, options=Options(cache_dir=Path(folder) / cache))


def _counted() -> list[None]:
    """From here on, an entry for every time that a repository is rendered."""
    calls: list[None] = []
    render = elysium.render.render_clusters

    def counting(*arguments: Any, **named: Any) -> Any:
        calls.append(None)
        return render(*arguments, **named)

    elysium.render.render_clusters = counting
    return calls


def _timed(times: list[float], call: Callable[[], Any]) -> Any:
    start = time.perf_counter()
    found = call()
    times.append(time.perf_counter() - start)
    return found


def main() -> None:
    """Make the plans, time, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--checks", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    time_document(roadmap(arguments.items), arguments.rounds)
    time_verification(arguments.checks)


if __name__ == "__main__":
    main()
