"""Order and cycles."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from elysium.resolve import Edge, EdgeKind, Graph, Node, cycles, order, release_name

_NAMES = st.sampled_from([f"n{number}" for number in range(8)])
_EDGES = st.dictionaries(_NAMES, st.lists(_NAMES, unique=True, max_size=4), max_size=8)


@given(_EDGES)
def test_every_cycle_is_a_walk_along_edges(edges: dict[str, list[str]]) -> None:
    for cycle in cycles(edges):
        assert all(following in edges[node] for node, following in pairwise(cycle))


@given(_EDGES)
def test_without_cycles_everything_comes_after_what_it_needs(edges: dict[str, list[str]]) -> None:
    nodes = sorted({*edges, *(target for targets in edges.values() for target in targets)})
    ordered = order(nodes, edges)
    assert sorted(ordered) == nodes
    if not cycles(edges):
        place = {node: position for position, node in enumerate(ordered)}
        assert all(place[target] < place[node] for node, targets in edges.items() for target in targets)


def test_a_cycle_is_found_once_and_begins_with_its_smallest_node() -> None:
    assert cycles({"b": ["c"], "c": ["a"], "a": ["b"], "d": ["a"]}) == [("a", "b", "c")]
    assert cycles({"a": ["a"]}) == [("a",)]


def _graph(*edges: tuple[str, str]) -> Graph:
    names = sorted({name for edge in edges for name in edge})
    nodes = tuple(Node(cluster="c", id=f"ks/f/{name}", kind="Kustomization", state="rendered") for name in names)
    drawn = tuple(
        Edge(cluster="c", source=f"ks/f/{source}", target=f"ks/f/{target}", kind=EdgeKind.DEPENDS_ON)
        for source, target in edges
    )
    return Graph(nodes=nodes, edges=drawn)


def test_an_expected_chain_holds() -> None:
    graph = _graph(("apps", "configs"), ("configs", "controllers"))
    assert graph.chain(["controllers", "configs", "apps"]) == []


def test_a_missing_an_extra_and_an_unknown_link_are_named() -> None:
    graph = _graph(("apps", "controllers"), ("configs", "controllers"))
    problems = graph.chain(["controllers", "configs", "apps"])
    assert problems == [
        "c: ks/f/apps does not depend on ks/f/configs",
        "c: ks/f/apps depends on ks/f/controllers, which the chain does not have",
    ]
    assert graph.chain(["controllers", "nowhere"]) == ["c: no unit is named nowhere"]


def test_release_names_are_shortened_as_flux_does() -> None:
    assert release_name("app", "", "") == "app"
    assert release_name("app", "", "target") == "target-app"
    assert release_name("app", "explicit", "target") == "explicit"
    long = release_name("a" * 60, "", "")
    assert len(long) == 53
    assert long.startswith("a" * 40 + "-")
