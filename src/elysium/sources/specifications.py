"""From the `spec` of a Flux source object to a request: which field counts, and what is assumed when none is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from elysium.sources.requests import BucketRequest, Credentials, GitReference, GitRequest, OCIRequest, Request

__all__ = ["credentials_of", "request_of"]

Specification = Mapping[str, Any]

_GIT_ORDER: tuple[GitReference, ...] = ("commit", "name", "semver", "tag", "branch")


def request_of(kind: str, namespace: str, spec: Specification) -> Request:
    """The request for a GitRepository, OCIRepository or Bucket. ValueError names a field that Flux would refuse."""
    credentials = credentials_of(namespace, spec)
    if kind == "GitRepository":
        return _git(spec, credentials)
    if kind == "OCIRepository":
        return _oci(spec, credentials)
    if kind == "Bucket":
        return BucketRequest(
            endpoint=_text(spec, "endpoint"),
            name=_text(spec, "bucketName"),
            prefix=_text(spec, "prefix", ""),
            credentials=credentials,
        )
    raise ValueError(f"{kind} is no source that can be fetched")


def credentials_of(namespace: str, spec: Specification) -> Credentials:
    """What a source object says about access: the names of Secrets, and what it admits."""
    provider = _text(spec, "provider", "")
    return Credentials(
        secret=_reference(namespace, spec, "secretRef"),
        certificate=_reference(namespace, spec, "certSecretRef"),
        proxy=_reference(namespace, spec, "proxySecretRef"),
        provider="" if provider == "generic" else provider,
        insecure=spec.get("insecure") is True,
        pass_credentials=spec.get("passCredentials") is True,
    )


def _git(spec: Specification, credentials: Credentials) -> GitRequest:
    reference = _mapping(spec, "ref")
    chosen = next(((kind, _text(reference, kind)) for kind in _GIT_ORDER if reference.get(kind)), None)
    kind, value = chosen or ("branch", "master")
    submodules = spec.get("recurseSubmodules") is True
    return GitRequest(url=_text(spec, "url"), kind=kind, value=value, submodules=submodules, credentials=credentials)


def _oci(spec: Specification, credentials: Credentials) -> OCIRequest:
    reference = _mapping(spec, "ref")
    layer = _mapping(spec, "layerSelector")
    semver = _text(reference, "semver", "")
    return OCIRequest(
        url=_text(spec, "url"),
        digest=_text(reference, "digest", ""),
        semver=semver,
        semver_filter=_text(reference, "semverFilter", "") if semver else "",
        tag=_text(reference, "tag", "") or "latest",
        media_type=_text(layer, "mediaType", ""),
        operation="copy" if layer.get("operation") == "copy" else "extract",
        credentials=credentials,
    )


def _reference(namespace: str, spec: Specification, field: str) -> str:
    name = _text(_mapping(spec, field), "name", "")
    return f"{namespace}/{name}" if name else ""


def _mapping(spec: Specification, field: str) -> Specification:
    value = spec.get(field)
    if value is not None and not isinstance(value, Mapping):
        raise ValueError(f"spec.{field} is not a mapping")
    return value or {}


def _text(spec: Specification, field: str, default: str | None = None) -> str:
    value = spec.get(field)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or (not value and default is None):
        raise ValueError(f"{field} is missing or not a text")
    return value
