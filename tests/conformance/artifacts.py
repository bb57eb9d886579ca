"""OCI artifacts of a case, put into the cache as `elysium fetch` would have left them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from elysium.sources import Cache, records, specifications, stored
from elysium.sources.content import blob_digest

__all__ = ["keep_artifact"]


def keep_artifact(cache: Path, identity: str, spec: dict[str, Any], folder: Path, revision: str) -> None:
    """`identity` (`OCIRepository/namespace/name`) with this spec was fetched: it is `folder` at `revision`."""
    kind, namespace, name = identity.split("/")
    kept = Cache(cache)
    with kept.staging() as staging:
        writer = stored.TreeWriter(staging, identity)
        for path in sorted(item for item in folder.rglob("*") if item.is_file()):
            content = path.read_bytes()
            writer.write(path.relative_to(folder).as_posix(), content, blob_digest(content))
        stored.store(kept, "artifacts", name, writer)
    request = specifications.request_of(kind, namespace, spec)
    record = records.record(request, tree=f"artifacts/{name}", revision=revision, digest=revision.rpartition("@")[2])
    records.write(kept, request, record)
