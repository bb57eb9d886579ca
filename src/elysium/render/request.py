"""A question to the engine, with what is needed to remember its answer."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from elysium.model import Assumption, ObjectId
from elysium.render.location import Location

__all__ = ["Request"]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One build or chart rendering.

    `sensitive`: plaintext of a Secret takes part, so the answer is never written to the cache. `content` stands for
    parts of the input that are named by path only (a chart's digest). `open_ended`: Secrets that may define more
    variables.
    """

    method: str
    params: dict[str, Any]
    location: Location
    sensitive: bool = False
    content: str = ""
    open_ended: tuple[ObjectId, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    chart_path: str = ""

    def signature(self) -> str:
        """A digest of the whole question: equal questions have equal answers as long as the trees are the same."""
        return self._digest(("chart", "values_files_tree"))

    def key(self) -> str:
        """The signature without what only some answers depend on: the tree (checked by what was read) and the APIs."""
        return self._digest(("tree", "chart", "values_files_tree", "apis"))

    def _digest(self, without: tuple[str, ...]) -> str:
        named = {key: value for key, value in self.params.items() if key not in without}
        encoded = msgspec.msgpack.encode([self.method, named, self.location.rules, self.content], order="deterministic")
        return hashlib.sha256(encoded).hexdigest()
