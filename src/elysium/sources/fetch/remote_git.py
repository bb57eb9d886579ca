"""Git over the network: into bare mirrors in the cache, from which a commit is extracted like any other revision."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from elysium.kit import digests
from elysium.sources import git, urls
from elysium.sources.cache import Cache
from elysium.sources.fetch import git_access
from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.options import FetchSettings, Stop
from elysium.sources.requests import Credentials

__all__ = ["Mirror", "mirror"]

_TRANSIENT = re.compile(
    r"could not resolve|timed? ?out|connection (was )?(reset|refused|closed)|early EOF|unexpected disconnect|"
    r"error: (429|5\d\d)|hung up|network is unreachable|RPC failed",
    re.IGNORECASE,
)
_ABSENT = re.compile(r"couldn't find remote ref|not our ref", re.IGNORECASE)
_DENIED = re.compile(
    r"authentication failed|could not read (username|password)|permission denied|error: 40[13]", re.IGNORECASE
)


class Mirror:
    """A bare repository in the cache that holds what was fetched from one address."""

    def __init__(self, path: Path, url: str, settings: FetchSettings, stop: Stop, access: dict[str, str]) -> None:
        self.path = path
        self._url = url
        self._settings = settings
        self._stop = stop
        self._access = access

    def references(self, pattern: str) -> dict[str, str]:
        """Names and commits on the far side; annotated tags count as the commit they name."""
        found: dict[str, str] = {}
        for line in self._run("ls-remote", "--refs", self._url, pattern).decode("utf-8", "replace").splitlines():
            commit, _, name = line.partition("\t")
            found[name] = commit
        return found

    def fetch(self, reference: str) -> str:
        """Fetch one reference or commit, without history if the far side allows; its commit id."""
        mark = f"refs/elysium/{digests.of_parts(reference)[:20]}"
        try:
            self._run("fetch", *_QUIETLY, "--depth=1", self._url, f"+{reference}:{mark}")
        except FetchError:
            if not _is_commit(reference):
                raise
            self._run(
                "fetch", *_QUIETLY, self._url, "+refs/heads/*:refs/elysium/heads/*", "+refs/tags/*:refs/elysium/tags/*"
            )
            mark = reference
        try:
            return git.text(self.path, "rev-parse", "--verify", "--end-of-options", f"{mark}^{{commit}}")
        except git.GitError as error:
            message = f"{urls.redacted(self._url)} has no commit {reference}"
            raise FetchError(message, final=True) from error

    def _run(self, *arguments: str) -> bytes:
        for attempt in range(1, self._settings.attempts + 1):
            try:
                return git.run_remote(self.path, *arguments, variables=self._access, stopped=self._stop.is_set)
            except git.GitError as error:
                if attempt == self._settings.attempts or not _TRANSIENT.search(error.message):
                    raise self._failure(error.message) from error
            if self._stop.wait(min(self._settings.longest_pause, self._settings.pause * 2 ** (attempt - 1))):
                raise FetchError("interrupted")
        raise AssertionError("the last attempt returns or raises")

    def _failure(self, message: str) -> FetchError:
        shown = f"{urls.redacted(self._url)}: {message.replace(self._url, urls.redacted(self._url))}"
        if _DENIED.search(message):
            hint = "give credentials: a git credential helper, an ssh agent, netrc, or the source's secretRef"
            return FetchError(shown, hint=hint)
        if "certificate" in message:
            hint = "give the certificate authority with --ca-file, SSL_CERT_FILE or the source's secretRef"
            return FetchError(shown, hint=hint)
        return FetchError(shown, hint="check the address and the network", final=bool(_ABSENT.search(message)))


_QUIETLY = (
    "--no-tags",
    "--no-recurse-submodules",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--quiet",
    "--force",
)


@contextlib.contextmanager
def mirror(cache: Cache, url: str, credentials: Credentials, settings: FetchSettings, stop: Stop) -> Iterator[Mirror]:
    """The mirror of an address, for one user at a time."""
    _check(url, settings)
    bare, user, password = urls.without_login(url)
    name = digests.of_parts(bare)[:40]
    path = cache.section("git") / f"{name}.git"
    login = {"username": user.encode(), "password": password.encode()} if user else {}
    with cache.lock(f"git-{name}"), git_access.variables(bare, login, credentials, settings) as access:
        if not (path / "HEAD").is_file():
            with cache.staging() as staging:
                git.run(staging, "init", "--bare", "--quiet", "--template=", "mirror")
                cache.publish(staging / "mirror", "git", f"{name}.git")
        yield Mirror(path, bare, settings, stop, access)


def _check(url: str, settings: FetchSettings) -> None:
    scheme = urlsplit(url).scheme if "://" in url else ("ssh" if re.match(r"[^/:]+:(?!:)", url) else "file")
    allowed = ("https", "http", "ssh", "file") if settings.local else ("https", "http", "ssh")
    if scheme not in allowed or url.startswith("-"):
        raise FetchError(
            f"{urls.redacted(url)}: {scheme} is no way to fetch", hint="use https:// or ssh://", final=True
        )


def _is_commit(reference: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{40}([0-9a-f]{24})?", reference) is not None
