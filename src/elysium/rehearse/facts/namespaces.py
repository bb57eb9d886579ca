"""Namespaces that are there before Flux and that no unit makes.

A namespace that neither a unit nor anybody else makes is not put there: what lies in it is refused, as it would be. The
namespace that a root lies in is older than what the root leads to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from elysium.rehearse.facts.bodies import namespace_body
from elysium.rehearse.facts.found import Found
from elysium.rehearse.facts.rendered import Rendered
from elysium.rehearse.facts.snapshot import Snapshot

__all__ = ["gather_namespaces"]

_OF_KUBERNETES = ("default", "kube-node-lease", "kube-public", "kube-system")
_OF_FLUX = "flux-system"


def gather_namespaces(rendered: Rendered, external: Iterable[str], snapshot: Snapshot) -> Found:
    """Flux's own namespace, those of the roots, of the snapshot, and of what is declared outside of Git."""
    seen = {namespace.name: namespace.labels for namespace in snapshot.namespaces}
    first = dict.fromkeys(name for name in _of_flux(rendered) if name not in rendered.rooted_namespaces)
    others = dict.fromkeys(name for name in (*seen, *_of_external(external)) if name not in rendered.namespaces)
    wanted = [name for name in first | others if name not in _OF_KUBERNETES]
    return Found(objects=[namespace_body(name, seen.get(name)) for name in wanted])


def _of_flux(rendered: Rendered) -> Iterator[str]:
    yield _OF_FLUX
    yield from (unit.id.namespace for unit in rendered.units if unit.parent is None)


def _of_external(external: Iterable[str]) -> Iterator[str]:
    for text in external:
        kind, namespace, name = text.split("/", 2)
        if namespace or kind == "Namespace":
            yield namespace or name
