"""The graph in its four forms."""

from __future__ import annotations

import json

import pytest

from elysium.present.graphs import draw
from elysium.resolve import Edge, EdgeKind, Graph, Node

CLUSTER = "clusters/test"


def graph() -> Graph:
    def node(name: str, state: str = "rendered") -> Node:
        return Node(cluster=CLUSTER, id=name, kind="Kustomization", state=state)

    def edge(source: str, target: str, kind: EdgeKind, *, missing: bool = False) -> Edge:
        return Edge(cluster=CLUSTER, source=source, target=target, kind=kind, missing=missing)

    return Graph(
        nodes=(node("ks/a/root"), node("ks/a/apps", "failed"), node("ks/a/infra"), node('Secret/a/"quoted"', "")),
        edges=(
            edge("ks/a/apps", "ks/a/infra", EdgeKind.DEPENDS_ON),
            edge("ks/a/apps", 'Secret/a/"quoted"', EdgeKind.SUBSTITUTE_FROM, missing=True),
            edge("ks/a/root", "ks/a/apps", EdgeKind.CREATES),
        ),
    )


def test_text_is_in_the_order_of_reconciliation() -> None:
    assert draw(graph(), "text").splitlines() == [
        "clusters/test",
        "  ks/a/infra",
        "  ks/a/root",
        "    makes ks/a/apps",
        "  ks/a/apps  (failed)",
        "    after ks/a/infra",
        '    reads Secret/a/"quoted"  (missing)',
    ]


def test_a_cycle_is_named() -> None:
    edges = tuple(
        Edge(cluster=CLUSTER, source=source, target=target, kind=EdgeKind.DEPENDS_ON)
        for source, target in (("ks/a/b", "ks/a/c"), ("ks/a/c", "ks/a/b"))
    )
    nodes = tuple(Node(cluster=CLUSTER, id=name, kind="Kustomization", state="failed") for name in ("ks/a/b", "ks/a/c"))
    assert "  cycle: ks/a/b → ks/a/c → ks/a/b" in draw(Graph(nodes=nodes, edges=edges), "text").splitlines()


def test_json_has_nodes_and_edges() -> None:
    record = json.loads(draw(graph(), "json"))
    assert [node["id"] for node in record["nodes"]][:2] == ["ks/a/root", "ks/a/apps"]
    assert record["edges"][0] == {
        "cluster": CLUSTER,
        "source": "ks/a/apps",
        "target": "ks/a/infra",
        "kind": "dependsOn",
        "missing": False,
        "optional": False,
    }


@pytest.mark.parametrize(
    ("form", "quoted"), [("dot", r"Secret/a/\"quoted\""), ("mermaid", "Secret/a/&quot;quoted&quot;")]
)
def test_names_are_escaped(form: str, quoted: str) -> None:
    assert quoted in draw(graph(), form)


def test_mermaid_marks_states() -> None:
    text = draw(graph(), "mermaid")
    assert text.startswith("graph LR\n")
    assert '["ks/a/apps"]:::failed' in text
