"""Fetch what a render found missing, until it finds nothing missing any more."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable

import msgspec

from elysium.model import ObjectId
from elysium.render import RenderRun
from elysium.render.cluster import ClusterRun
from elysium.sources.fetch import FetchEvent, FetchSettings, Outcome, fetch
from elysium.sources.library import Library
from elysium.sources.requests import Request

__all__ = ["fetch_all"]

_ROUNDS = 10
"""A source may hold objects that name further sources; deeper than this nobody nests them."""


def fetch_all(
    render: Callable[[], RenderRun],
    library: Library,
    settings: FetchSettings,
    notice: Callable[[FetchEvent], None],
    *,
    refresh: bool = False,
) -> list[Outcome]:
    """Fetch in rounds: what a first round brought may need more. `render` renders anew each time it is called.

    With `refresh` also what is here already: a branch, a tag or a version range may mean something else by now.
    """
    outcomes: dict[str, Outcome] = {}
    for _ in range(_ROUNDS):
        run = render()
        asked = library.asked if refresh else run.needs
        wanted = [request for key, request in sorted({**asked, **run.needs}.items()) if key not in outcomes]
        if not wanted:
            break
        known = _secrets(wanted, run.clusters)
        found = fetch(wanted, library, notice, _with_secrets(settings, known))
        outcomes.update({outcome.request.key: outcome for outcome in found})
    return list(outcomes.values())


def _with_secrets(settings: FetchSettings, secrets: dict[str, dict[str, bytes]]) -> FetchSettings:
    return msgspec.structs.replace(settings, secrets={**settings.secrets, **secrets})


def _secrets(requests: Iterable[Request], clusters: Iterable[ClusterRun]) -> dict[str, dict[str, bytes]]:
    """The values of the Secrets that the requests name, where the repository has them in a form that can be read."""
    names = {name for request in requests for name in request.credentials.names}
    found: dict[str, dict[str, bytes]] = {}
    for name in sorted(names):
        namespace, _, label = name.partition("/")
        for cluster in clusters:
            item = cluster.world.find(ObjectId("", "Secret", namespace, label))
            if item is not None:
                body = item.body()
                data = {str(key): _decoded(value) for key, value in (body.get("data") or {}).items()}
                found[name] = data | {str(k): str(v).encode() for k, v in (body.get("stringData") or {}).items()}
                break
    return found


def _decoded(value: object) -> bytes:
    try:
        return base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError):
        return str(value).encode()
