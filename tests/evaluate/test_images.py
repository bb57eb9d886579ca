"""References to images, read as the container runtime reads them."""

from __future__ import annotations

import pytest

from elysium.evaluate.images import is_known, parse

DIGEST = "sha256:" + "ab" * 32


@pytest.mark.parametrize(
    ("text", "name", "tag", "digest", "host"),
    [
        ("nginx", "nginx", "", "", "docker.io"),
        ("library/nginx:1.29", "library/nginx", "1.29", "", "docker.io"),
        ("ghcr.io/a/b__c.d-e:v1_RC", "ghcr.io/a/b__c.d-e", "v1_RC", "", "ghcr.io"),
        ("localhost/shop", "localhost/shop", "", "", "localhost"),
        ("arkham.docker.local/shop:1", "arkham.docker.local/shop", "1", "", "arkham.docker.local"),
        ("registry:5000/shop:1", "registry:5000/shop", "1", "", "registry:5000"),
        (f"shop:1@{DIGEST}", "shop", "1", DIGEST, "docker.io"),
        (f"[fd00::1]:5000/shop@{DIGEST}", "[fd00::1]:5000/shop", "", DIGEST, "[fd00::1]:5000"),
    ],
)
def test_a_reference_has_its_parts(text: str, name: str, tag: str, digest: str, host: str) -> None:
    found = parse(text)
    assert found is not None
    assert (found.name, found.tag, found.digest, found.host) == (name, tag, digest, host)


@pytest.mark.parametrize(
    "text", ["", "Nginx", "a:b:c", "a:", "a b", "https://a/b", "a@sha256:abc", "a//b", "-a", "a:" + "x" * 129]
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert parse(text) is None


def test_only_what_is_all_there_is_judged() -> None:
    assert is_known("shop:1")
    assert not any(is_known(text) for text in ("", "shop:${TAG}", "{{ .image }}", "shop:opaque-0123456789ab"))
