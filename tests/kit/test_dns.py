"""Names of DNS: what the API server takes, and what it does not."""

from __future__ import annotations

import pytest

from elysium.kit.dns import is_label, is_subdomain


@pytest.mark.parametrize("text", ["a", "0", "a-b", "1a", "a" * 63])
def test_a_label(text: str) -> None:
    assert is_label(text)
    assert is_subdomain(text)


@pytest.mark.parametrize("text", ["", "-a", "a-", "A", "a_b", "a\n", "ä", "${NAME}", "a" * 64, "a.b"])
def test_no_label(text: str) -> None:
    assert not is_label(text)


@pytest.mark.parametrize("text", ["a.b", "a-b.c", "a" * 200, "a." * 126 + "b"])
def test_a_subdomain(text: str) -> None:
    assert is_subdomain(text)


@pytest.mark.parametrize("text", ["", ".a", "a.", "a..b", "a.-b", "a" * 254, "${NAME}"])
def test_no_subdomain(text: str) -> None:
    assert not is_subdomain(text)
