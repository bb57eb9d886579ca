"""What depends on what: units, their sources and the objects that they read, as one graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

__all__ = ["Edge", "EdgeKind", "Graph", "Node", "cycles", "order"]


class EdgeKind(StrEnum):
    """Why one node needs another."""

    DEPENDS_ON = "dependsOn"
    SOURCE = "source"
    SUBSTITUTE_FROM = "substituteFrom"
    VALUES_FROM = "valuesFrom"
    CREATES = "creates"
    CHART = "chart"
    REFERENCE = "reference"


class Node(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A unit, a source or an object that is read. `id` is unique in its cluster: `ks/flux-system/apps`,
    `Secret/a/b`.
    """

    cluster: str
    id: str
    kind: str
    state: str = ""


class Edge(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """`source` needs `target` (for `creates`: makes it). `missing`: nothing in the repository is the target."""

    cluster: str
    source: str
    target: str
    kind: EdgeKind
    missing: bool = False
    optional: bool = False


class Graph(msgspec.Struct, frozen=True, kw_only=True):
    """Nodes and edges of all clusters, sorted."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def chain(self, names: Sequence[str]) -> list[str]:
        """What is wrong with an expected dependency chain `a>b>c` (each later one depends on the one before).

        A name is a Kustomization's or HelmRelease's name, or its full id. Returns one sentence for each missing or
        extra edge, and none when the chain holds in every cluster that has any of its names.
        """
        problems: list[str] = []
        clusters = sorted({node.cluster for node in self.nodes})
        for cluster in clusters:
            ids = [self._find(cluster, name) for name in names]
            if not any(ids):
                continue
            problems.extend(
                f"{cluster}: no unit is named {name}" for name, found in zip(names, ids, strict=True) if not found
            )
            problems.extend(self._links(cluster, [found for found in ids if found]))
        if not problems and not any(self._find(cluster, name) for cluster in clusters for name in names):
            problems.append(f"no unit is named {' or '.join(names)}")
        return problems

    def _find(self, cluster: str, name: str) -> str:
        for node in self.nodes:
            if node.cluster == cluster and node.state and (node.id == name or node.id.rpartition("/")[2] == name):
                return node.id
        return ""

    def _links(self, cluster: str, ids: Sequence[str]) -> Iterable[str]:
        wanted = set(zip(ids[1:], ids, strict=False))
        present = {
            (edge.source, edge.target)
            for edge in self.edges
            if edge.cluster == cluster
            and edge.kind is EdgeKind.DEPENDS_ON
            and edge.source in ids
            and edge.target in ids
        }
        for source, target in sorted(wanted - present):
            yield f"{cluster}: {source} does not depend on {target}"
        for source, target in sorted(present - wanted):
            yield f"{cluster}: {source} depends on {target}, which the chain does not have"


def cycles(edges: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """The cycles of a directed graph (node → nodes it needs): one tuple for each strongly connected component that has
    more than one node or a loop, beginning with its smallest node. Tarjan's algorithm, without recursion.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[tuple[str, ...]] = []
    for start in sorted(edges):
        if start in index:
            continue
        work = [(start, iter(sorted(edges.get(start, ()))))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while work:
            node, following = work[-1]
            successor = next(following, None)
            if successor is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    _close(node, stack, on_stack, edges, found)
            elif successor not in index:
                index[successor] = low[successor] = len(index)
                stack.append(successor)
                on_stack.add(successor)
                work.append((successor, iter(sorted(edges.get(successor, ())))))
            elif successor in on_stack:
                low[node] = min(low[node], index[successor])
    return sorted(found)


def _close(
    node: str,
    stack: list[str],
    on_stack: set[str],
    edges: Mapping[str, Sequence[str]],
    found: list[tuple[str, ...]],
) -> None:
    component: list[str] = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        component.append(member)
        if member == node:
            break
    if len(component) > 1 or node in edges.get(node, ()):
        found.append(_walk(component, edges))


def _walk(component: list[str], edges: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A path through a component along its edges, from its smallest node, as a person would follow it."""
    members = set(component)
    path = [min(component)]
    while True:
        following = next((n for n in sorted(edges.get(path[-1], ())) if n in members and n not in path), None)
        if following is None:
            return tuple(path)
        path.append(following)


def order(nodes: Iterable[str], edges: Mapping[str, Sequence[str]]) -> list[str]:
    """The nodes so that each comes after what it needs, by name where free; nodes of cycles come last, by name."""
    remaining = {node: set(edges.get(node, ())) for node in nodes}
    result: list[str] = []
    while remaining:
        ready = sorted(node for node, needs in remaining.items() if not needs & remaining.keys() - {node})
        if not ready:
            result.extend(sorted(remaining))
            break
        result.extend(ready)
        for node in ready:
            del remaining[node]
    return result
