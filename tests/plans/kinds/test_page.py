"""The page about kinds: every kind with its summary, short names and answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from elysium.plans.kinds import KINDS

_PAGE = (Path(__file__).parents[3] / "docs" / "plans" / "kinds.md").read_text(encoding="utf-8")
_SECTIONS = dict(re.findall(r"^## (\S+)\n\n(.*?)(?=\n## |\Z)", _PAGE, re.MULTILINE | re.DOTALL))


def test_every_kind_is_on_the_page() -> None:
    assert list(_SECTIONS) == list(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_what_the_page_says_is_so(name: str) -> None:
    kind, text = KINDS[name], _SECTIONS[name]
    assert text.startswith(f"{kind.summary} Short: {', '.join(f'`{alias}`' for alias in kind.aliases)}.")
    assert dict(re.findall(r"^\| `([\w-]+)` \| (.*) \|$", text, re.MULTILINE)) == kind.answers
