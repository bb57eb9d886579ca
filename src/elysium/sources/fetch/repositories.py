"""Fetch a GitRepository: the commit that its reference means, as a tree in the cache."""

from __future__ import annotations

from elysium.sources import git, records, revision, urls
from elysium.sources.fetch import submodules
from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.remote_git import Mirror, mirror
from elysium.sources.fetch.session import Session
from elysium.sources.requests import GitRequest

__all__ = ["fetch_repository"]


def fetch_repository(session: Session, request: GitRequest) -> records.Record:
    """What the reference stands for now."""
    with mirror(session.cache, request.url, request.credentials, session.settings, session.stop) as remote:
        name, reference = _resolve(session, request, remote)
        commit = remote.fetch(reference)
        tree = f"trees/{revision.extract(remote.path, commit, session.cache)}"
    if request.submodules and git.run(remote.path, "ls-tree", "--name-only", commit, "--", ".gitmodules"):
        tree = submodules.assemble(session, request, remote.path, commit)
    algorithm = "sha256" if len(commit) == 64 else "sha1"
    known = f"{name}@{algorithm}:{commit}" if name else f"{algorithm}:{commit}"
    return records.record(request, tree=tree, revision=known, digest=commit)


def _resolve(session: Session, request: GitRequest, remote: Mirror) -> tuple[str, str]:
    """The name for the revision and the reference to fetch."""
    if request.kind == "commit":
        return "", request.value
    if request.kind == "name":
        return request.value, request.value
    if request.kind == "branch":
        return request.value, f"refs/heads/{request.value}"
    tag = request.value if request.kind == "tag" else _newest(session, request, remote)
    return tag, f"refs/tags/{tag}"


def _newest(session: Session, request: GitRequest, remote: Mirror) -> str:
    tags = [name.removeprefix("refs/tags/") for name in remote.references("refs/tags/*")]
    asked = {"range": request.value, "versions": tags, "prerelease": False, "filter": ""}
    chosen: str | None = session.call("semver.select", asked)["version"]
    if chosen is None:
        message = f"{urls.redacted(request.url)} has no tag that satisfies {request.value}"
        raise FetchError(message, hint=f"there are {len(tags)} tags", final=True)
    return chosen
