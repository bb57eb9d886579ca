"""Previews: whether they fit, which name goes where, and what a compose file has that they lack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TextIO

import msgspec
from rich.console import Console
from rich.text import Text

from elysium.present.console import console, line, plain
from elysium.present.records import FORMAT
from elysium.previews import Difference, Edge, Fit, FitLine, Outcome, Verdict

__all__ = ["edge_record", "outcome_record", "write_differences", "write_edge", "write_outcome", "write_record"]

_MARKS = {
    Verdict.FITS: ("✓", "green"),
    Verdict.EXCEPT_DURING_ROLLOUT: ("!", "yellow"),
    Verdict.DOES_NOT_FIT: ("✗", "red"),
}


def write_record(record: dict[str, Any], out: TextIO) -> None:
    """A record as JSON."""
    out.write(msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n")


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    """Everything that is known of whether a preview works."""
    found = outcome.fit
    return {
        "version": FORMAT,
        "namespace": found.namespace,
        "works": outcome.works,
        "verdict": found.verdict.value,
        "quota": msgspec.to_builtins(found.lines),
        "refused": msgspec.to_builtins(found.refused),
        "connections": [{**msgspec.to_builtins(way), "right": way.right} for way in outcome.connections],
        "account": outcome.account,
        "lacking": msgspec.to_builtins(outcome.lacking),
    }


def write_outcome(outcome: Outcome, out: TextIO) -> None:
    """The sums, then who reaches whom, then what the deployer may do."""
    target = console(out)
    found = outcome.fit
    _say(target, found.verdict, f"{found.namespace}: {found.verdict.value}")
    _write_sums(target, found)
    for refused in found.refused:
        _say(target, Verdict.DOES_NOT_FIT, f"{refused.object}: {refused.reason}", refused.change)
    _write_ways(target, outcome)
    for step in outcome.lacking:
        more = f" ({step.count} rights in all)" if step.count > 1 else ""
        _say(target, Verdict.DOES_NOT_FIT, f"{outcome.account} may not {step.step}: {step.right}{more}")
    if outcome.account and not outcome.lacking:
        _say(target, Verdict.FITS, f"{outcome.account} may do every step")


def _write_sums(target: Console, found: Fit) -> None:
    if not found.quotas:
        line(target, Text("no ResourceQuota limits it"), 2)
        return
    rows = [
        ("", "allowed", "always", "rollout"),
        *((item.resource, item.allowed, item.steady, item.rollout) for item in found.lines),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    verdicts: list[FitLine | None] = [None, *found.lines]
    for row, item in zip(rows, verdicts, strict=True):
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        mark, style = _MARKS[item.verdict] if item else (" ", "")
        line(target, Text.assemble((f"{mark} ", style), plain(cells.rstrip())), 2)
    for item in found.lines:
        if item.verdict is not Verdict.FITS:
            takers = ", ".join(f"{taker.object} {taker.steady} and {taker.more} more at times" for taker in item.takers)
            _say(target, item.verdict, f"{item.resource}: {item.missing} too little ({takers})", item.change)
    for reason in dict.fromkeys(reason for item in found.lines for reason in item.unknown):
        line(target, Text(f"? {plain(reason)}", style="magenta"), 2)


def _write_ways(target: Console, outcome: Outcome) -> None:
    needed = [way for way in outcome.connections if way.needed]
    if needed and not outcome.blocked and not outcome.unneeded:
        closed = len(outcome.connections) - len(needed)
        _say(target, Verdict.FITS, f"{len(needed)} connections are needed and open, {closed} others are closed")
    for way in outcome.blocked:
        _say(
            target,
            Verdict.DOES_NOT_FIT,
            f"{way.source} cannot reach {way.target} on {way.protocol} {way.port}",
            way.reason,
        )
    for way in outcome.unneeded:
        message = f"{way.source} can reach {way.target} on {way.protocol} {way.port}, and nothing needs it"
        _say(target, Verdict.EXCEPT_DURING_ROLLOUT, message, way.reason)


def edge_record(edge: Edge) -> dict[str, Any]:
    """The routes, the port, and the files' texts."""
    record: dict[str, Any] = msgspec.to_builtins(edge)
    return {"version": FORMAT, **record}


def write_edge(edge: Edge, out: TextIO) -> None:
    """The route table, then what contradicts."""
    target = console(out)
    width = max(len(route.host) for route in edge.routes)
    for route in edge.routes:
        servers = ", ".join(route.servers) or "no server"
        line(target, Text(f"{plain(route.host):<{width}}  {plain(route.backend) or '-'} ({plain(servers)})"))
    line(
        target,
        Text(f"TLS ends {'at the edge' if edge.tls == 'edge' else 'in the cluster'}, node port {edge.node_port}"),
    )
    for problem in edge.problems:
        _say(target, Verdict.DOES_NOT_FIT, problem)
    if not edge.problems:
        _say(target, Verdict.FITS, "HAProxy, k3s and Traefik agree")


def write_differences(differences: Sequence[Difference], file: str, out: TextIO, form: str) -> None:
    """One line a difference."""
    if form == "json":
        write_record({"version": FORMAT, "file": file, "differences": msgspec.to_builtins(tuple(differences))}, out)
        return
    target = console(out)
    for item in differences:
        _say(target, Verdict.DOES_NOT_FIT, f"{item.service} ({item.about}): {item.message}")
    if not differences:
        _say(target, Verdict.FITS, f"the preview has everything of {file}")


def _say(target: Console, verdict: Verdict, text: str, hint: str = "") -> None:
    mark, style = _MARKS[verdict]
    line(target, Text.assemble((f"{mark} ", style), plain(text)))
    if hint:
        line(target, Text(f"→ {plain(hint)}", style="italic"), 4)
