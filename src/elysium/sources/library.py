"""Where a render asks for its sources: the repository itself, mapped directories, and what was fetched before."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from elysium.errors import EngineError
from elysium.sources import charts, records, specifications, stored, urls
from elysium.sources.addresses import parse_address
from elysium.sources.artifacts import Artifact, ChartArtifact, Missing, Rules
from elysium.sources.cache import Cache
from elysium.sources.mapping import MappingForm, SourceMapping
from elysium.sources.requests import (
    BucketRequest,
    Credentials,
    GitRequest,
    HelmChartRequest,
    OCIRequest,
    RemoteBaseRequest,
    Request,
)
from elysium.sources.tree import Tree
from elysium.sources.working import open_folder

__all__ = ["Library"]

_RULES: dict[str, Rules] = {"GitRepository": "git", "OCIRepository": "git", "Bucket": "bucket"}


class Library:
    """Answers what a source is, without the network. The same question has the same answer while the library lives.

    `own` is the tree that is looked at; it stands for every GitRepository whose address is one of `own_urls`.
    """

    def __init__(
        self,
        *,
        cache: Path,
        mappings: Sequence[SourceMapping],
        own: Tree,
        own_urls: frozenset[str],
        call: charts.Call,
    ) -> None:
        self.cache = Cache(cache)
        self.own = own.without_links()
        self._mappings = tuple(mappings)
        self._own_urls = frozenset(urls.normal_git(url) for url in own_urls)
        self.call = call
        self._folders: dict[str, Tree] = {}
        self._charts: dict[tuple[str, ...], ChartArtifact | Missing] = {}
        self._artifacts: dict[str, Artifact | Missing] = {}
        self.asked: dict[str, Request] = {}
        """Every request that the answers so far rest on, by key: what `elysium fetch --refresh` asks for again."""

    def forget(self) -> None:
        """Look again: something was fetched, or a mapped directory changed."""
        for known in (self._folders, self._charts, self._artifacts):
            known.clear()

    def is_own(self, url: str) -> bool:
        """Whether a GitRepository with this address is the repository that is looked at."""
        return urls.normal_git(url) in self._own_urls

    def artifact(self, kind: str, namespace: str, name: str, spec: Mapping[str, Any]) -> Artifact | Missing:
        """The content of a GitRepository, OCIRepository, Bucket or ExternalArtifact (or any other mapped object)."""
        subject = f"{kind}/{namespace}/{name}"
        for mapping in self._mappings:
            if mapping.serves_object(kind, namespace, name):
                return self._mapped(mapping, _RULES.get(kind, "none"))
        if kind == "ExternalArtifact":
            return Missing(
                state="unknown",
                reason=f"{subject} is made by a controller outside this repository",
                remedy=f"map a directory: --source {subject}=PATH",
            )
        try:
            request = specifications.request_of(kind, namespace, spec)
        except ValueError as error:
            return Missing(state="failed", reason=f"{subject}: {error}", remedy="mend the source object")
        return self._requested(request, subject, kind, spec)

    def _requested(self, request: Request, subject: str, kind: str, spec: Mapping[str, Any]) -> Artifact | Missing:
        rules = _RULES[kind]
        if isinstance(request, BucketRequest):
            reason = f"{subject}: buckets are not read by Elysium"
            remedy = f"map a copy: --source {subject}=PATH"
            return Missing(state="unknown", reason=reason, remedy=remedy, request=request)
        if isinstance(request, GitRequest):
            if self.is_own(request.url):
                return self._own(request, subject, spec)
            found = self._by_url("git-url", request.url)
        else:
            found = self._by_url("oci-url", request.url) if isinstance(request, OCIRequest) else None
        if found is not None:
            return self._mapped(found, rules)
        return _sparse(self._fetched(request, rules, f"--source {subject}=PATH"), spec)

    def chart(
        self,
        url: str,
        name: str,
        version: str = "",
        *,
        prerelease: bool = False,
        repository: str = "",
        credentials: Credentials | None = None,
    ) -> ChartArtifact | Missing:
        """A chart of a Helm repository. `repository` is the HelmRepository as `namespace/name`, if there is one."""
        key = (url, name, version, str(prerelease), repository)
        found = self._charts.get(key)
        if found is None:
            query = charts.ChartQuery(name=name, version=version, prerelease=prerelease)
            mapping = self._chart_mapping(url, repository)
            request = HelmChartRequest(
                url=url.rstrip("/"),
                name=name,
                version="" if version == "*" else version,
                credentials=credentials or Credentials(),
            )
            found = self._fetched_chart(request) if mapping is None else self._mapped_chart(mapping, query)
            self._charts[key] = found
        return found

    def _mapped_chart(self, mapping: SourceMapping, query: charts.ChartQuery) -> ChartArtifact | Missing:
        try:
            found = charts.find_in_directory(Path(mapping.path), query, self.call, self.cache)
        except EngineError as error:
            return Missing(state="failed", reason=f"chart {query}: {error.message}", remedy="mend the version")
        return found if isinstance(found, Missing) else _assumed(found, mapping)

    def remote_base(self, url: str) -> Artifact | Missing:
        """What a kustomization.yaml names by an address; `Artifact.directory` is where it stands.

        A mapped repository (`git-url`) serves its directories at any reference.
        """
        try:
            address = parse_address(url)
        except ValueError as error:
            return Missing(
                state="failed", reason=f"remote base {urls.redacted(url)}: {error}", remedy="mend the address"
            )
        mapping = self._by_url("git-url", address.url) if address else None
        if address is not None and mapping is not None:
            return msgspec.structs.replace(self._mapped(mapping, "none"), path=address.path)
        return self._fetched(RemoteBaseRequest(url=url), "none", "copying it into the repository")

    def _own(self, request: GitRequest, subject: str, spec: Mapping[str, Any]) -> Artifact | Missing:
        assumption = f"{subject} is this repository: the tree looked at stands for its {request.kind} {request.value}"
        own = Artifact(
            tree=self.own, revision=self.own.revision, digest=self.own.digest, rules="git", assumption=assumption
        )
        return _sparse(own, spec)

    def _by_url(self, form: MappingForm, url: str) -> SourceMapping | None:
        return next((mapping for mapping in self._mappings if mapping.serves_url(form, url)), None)

    def _chart_mapping(self, url: str, repository: str) -> SourceMapping | None:
        namespace, _, name = repository.partition("/")
        for mapping in self._mappings:
            if mapping.serves_object("HelmRepository", namespace, name) or mapping.serves_url("chart-repo", url):
                return mapping
        return None

    def _mapped(self, mapping: SourceMapping, rules: Rules) -> Artifact:
        tree = self._folders.get(mapping.path)
        if tree is None:
            tree = self._folders[mapping.path] = open_folder(mapping.path, self.cache).without_links()
        revision = f"mapped@sha256:{tree.digest}"
        assumption = f"{mapping.target} was taken from {mapping.path}"
        return Artifact(tree=tree, revision=revision, digest=tree.digest, rules=rules, assumption=assumption)

    def _fetched(self, request: Request, rules: Rules, otherwise: str) -> Artifact | Missing:
        self.asked[request.key] = request
        found = self._artifacts.get(request.key)
        if found is None:
            found = self._artifacts[request.key] = self._recorded(request, rules, otherwise)
        return found

    def _recorded(self, request: Request, rules: Rules, otherwise: str) -> Artifact | Missing:
        record = records.read(self.cache, request)
        if record is not None and record.failure:
            return _refused(request, record.failure)
        tree = _stored(self.cache, record)
        if record is None or tree is None:
            remedy = f"run `elysium fetch`, or map a directory: {otherwise}"
            return Missing(state="unknown", reason=f"{request} was not fetched", remedy=remedy, request=request)
        archive = str(self.cache.directory / "charts" / record.file) if record.file else ""
        return Artifact(
            tree=tree,
            revision=record.revision,
            digest=tree.digest,
            rules=rules,
            path=record.path,
            archive=archive,
        )

    def _fetched_chart(self, request: HelmChartRequest) -> ChartArtifact | Missing:
        if not urls.is_chart_repository(request.url):
            reason = f"chart {request.name}: {request.url!r} is no address of a Helm repository (http, https or oci)"
            return Missing(state="failed", reason=reason, remedy="write the repository's address")
        self.asked[request.key] = request
        record = records.read(self.cache, request)
        if record is not None and record.failure:
            return _refused(request, record.failure)
        archive = self.cache.directory / "charts" / record.file if record and record.file else None
        if record is None or archive is None or not archive.is_file():
            remedy = f"run `elysium fetch`, or map a directory: --source chart-repo={urls.redacted(request.url)}=PATH"
            return Missing(state="unknown", reason=f"{request} was not fetched", remedy=remedy, request=request)
        with contextlib.suppress(OSError):
            os.utime(archive)
        return ChartArtifact(version=record.version, digest=record.digest, archive=str(archive))


def _stored(cache: Cache, record: records.Record | None) -> Tree | None:
    section, _, name = record.tree.partition("/") if record is not None else ("", "", "")
    return stored.load(cache, section, name, record.revision) if record is not None and name else None


def _sparse(found: Artifact | Missing, spec: Mapping[str, Any]) -> Artifact | Missing:
    """Only the directories of `spec.sparseCheckout`; what `spec.include` would add is not followed."""
    if isinstance(found, Missing):
        return found
    if spec.get("include"):
        reason = "spec.include puts other repositories into this artifact, which Elysium does not follow"
        return Missing(state="unknown", reason=reason, remedy="map a directory that holds the whole")
    directories = spec.get("sparseCheckout") or []
    if not directories:
        return found
    tree = found.tree.select(path for name in directories for path in found.tree.below(str(name)))
    return msgspec.structs.replace(found, tree=tree, digest=tree.digest)


def _assumed(found: ChartArtifact, mapping: SourceMapping) -> ChartArtifact:
    return msgspec.structs.replace(found, assumption=f"{mapping.target} was taken from {mapping.path}")


def _refused(request: Request, failure: str) -> Missing:
    reason = f"{request}: {failure}"
    return Missing(
        state="failed", reason=reason, remedy="mend the reference, then run `elysium fetch`", request=request
    )
