"""Put a repository and its submodules together, as `recurseSubmodules` asks for."""

from __future__ import annotations

import posixpath
from pathlib import Path

from elysium.sources import git, revision, stored, urls
from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.remote_git import mirror
from elysium.sources.fetch.session import Session
from elysium.sources.requests import Credentials, GitRequest

__all__ = ["assemble"]

_LONGEST_PATH = 500


def assemble(session: Session, request: GitRequest, mirrored: Path, commit: str) -> str:
    """The name of a stored tree that holds the commit's files and those of its submodules."""
    name = f"{commit}-submodules"
    if stored.load(session.cache, "artifacts", name) is None:
        with session.cache.staging() as staging:
            writer = stored.TreeWriter(staging, urls.redacted(request.url))
            _add(session, writer, request, (mirrored, commit), "")
            stored.store(session.cache, "artifacts", name, writer)
    return f"artifacts/{name}"


def _add(
    session: Session, writer: stored.TreeWriter, request: GitRequest, place: tuple[Path, str], prefix: str
) -> None:
    """Write a commit's files below `prefix`, then those of its submodules. No mirror is locked meanwhile."""
    if len(prefix) > _LONGEST_PATH:
        raise FetchError(f"submodules nest too deeply, at {prefix}", final=True)
    tree = stored.load(session.cache, "trees", revision.extract(*place, session.cache))
    if tree is None:
        raise FetchError("the extracted commit cannot be read", hint="run `elysium cache verify`")
    for path, digest in tree.files.items():
        writer.write(prefix + path, Path(tree.root, path).read_bytes(), digest)
    for path, (url, pinned) in _listed(*place, request.url).items():
        same_host = urls.normal_git(url).split("/")[0] == urls.normal_git(request.url).split("/")[0]
        credentials = request.credentials if same_host else Credentials()
        inner = GitRequest(url=url, kind="commit", value=pinned, credentials=credentials)
        with mirror(session.cache, url, credentials, session.settings, session.stop) as remote:
            remote.fetch(pinned)
        _add(session, writer, inner, (remote.path, pinned), f"{prefix}{path}/")


def _listed(mirrored: Path, commit: str, base: str) -> dict[str, tuple[str, str]]:
    """Address and commit of each submodule by its path."""
    pinned = {}
    for line in git.names(git.run(mirrored, "ls-tree", "-r", "-z", "--full-tree", commit)):
        meta, _, path = line.partition("\t")
        if meta.startswith("160000 "):
            pinned[path] = meta.split()[2]
    if not pinned:
        return {}
    lines = git.text(mirrored, "config", "--blob", f"{commit}:.gitmodules", "--get-regexp", r"\.(path|url)$")
    values = dict(line.split(" ", 1) for line in lines.splitlines() if " " in line)
    found = {}
    for key, path in values.items():
        url = values.get(key.removesuffix("path") + "url") if key.endswith(".path") else None
        if url and path in pinned:
            found[path] = (_absolute(base, url), pinned[path])
    return found


def _absolute(base: str, url: str) -> str:
    """A submodule's address; `../other.git` counts from the repository that names it."""
    if not url.startswith(("./", "../")):
        return url
    head, separator, path = base.partition("://") if "://" in base else base.partition(":")
    return f"{head}{separator}{posixpath.normpath(posixpath.join(path, url))}"
