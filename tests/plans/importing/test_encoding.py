"""Bytes to text: what was read in a wrong encoding is repaired, everything else stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.errors import PlanError
from elysium.plans.importing.encoding import decode
from tests.plans.importing.documents import NAMES, bytes_of

_WITH_SIGNS = ("handbook", "staging-environments", "platform-roadmap")
_OPEN = (0x81, 0x8D, 0x8F, 0x90, 0x9D)


def _as_mac_roman(data: bytes) -> bytes:
    return data.decode("mac_roman").encode()


def _as_windows(data: bytes) -> bytes:
    """What a browser makes of the bytes: the five that Windows-1252 leaves open stay what they are."""
    return "".join(chr(byte) if byte in _OPEN else bytes([byte]).decode("cp1252") for byte in data).encode()


@pytest.mark.parametrize("name", NAMES)
def test_utf_8_stays(name: str) -> None:
    found = decode(bytes_of(name), "plan.md")
    assert found.text.encode() == bytes_of(name)
    assert (found.repaired, found.notes) == ("", ())


@pytest.mark.parametrize("name", _WITH_SIGNS)
def test_what_was_read_as_mac_roman_is_repaired_and_said(name: str) -> None:
    found = decode(_as_mac_roman(bytes_of(name)), "plan.md")
    assert found.text.encode() == bytes_of(name)
    assert found.repaired == "mac-roman"
    assert "mac-roman" in found.notes[0]


@pytest.mark.parametrize("name", _WITH_SIGNS)
def test_what_was_read_as_windows_1252_is_repaired(name: str) -> None:
    found = decode(_as_windows(bytes_of(name)), "plan.md")
    assert found.text.encode() == bytes_of(name)
    assert found.repaired == "windows-1252"


def test_the_signs_of_the_four_states_come_back() -> None:
    text = "- ✅ done\n- 🟡 half\n- ⏳ open\n- 💤 later\n— → •\n"
    broken = _as_mac_roman(text.encode())
    assert "‚úÖ" in broken.decode()
    assert decode(broken, "plan.md").text == text


def test_a_text_that_does_not_turn_back_as_a_whole_stays_and_is_named() -> None:
    text = _as_mac_roman("✅ a ✅ b ✅ c".encode()).decode() + " and a true sign ✅"
    found = decode(text.encode(), "plan.md")
    assert found.text == text
    assert found.repaired == ""
    assert "does not turn back" in found.notes[0]


@pytest.mark.parametrize("text", ["Müller grüßt Ægir", "naïve café", "¿Qué?", "日本語", "Å"])
def test_words_of_other_languages_are_left_alone(text: str) -> None:
    assert decode(text.encode(), "plan.md").text == text


@pytest.mark.parametrize("text", ["\ufeff# A\r\n- b\r\n- c", "# A\n- b", "\ufeff", "", "a\rb\r\n\n"])
def test_a_byte_order_mark_and_line_ends_stay(text: str) -> None:
    assert decode(text.encode(), "plan.md").text == text


def test_a_byte_order_mark_stays_in_front_of_what_is_repaired() -> None:
    found = decode(b"\xef\xbb\xbf" + _as_mac_roman("✅ yes".encode()), "plan.md")
    assert found.text == "\ufeff✅ yes"


def test_what_is_no_utf_8_is_an_error_with_byte_and_line() -> None:
    with pytest.raises(PlanError) as raised:
        decode("# Plan\n\nGrüße\n".encode("latin-1"), "old.md")
    assert raised.value.subject == "old.md:3"
    assert "byte 10 (0xfc)" in raised.value.message
    assert "iconv" in raised.value.hint


@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    found = decode(text.encode(), "plan.md")
    assert found.text == text or found.repaired
