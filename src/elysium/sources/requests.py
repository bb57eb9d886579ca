"""What a render needs from elsewhere, as values that say exactly what to fetch.

`key` is stable between runs and machines and names the record of the answer. Credentials are no part of it: a request
names the Secrets that Flux would use, never their values, and shows addresses without user and password.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from elysium.kit import digests
from elysium.sources import urls

__all__ = [
    "BucketRequest",
    "Credentials",
    "GitRequest",
    "HelmChartRequest",
    "HelmIndexRequest",
    "OCIRequest",
    "RemoteBaseRequest",
    "Request",
]

GitReference = Literal["branch", "tag", "semver", "commit", "name"]


class Credentials(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The objects that grant access, as `namespace/name` of Secrets; `provider` is a cloud's identity service.

    `secret` is the source's `secretRef`, `certificate` its `certSecretRef`, `proxy` its `proxySecretRef`. `insecure`
    admits a registry without TLS; `pass_credentials` lets a Helm repository's login go to other hosts.
    """

    secret: str = ""
    certificate: str = ""
    proxy: str = ""
    provider: str = ""
    insecure: bool = False
    pass_credentials: bool = False

    @property
    def is_cloud_identity(self) -> bool:
        """Whether access comes from the identity of a cloud workload, which no machine outside has."""
        return self.provider in ("aws", "azure", "gcp")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name in (self.secret, self.certificate, self.proxy) if name))


class _Request(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    credentials: Credentials = Credentials()

    @property
    def key(self) -> str:
        """A digest of what is asked for, whoever asks and whatever grants access."""
        fields = msgspec.to_builtins(self)
        fields.pop("credentials", None)
        return digests.of_bytes(msgspec.json.encode(fields, order="sorted"))[:40]


class GitRequest(_Request, frozen=True, kw_only=True, tag="git"):
    """A git repository at a reference. `kind` and `value` are the one field of `spec.ref` that counts for Flux."""

    url: str
    kind: GitReference = "branch"
    value: str = "master"
    submodules: bool = False

    def __str__(self) -> str:
        return f"git repository {urls.redacted(self.url)} at {self.kind} {self.value}"


class OCIRequest(_Request, frozen=True, kw_only=True, tag="oci"):
    """An OCI artifact. `digest` wins over `semver` (with its `semver_filter`), `semver` over `tag`."""

    url: str
    digest: str = ""
    semver: str = ""
    semver_filter: str = ""
    tag: str = "latest"
    media_type: str = ""
    operation: Literal["extract", "copy"] = "extract"

    def __str__(self) -> str:
        if self.digest:
            return f"OCI artifact {urls.redacted(self.url)}@{self.digest}"
        version = f" at semver {self.semver}" if self.semver else f":{self.tag}"
        return f"OCI artifact {urls.redacted(self.url)}{version}"


class HelmIndexRequest(_Request, frozen=True, kw_only=True, tag="helm-index"):
    """The index of a Helm repository served over HTTP."""

    url: str

    def __str__(self) -> str:
        return f"index of Helm repository {urls.redacted(self.url)}"


class HelmChartRequest(_Request, frozen=True, kw_only=True, tag="helm-chart"):
    """A chart of a Helm repository (HTTP or OCI) in the newest version that `version` admits."""

    url: str
    name: str
    version: str = ""

    def __str__(self) -> str:
        version = f" {self.version}" if self.version not in ("", "*") else ""
        return f"chart {self.name}{version} of {urls.redacted(self.url)}"


class RemoteBaseRequest(_Request, frozen=True, kw_only=True, tag="remote-base"):
    """A resource or base that a kustomization.yaml names by an address."""

    url: str

    def __str__(self) -> str:
        return f"remote base {urls.redacted(self.url)}"


class BucketRequest(_Request, frozen=True, kw_only=True, tag="bucket"):
    """A bucket of an object store."""

    endpoint: str
    name: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"bucket {self.name} at {urls.redacted(self.endpoint)}"


Request = GitRequest | OCIRequest | HelmIndexRequest | HelmChartRequest | RemoteBaseRequest | BucketRequest
