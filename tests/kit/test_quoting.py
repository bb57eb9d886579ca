"""A quoted text is read back as it was, by every reader."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from elysium.kit.quoting import double_quoted


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_quoted_text_is_read_back(text: str) -> None:
    written = double_quoted(text)
    assert json.loads(written) == text
    assert YAML(typ="safe", pure=True).load(written) == text
    assert "\n" not in written
