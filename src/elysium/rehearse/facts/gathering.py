"""Gather the facts of a cluster: from its settings, from a snapshot, from what the repository takes for granted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from elysium.model import Render
from elysium.rehearse.facts.addresses import gather_addresses
from elysium.rehearse.facts.classes import gather_classes
from elysium.rehearse.facts.definitions import Ask, gather_definitions
from elysium.rehearse.facts.facts import Facts
from elysium.rehearse.facts.folders import read_folders
from elysium.rehearse.facts.found import Found
from elysium.rehearse.facts.namespaces import gather_namespaces
from elysium.rehearse.facts.nodes import gather_nodes
from elysium.rehearse.facts.outside import gather_outside
from elysium.rehearse.facts.rendered import Rendered
from elysium.rehearse.facts.snapshot import Snapshot
from elysium.settings import ClusterSettings, Settings

__all__ = ["gather"]


def gather(
    cluster: str,
    renders: Sequence[Render],
    settings: Settings,
    snapshot: Snapshot | None,
    ask: Ask,
    *,
    root: Path | None = None,
) -> Facts:
    """Everything that has to be on the server before the first of `renders` is applied.

    What the settings of the cluster declare comes before what the snapshot says; what neither says is made up where
    objects ask for it, and told. What a unit of the first revision that needs it makes is not among it, so that an
    order that cannot work shows. `root` is the tree whose folders `schemas` are read. Raises SettingsError for a
    folder of schemas that is not there.
    """
    own = settings.cluster.get(cluster, ClusterSettings())
    rendered = Rendered(cluster, renders)
    known = snapshot or Snapshot()
    folders = read_folders(root, settings.schemas, ask) if root else {}
    external = tuple(dict.fromkeys((*settings.external, *own.external)))
    definitions = gather_definitions(rendered, folders, known, own.flux or settings.flux, ask)
    nodes = gather_nodes(rendered, own.nodes, known)
    classes = gather_classes(rendered, own, external, known)
    outside = gather_outside(rendered, external, known)
    namespaces = gather_namespaces(rendered, external, known)
    addresses = gather_addresses(rendered, known)
    return _facts(definitions, namespaces, nodes, classes, addresses, outside)


def _facts(*parts: Found) -> Facts:
    """The parts as one, with their objects in order."""
    return Facts(
        objects=tuple(msgspec.json.encode(body) for part in parts for body in part.objects),
        deferred={
            namespace: tuple(msgspec.json.encode(body) for body in bodies)
            for part in parts
            for namespace, bodies in part.deferred.items()
        },
        absent=frozenset(kind for part in parts for kind in part.absent),
        made_up=frozenset(name for part in parts for name in part.made_up),
        nodes=tuple(name for part in parts for name in part.nodes),
        classes={name: listed for part in parts for name, listed in part.classes.items()},
        assumptions=tuple(text for part in parts for text in part.assumptions),
        unknown=tuple(item for part in parts for item in part.unknown),
    )
