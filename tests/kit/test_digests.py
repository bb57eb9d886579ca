"""Digests tell different things apart."""

from __future__ import annotations

import hashlib
from pathlib import Path

from elysium.kit import digests


def test_parts_are_told_apart_by_their_borders() -> None:
    assert digests.of_parts("ab", "c") != digests.of_parts("a", "bc") != digests.of_parts("abc")


def test_a_file_digest_is_plain_sha256(tmp_path: Path) -> None:
    data = b"x" * 3_000_000
    (tmp_path / "file").write_bytes(data)
    assert digests.of_file(tmp_path / "file") == hashlib.sha256(data).hexdigest() == digests.of_bytes(data)


def test_a_listing_depends_on_names_contents_and_order() -> None:
    one = digests.of_listing([("a", "1"), ("b", "2")])
    assert one != digests.of_listing([("a", "2"), ("b", "1")])
    assert one != digests.of_listing([("b", "2"), ("a", "1")])
