"""For how long scripts wait."""

from __future__ import annotations

import pytest

from elysium.evaluate.mounts import longest_wait


@pytest.mark.parametrize(
    ("script", "seconds"),
    [
        ("until ls /mnt/x; do sleep 5; done", None),
        ("while ! mountpoint -q /mnt/x; do echo waiting; sleep 2; done", None),
        ("for i in $(seq 1 60); do ls /mnt/x && exit 0; sleep 5; done; exit 1", 300),
        ("for i in {1..10}; do ls /mnt/x && break; sleep 6; done", 60),
        ("n=0; until [ -e /mnt/x ]; do [ $n -ge 600 ] && exit 1; sleep 5; n=$((n + 5)); done", 600),
        ("n=0; until [ -e /mnt/x ]; do [ $n -ge 60 ] && exit 1; sleep 5; n=$((n + 1)); done", 300),
        ("timeout 10m sh -c 'until ls /mnt/x; do sleep 1; done'", 600),
        ("timeout 60 sh -c 'until ls /mnt/x; do sleep 1; done'", 60),
        ("sleep 30", 30),
        ("ls /mnt/x", 0),
        ("", 0),
    ],
)
def test_the_longest_wait(script: str, seconds: int | None) -> None:
    assert longest_wait(script) == seconds
