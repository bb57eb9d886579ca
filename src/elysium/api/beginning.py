"""A fitting `elysium.toml` for a repository that is there: what it says of itself, and why each line is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from elysium.api.beginning_facts import External, Found, clusters_of, externals, hostnames, local_checkouts, versions_of
from elysium.api.workspace import Progress, Workspace
from elysium.errors import UsageError
from elysium.settings import DEFAULT_FLUX, FLUX_VERSIONS, read_settings

__all__ = ["Beginning", "begin"]

_NAME = "elysium.toml"


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """The file, whether it was written, and its text."""

    file: str
    written: bool
    text: str


def begin(path: Path, *, dry_run: bool = False, progress: Progress | None = None) -> Beginning:
    """Look at the repository at `path` and write its `elysium.toml`. Raises UsageError when there is one."""
    with Workspace(path, progress=progress) as workspace:
        target = workspace.root / _NAME
        if not dry_run and os.path.lexists(target):
            hint = "--dry-run shows what would be written"
            raise UsageError("there is one already, and it stays", subject=str(target), hint=hint)
        text = "\n".join(_lines(workspace)) + "\n"
    read_settings(target.parent, text=text)
    if not dry_run:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    return Beginning(file=str(target), written=not dry_run, text=text)


def _lines(workspace: Workspace) -> Iterator[str]:
    yield "# What Elysium cannot read from the repository. Every setting: docs/settings.md."
    yield ""
    yield from _versions(workspace)
    yield from _clusters(workspace)
    yield from _external(externals(workspace.render()))
    yield from _sources(local_checkouts(workspace))
    yield from _nodes(workspace)
    yield from _baseline(workspace)


def _versions(workspace: Workspace) -> Iterator[str]:
    served = workspace.pool.versions().kubernetes
    found = versions_of(workspace)
    yield from _version("flux", "Flux", found.get("flux"), FLUX_VERSIONS, DEFAULT_FLUX)
    yield from _version("kubernetes", "Kubernetes", found.get("kubernetes"), served, served[-1])
    yield ""


def _version(key: str, name: str, found: Found | None, known: tuple[str, ...], newest: str) -> Iterator[str]:
    if found is None:
        yield f"# Nothing here says which {name} runs: the newest is taken."
        yield f'# {key} = "{newest}"'
    elif found.value in known:
        yield f"# {found.place} says so."
        yield f'{key} = "{found.value}"'
    else:
        yield f"# {found.place} says {found.value}; known are {', '.join(known)}. The newest is taken."
        yield f'# {key} = "{newest}"'


def _clusters(workspace: Workspace) -> Iterator[str]:
    found = clusters_of(workspace)
    guessed = [name for name, place in found if not place]
    for name, place in found:
        if place:
            yield f"# The cluster {name or '.'} begins where {place} says."
    if guessed and all(name.startswith("clusters/") for name in guessed):
        yield f"# The children of clusters/ are the clusters: {', '.join(guessed)}."
    elif guessed and "" not in guessed:
        yield "# Nothing says how Flux was installed; these directories are where its Kustomizations begin."
        yield f"clusters = {_list(guessed)}"
    elif guessed:
        yield "# Nothing says how Flux was installed: everything here is taken for one cluster."
    yield ""


def _external(found: list[External]) -> Iterator[str]:
    if not found:
        return
    yield "# These are needed and nothing in Git makes them; they are put into the cluster by hand or at bootstrap:"
    for item in found:
        yield f"#   {item.name}: {item.why}"
    yield f"external = {_list([item.name for item in found])}"
    yield ""


def _sources(found: list[tuple[str, str]]) -> Iterator[str]:
    if not found:
        return
    yield "# Checkouts beside this one that are sources here. Without the # they are used in place of what is fetched;"
    yield "# leave it where others, or a pipeline, do not have them."
    yield "# sources = ["
    for url, path in found:
        yield f'#   "git-url={url}={path}",'
    yield "# ]"
    yield ""


def _nodes(workspace: Workspace) -> Iterator[str]:
    names = hostnames(workspace.render())
    cluster = next((name for name, _ in clusters_of(workspace)), "")
    yield "# With the nodes of a cluster, `elysium check` tells which pods fit on none:"
    yield f'# [[cluster."{cluster}".nodes]]'
    yield f'# name = "{names[0] if names else "node-1"}"' + ("  # named by pods here" if names else "")
    yield '# cpu = "4"'
    yield '# memory = "16Gi"'
    yield ""


def _baseline(workspace: Workspace) -> Iterator[str]:
    report = workspace.check()
    errors, warnings = report.summary.findings["error"], report.summary.findings["warning"]
    if errors + warnings:
        yield f"# A check finds this today: errors {errors}, warnings {warnings}. To see only new ones from now on:"
        yield "#   elysium check --baseline elysium-baseline.json --update-baseline"
        yield '# baseline = "elysium-baseline.json"'
    else:
        yield '# Nothing is found here today. A stricter profile: "review", "gitops", "security", "strict".'
        yield '# profile = "review"'


def _list(values: list[str]) -> str:
    return "[" + ", ".join(msgspec.json.encode(value).decode() for value in values) + "]"
