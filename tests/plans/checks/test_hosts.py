"""Facts of hosts: what somebody gathered, and what nobody did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.plans.checks.asking import ask, opened, result, write

_FACTS = {
    "host": "server",
    "gathered": "2026-11-19T08:00:00Z",
    "cpu": 8,
    "memory": "31Gi",
    "disk": {"/": "200Gi", "/srv": "1Ti"},
    "ports": [22, 80],
    "packages": {"helm": "3.16.1", "k3s": "v1.31.2+k3s1", "git": ""},
    "modes": {"/etc/rancher/k3s/k3s.yaml": "0600"},
    "owners": {"/srv/data": "app:app"},
    "timers": ["backup.timer"],
    "services": ["k3s.service", "haproxy"],
    "users": ["runner"],
}


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("cpu>=4", "pass"), ("cpu>=16", "fail"), ("cpu=8", "pass"), ("memory>=8Gi", "pass"), ("memory<16Gi", "fail"),
        ("disk>=80Gi", "pass"), ("disk:/srv>=500Gi", "pass"), ("disk:/srv>=2Ti", "fail"), ("disk:/mnt>=1Gi", "unknown"),
        ("port:22", "pass"), ("port:443", "fail"), ("package:helm", "pass"), ("package:helm>=3.14", "pass"),
        ("package:helm>=3.20", "fail"), ("package:k3s>=1.31", "pass"), ("package:docker", "fail"),
        ("package:git>=2", "unknown"), ("package:helm=3.16.1", "pass"), ("mode:/etc/rancher/k3s/k3s.yaml=600", "pass"),
        ("mode:/etc/rancher/k3s/k3s.yaml=644", "fail"), ("mode:/etc/other=600", "unknown"), ("timer:backup", "pass"),
        ("timer:other", "fail"), ("service:k3s", "pass"), ("service:haproxy", "pass"), ("user:runner", "pass"),
        ("user:root", "fail"), ("module:br_netfilter", "unknown"), ("owner:/srv/data=app:app", "pass"),
        ("owner:/srv/data=root", "fail"),
    ],
)  # fmt: skip
def test_a_fact(repository: Path, fact: str, expected: str) -> None:
    with opened(write(repository, {"hosts/server.json": json.dumps(_FACTS)})) as world:
        assert result(world, f"host hosts/server.json {fact}") == expected


def test_a_failure_comes_before_what_is_unknown(repository: Path) -> None:
    with opened(write(repository, {"server.json": json.dumps(_FACTS)})) as world:
        outcome = ask(world, "host server.json module:x cpu>=64 cpu>=2")
        assert (outcome.result, outcome.reason) == ("fail", "server: cpu is 8, not >=64")
        assert "as of 2026-11-19" in ask(world, "host server.json cpu>=2 port:80").reason


def test_without_facts_it_is_unknown_and_says_how_to_gather_them(repository: Path) -> None:
    with opened(write(repository, {"broken.json": "{", "list.json": "[]"})) as world:
        outcome = ask(world, "host hosts/server.json cpu>=2")
        assert (outcome.result, "docs/plans/checks.md" in outcome.reason) == ("unknown", True)
        assert result(world, "host broken.json cpu>=2") == "fail"
        assert result(world, "host list.json cpu>=2") == "unknown"
