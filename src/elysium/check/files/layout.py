"""The layout of a repository in layers: clusters, applications as base and overlay, infrastructure, monitoring.

It is that of Flux's own example (fluxcd/flux2-kustomize-helm-example), with a layer for monitoring beside it. A
repository that has not its three corner stones follows another layout, and nothing here is about it. One that
`elysium init` wrote follows it whatever is missing: the record of what was written says so.
"""

from __future__ import annotations

import posixpath

import msgspec

from elysium.check.context import Context

__all__ = ["Layout", "applications", "layout_of"]

_BASE = "apps/base"
_RECORD = ".elysium/cluster/{}.toml"
"""Where `elysium init` keeps what it wrote for a cluster."""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Clusters by name with their directories, those that `elysium init` wrote, every file and every folder."""

    clusters: dict[str, str]
    written: frozenset[str]
    files: frozenset[str]
    folders: frozenset[str]


def layout_of(context: Context) -> Layout | None:
    """The layout, if the repository follows it: `clusters/<name>`, `apps/base` and `infrastructure/controllers`."""
    found: Layout | None = context.__dict__.get("layout")
    if found is None:
        clusters = {
            posixpath.basename(directory): directory
            for directory in context.render.clusters
            if posixpath.dirname(directory) == "clusters"
        }
        folders = _folders(context.paths) if clusters else frozenset()
        files = frozenset(context.paths)
        written = frozenset(name for name in clusters if _RECORD.format(name) in files)
        found = Layout(clusters=clusters, written=written, files=files, folders=folders)
        context.__dict__["layout"] = found
    cornered = found.clusters and found.folders >= {_BASE, "infrastructure/controllers"}
    return found if cornered or found.written else None


def applications(layout: Layout) -> list[str]:
    """The folders of applications: the children of `apps/base` that hold YAML."""
    prefix = f"{_BASE}/"
    return sorted(
        {
            "/".join(path.split("/")[:3])
            for path in layout.files
            if path.startswith(prefix) and path.count("/") >= 3 and path.endswith((".yaml", ".yml"))
        }
    )


def _folders(paths: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for path in paths:
        folder = posixpath.dirname(path)
        while folder and folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return frozenset(found)
