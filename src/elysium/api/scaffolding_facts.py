"""The facts of a repository for its components: from its rendered objects, its folders, and its git remote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import PurePosixPath

import msgspec

from elysium.api.sourcing import remotes
from elysium.api.workspace import Workspace
from elysium.errors import UsageError
from elysium.evaluate import ObjectIndex
from elysium.model import Render, UnitKind
from elysium.scaffold import (
    RepositoryFacts,
    charts_in,
    deployed_offers,
    evident_offers,
    images_in,
    laid_out,
    read_file,
    with_objects,
    with_offers,
)
from elysium.sealing.certificates import CERTIFICATE_PATH

__all__ = ["facts_of", "remote_facts"]

_TIERS = ("apps", "clusters", "infrastructure", "monitoring")
_WORKFLOW = re.compile(r"\.(?:github|forgejo|gitea)/workflows/[^/]+\.ya?ml")
_NO_CLUSTER = "this repository has no cluster: `elysium init DIR` writes one into an empty folder"
_REMOTE = re.compile(
    r"(?:(?P<scheme>https?|ssh)://)?(?:[^@/\s]+@)?(?P<host>[\w.-]+(?::\d+)?)[:/](?P<path>[\w./~-]+?)(?:\.git)?/?"
)


def facts_of(workspace: Workspace) -> RepositoryFacts:
    """What the repository says of itself. Raises UsageError when it has several clusters and none was chosen."""
    directory = _cluster(workspace)
    facts = RepositoryFacts(
        cluster=PurePosixPath(directory).name,
        directory=directory,
        certificate=CERTIFICATE_PATH if (workspace.root / CERTIFICATE_PATH).is_file() else "",
        flux=workspace.settings.flux,
        kubernetes=workspace.settings.kubernetes,
    )
    facts = remote_facts(facts, remotes(workspace.directory))
    files = workspace.tree.files
    facts = msgspec.structs.replace(facts, charts=charts_in(files), images=images_in(files, facts.project.lower()))
    facts = with_offers(facts, deployed_offers(_workflows(workspace)))
    if not directory:
        return msgspec.structs.replace(facts, unapplied=dict.fromkeys(_TIERS, _NO_CLUSTER))
    render = workspace.render()
    facts = laid_out(facts, _applied(render, directory), files, partial(read_file, workspace.root))
    index = ObjectIndex(unit for unit in render.units if unit.id.cluster == directory)
    return with_offers(with_objects(facts, index), evident_offers(index))


def _workflows(workspace: Workspace) -> Iterator[str]:
    for path in workspace.tree.files:
        if _WORKFLOW.fullmatch(path):
            yield read_file(workspace.root, path) or ""


def _applied(render: Render, directory: str) -> dict[str, str]:
    """The paths of a cluster's Kustomizations by name, but for the root that applies the cluster's own folder."""
    return {
        unit.id.name: unit.path
        for unit in render.units
        if unit.id.cluster == directory and unit.id.kind is UnitKind.KUSTOMIZATION and unit.parent is not None
    }


def remote_facts(facts: RepositoryFacts, urls: Iterable[str]) -> RepositoryFacts:
    """The facts with the address that git knows the repository by, without the credentials that may stand in it."""
    for url in sorted(urls):
        found = _REMOTE.fullmatch(url)
        if found and "/" in found["path"]:
            owner, _, project = found["path"].strip("/").rpartition("/")
            secure = (found["scheme"] or "ssh").startswith("http")
            start = "https://" if secure else "ssh://git@"
            address = f"{start}{found['host']}/{owner}/{project}"
            return msgspec.structs.replace(facts, url=address, owner=owner, project=project)
    return facts


def _cluster(workspace: Workspace) -> str:
    """The directory of the cluster that is meant; empty for a repository without one, such as one with charts only."""
    found = [cluster.directory for cluster in workspace.clusters]
    if len(found) > 1:
        hint = f"--cluster names one of {', '.join(found)}"
        raise UsageError("there are several clusters", subject=str(workspace.path), hint=hint)
    return found[0] if found else ""
