"""ExternalArtifacts that an ArtifactGenerator of the same cluster makes from sources that are here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from elysium.engine import Call
from elysium.model import RenderedObject
from elysium.render.world import World
from elysium.sources import Cache, generator
from elysium.sources.artifacts import Artifact, Missing
from elysium.sources.generator import GeneratedArtifact, GeneratorSource

__all__ = ["GENERATOR", "Generated"]

GENERATOR = ("source.extensions.fluxcd.io", "ArtifactGenerator")
_GATE = "made by {0}, as source-watcher would; the controllers read it with the feature gate ExternalArtifact"

Resolve = Callable[[GeneratorSource], tuple[Artifact, str] | Missing]
"""A source of a generator: its artifact with its `spec.ignore`."""


class Generated:
    """What the generators of one cluster make; each is run once for the same specification and sources."""

    def __init__(self, cache: Cache, call: Call) -> None:
        self._cache = cache
        self._call = call
        self._made: dict[bytes, list[GeneratedArtifact]] = {}

    def find(self, namespace: str, name: str, world: World, resolve: Resolve) -> Artifact | Missing | None:
        """The artifact of this name, or None when no generator makes it."""
        for item in world.of_kind(*GENERATOR):
            for made in self._run(item, resolve):
                if (made.namespace, made.name) == (namespace, name):
                    return self._assumed(made.artifact, item)
        return None

    def _run(self, item: RenderedObject, resolve: Resolve) -> list[GeneratedArtifact]:
        spec: Any = item.body().get("spec")
        if not isinstance(spec, Mapping):
            return []
        try:
            sources = {source.alias: resolve(source) for source in generator.sources_of(item.namespace, spec)}
            key = msgspec.msgpack.encode([item.raw, [_mark(alias, found) for alias, found in sources.items()]])
            if key not in self._made:
                self._made[key] = generator.generate(item.namespace, spec, sources, self._cache, self._call)
        except ValueError:  # the schema rule says what is wrong with it
            return []
        return self._made[key]

    def _assumed(self, found: Artifact | Missing, item: RenderedObject) -> Artifact | Missing:
        if isinstance(found, Missing):
            return found
        said = ". ".join(part for part in (found.assumption, _GATE.format(item)) if part)
        return msgspec.structs.replace(found, assumption=said)


def _mark(alias: str, found: tuple[Artifact, str] | Missing) -> list[str]:
    return [alias, str(found)] if isinstance(found, Missing) else [alias, found[0].digest, found[1]]
