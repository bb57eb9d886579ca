"""Damage is noticed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from elysium.kit.checksums import checked, unchecked


@given(st.binary(max_size=64), st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_noticed(data: bytes, place: int, change: int) -> None:
    kept = bytearray(checked(data))
    assert unchecked(bytes(kept)) == data
    kept[place % len(kept)] ^= change
    assert unchecked(bytes(kept)) is None


@given(st.binary(min_size=1, max_size=64), st.integers(min_value=1))
def test_a_shorter_text_is_noticed(data: bytes, length: int) -> None:
    kept = checked(data)
    assert unchecked(kept[: length % len(kept)]) is None
