"""Spellings of one address, and addresses without their secrets."""

from __future__ import annotations

import pytest

from elysium.sources import urls


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/acme/fleet",
        "https://github.com/acme/fleet.git",
        "https://github.com/Acme/Fleet/",
        "https://user:token@github.com:443/acme/fleet.git",
        "ssh://git@github.com/acme/fleet.git",
        "ssh://git@github.com:22/acme/fleet",
        "git@github.com:acme/fleet.git",
        "github.com:acme/fleet",
    ],
)
def test_one_repository_has_one_normal_form(url: str) -> None:
    assert urls.normal_git(url) == "github.com/acme/fleet"


def test_different_repositories_stay_different() -> None:
    addresses = [
        "https://github.com/acme/fleet",
        "https://gitlab.com/acme/fleet",
        "https://github.com/acme/fleet-2",
        "http://localhost:8080/acme/fleet",
        "http://localhost:8081/acme/fleet",
        "/srv/git/fleet.git",
    ]
    assert len({urls.normal_git(address) for address in addresses}) == len(addresses)


def test_chart_repositories() -> None:
    assert urls.normal_chart_repository("https://Charts.Example.com:443/stable/") == "https://charts.example.com/stable"
    assert urls.normal_chart_repository("oci://ghcr.io/Acme") == "oci://ghcr.io/Acme"


def test_nothing_secret_is_shown() -> None:
    shown = urls.redacted("https://user:s3cret@host/x?sshkey=s3cret&ref=main")
    assert shown == "https://host/x?sshkey=…&ref=main"
