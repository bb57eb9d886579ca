"""Which request a source object means."""

from __future__ import annotations

from typing import Any

import pytest

from elysium.sources.requests import BucketRequest, Credentials, GitRequest, OCIRequest
from elysium.sources.specifications import request_of

URL = "https://example.com/acme/charts"


@pytest.mark.parametrize(
    ("reference", "kind", "value"),
    [
        (None, "branch", "master"),
        ({}, "branch", "master"),
        ({"branch": "main"}, "branch", "main"),
        ({"branch": "main", "tag": "v1"}, "tag", "v1"),
        ({"tag": "v1", "semver": "1.x"}, "semver", "1.x"),
        ({"semver": "1.x", "name": "refs/pull/1/head"}, "name", "refs/pull/1/head"),
        ({"branch": "main", "name": "refs/x", "commit": "c" * 40}, "commit", "c" * 40),
    ],
)
def test_the_field_of_a_git_reference_that_counts(reference: Any, kind: str, value: str) -> None:
    request = request_of("GitRepository", "apps", {"url": URL, "ref": reference})
    assert isinstance(request, GitRequest)
    assert (request.kind, request.value) == (kind, value)


def test_an_oci_reference() -> None:
    spec = {"url": "oci://r/x", "ref": {"semver": "1.x", "semverFilter": ".*-rc.*", "tag": "t"}, "layerSelector": {}}
    request = request_of("OCIRepository", "apps", spec)
    assert request == OCIRequest(url="oci://r/x", semver="1.x", semver_filter=".*-rc.*", tag="t")
    assert str(request) == "OCI artifact oci://r/x at semver 1.x"
    bare = request_of("OCIRepository", "apps", {"url": "oci://r/x", "ref": {"semverFilter": "x"}})
    assert str(bare) == "OCI artifact oci://r/x:latest"
    assert isinstance(bare, OCIRequest)
    assert bare.semver_filter == ""


def test_credentials_are_names_and_make_no_difference_to_the_key() -> None:
    with_secret = request_of(
        "GitRepository", "apps", {"url": URL, "secretRef": {"name": "token"}, "provider": "generic"}
    )
    without = request_of("GitRepository", "apps", {"url": URL})
    assert with_secret.credentials == Credentials(secret="apps/token")
    assert with_secret.key == without.key
    assert with_secret.key != request_of("GitRepository", "apps", {"url": URL, "ref": {"branch": "main"}}).key


def test_keys_do_not_change_between_versions() -> None:
    """The key names the record on disk: a change makes everything fetched before unknown."""
    assert GitRequest(url=URL).key == "cf20552c4a5e83725f6c56a55665a6427bf4ea85"


def test_a_bucket() -> None:
    spec = {"endpoint": "minio.example.com", "bucketName": "b", "provider": "aws"}
    request = request_of("Bucket", "apps", spec)
    assert isinstance(request, BucketRequest)
    assert request.credentials.is_cloud_identity


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("GitRepository", {}),
        ("GitRepository", {"url": 3}),
        ("GitRepository", {"url": URL, "ref": "main"}),
        ("OCIRepository", {"url": ""}),
        ("Bucket", {"endpoint": "x"}),
        ("Terraform", {}),
    ],
)
def test_what_flux_would_refuse_is_named(kind: str, spec: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"missing|mapping|no source"):
        request_of(kind, "apps", spec)
