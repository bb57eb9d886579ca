"""The dependency graph: as text in the order of reconciliation, as JSON, DOT and Mermaid."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from elysium.present.records import FORMAT
from elysium.resolve import Edge, EdgeKind, Graph, Node, cycles, order

__all__ = ["draw"]


def draw(graph: Graph, form: str) -> str:
    """The graph as `text`, `json`, `dot` or `mermaid`."""
    forms: dict[str, Callable[[Graph], str]] = {"text": _text, "json": _json, "dot": _dot, "mermaid": _mermaid}
    return forms[form](graph)


def _json(graph: Graph) -> str:
    data = msgspec.json.encode({"version": FORMAT, "nodes": graph.nodes, "edges": graph.edges})
    return msgspec.json.format(data, indent=2).decode() + "\n"


def _text(graph: Graph) -> str:
    lines: list[str] = []
    for cluster, nodes, edges in _by_cluster(graph):
        lines.append(cluster or ".")
        needs = _needs(edges)
        units = [node for node in nodes if node.state]
        known = {node.id: node for node in units}
        ordered = order(known, _before(edges))
        for unit in ordered:
            state = known[unit].state
            lines.append(f"  {unit}" + (f"  ({state})" if state != "rendered" else ""))
            lines.extend(f"    {_why(edge)} {edge.target}{_remark(edge)}" for edge in needs.get(unit, ()))
        lines.extend(f"  cycle: {' → '.join((*cycle, cycle[0]))}" for cycle in _cycles(edges))
    return "\n".join(lines) + "\n" if lines else "nothing depends on anything\n"


def _before(edges: Iterable[Edge]) -> dict[str, list[str]]:
    """For each unit, those that Flux reaches before it: what it depends on, and what makes it."""
    found: dict[str, list[str]] = {}
    for edge in edges:
        if _orders(edge):
            found.setdefault(edge.source, []).append(edge.target)
        elif edge.kind is EdgeKind.CREATES:
            found.setdefault(edge.target, []).append(edge.source)
    return found


def _why(edge: Edge) -> str:
    words = {EdgeKind.DEPENDS_ON: "after", EdgeKind.CREATES: "makes", EdgeKind.SOURCE: "from", EdgeKind.CHART: "chart"}
    return words.get(edge.kind, "reads")


def _remark(edge: Edge) -> str:
    if edge.missing:
        return "  (optional, missing)" if edge.optional else "  (missing)"
    return "  (optional)" if edge.optional else ""


def _orders(edge: Edge) -> bool:
    return edge.kind is EdgeKind.DEPENDS_ON


def _needs(edges: Iterable[Edge]) -> dict[str, list[Edge]]:
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        found.setdefault(edge.source, []).append(edge)
    return found


def _cycles(edges: Iterable[Edge]) -> list[tuple[str, ...]]:
    needs: dict[str, list[str]] = {}
    for edge in edges:
        if _orders(edge):
            needs.setdefault(edge.source, []).append(edge.target)
    return cycles(needs)


def _dot(graph: Graph) -> str:
    lines = ["digraph elysium {", "  rankdir=LR;", '  node [shape=box, fontname="sans-serif"];']
    for number, (cluster, nodes, edges) in enumerate(_by_cluster(graph)):
        lines.append(f"  subgraph cluster_{number} {{")
        lines.append(f"    label={_quoted(cluster or '.')};")
        for node in nodes:
            lines.append(f"    {_quoted(_key(cluster, node.id))} [label={_quoted(node.id)}{_dot_style(node)}];")
        lines.append("  }")
        for edge in edges:
            ends = f"{_quoted(_key(cluster, edge.source))} -> {_quoted(_key(cluster, edge.target))}"
            style = ", color=red" if edge.missing else ", style=dashed" if edge.kind is EdgeKind.CREATES else ""
            lines.append(f"  {ends} [label={_quoted(edge.kind.value)}{style}];")
    return "\n".join([*lines, "}"]) + "\n"


def _dot_style(node: Node) -> str:
    colours = {"failed": "red", "unknown": "purple", "suspended": "grey"}
    return f", color={colours[node.state]}" if node.state in colours else ""


def _mermaid(graph: Graph) -> str:
    lines = ["graph LR"]
    names: dict[str, str] = {}
    for number, (cluster, nodes, edges) in enumerate(_by_cluster(graph)):
        lines.append(f'  subgraph c{number}["{_escaped(cluster or ".")}"]')
        for node in nodes:
            name = names.setdefault(_key(cluster, node.id), f"n{len(names)}")
            suffix = f":::{node.state}" if node.state in ("failed", "unknown", "suspended") else ""
            lines.append(f'    {name}["{_escaped(node.id)}"]{suffix}')
        lines.append("  end")
        for edge in edges:
            source = names.setdefault(_key(cluster, edge.source), f"n{len(names)}")
            target = names.setdefault(_key(cluster, edge.target), f"n{len(names)}")
            arrow = "-.->" if edge.kind is EdgeKind.CREATES else "-->"
            lines.append(f"  {source} {arrow}|{edge.kind.value}| {target}")
    lines.append("  classDef failed stroke:#c00;")
    lines.append("  classDef unknown stroke:#808;")
    lines.append("  classDef suspended stroke:#888,stroke-dasharray: 4;")
    return "\n".join(lines) + "\n"


def _by_cluster(graph: Graph) -> list[tuple[str, list[Node], list[Edge]]]:
    clusters = sorted({node.cluster for node in graph.nodes} | {edge.cluster for edge in graph.edges})
    return [
        (
            cluster,
            [node for node in graph.nodes if node.cluster == cluster],
            [edge for edge in graph.edges if edge.cluster == cluster],
        )
        for cluster in clusters
    ]


def _key(cluster: str, name: str) -> str:
    return f"{cluster} {name}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
