"""Random typed plans, and random Markdown, for the laws that parsing and printing obey."""

from __future__ import annotations

import datetime

import msgspec
from hypothesis import strategies as st

from elysium.plans.document.headings import SECTIONS
from elysium.plans.types import (
    Attestation,
    Check,
    Code,
    Decision,
    Item,
    ItemList,
    Part,
    PartKind,
    Plan,
    PlannedComponent,
    Prose,
    Reliance,
    Role,
)

__all__ = ["markdown", "plans"]

_WORD = st.text("abcdefgxyz", min_size=2, max_size=8)
_SENTENCE = st.lists(_WORD, min_size=1, max_size=5).map(" ".join)
_VALUE = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc")), min_size=1, max_size=20
)
_DATE = st.dates(datetime.date(2026, 1, 1), datetime.date(2029, 1, 1)).map(str)
_SECTIONS = [key for key in SECTIONS if key != "future"]  # its items are deferred by their place

_CHECKS = st.one_of(
    st.builds(lambda path: Check(verb="exists", arguments=(path,)), _WORD),
    st.builds(lambda path, text: Check(verb="contains", arguments=(path, text)), _WORD, _SENTENCE),
)
_ATTESTATIONS = st.builds(
    lambda what, by, date, reference: (
        Attestation(what=what, by=by, date=date, reference=reference if date else "")
        if by and date
        else Attestation(what=what)
    ),
    _SENTENCE,
    st.just("") | _WORD,
    st.just("") | _DATE,
    st.just("") | _WORD,
)
_DECISIONS = st.builds(
    lambda chosen, by, date, reason: Decision(chosen=chosen, by=by, date=date, reason=reason) if chosen else Decision(),
    st.just("") | _SENTENCE,
    st.just("") | _WORD,
    st.just("") | _DATE,
    st.just("") | _SENTENCE,
)


_LEAVES = st.builds(
    Item,
    id=st.just(""),
    text=_SENTENCE,
    role=st.sampled_from(Role),
    owner=st.just("") | _WORD,
    due=st.just("") | _DATE,
    checkbox=st.sampled_from([None, True, False]),
    checks=st.lists(_CHECKS, max_size=2).map(tuple),
    manual=st.none() | _ATTESTATIONS,
    decision=st.none() | _DECISIONS,
    files=st.lists(_WORD, max_size=2).map(tuple),
    impact=st.lists(st.builds(lambda kind, name: f"{kind.title()}/{name}/{name}", _WORD, _WORD), max_size=1).map(tuple),
    code=st.lists(st.builds(Code, info=st.just("sh"), text=_SENTENCE.map(lambda text: f"{text}\n")), max_size=1).map(
        tuple
    ),
)
_ITEMS = st.builds(
    lambda item, inner: msgspec.structs.replace(item, items=tuple(inner)), _LEAVES, st.lists(_LEAVES, max_size=2)
)

_LISTS = st.builds(
    lambda items, numbered, label: ItemList(items=tuple(items), numbered=numbered, label=label and f"{label}:"),
    st.lists(_ITEMS, min_size=1, max_size=3),
    st.booleans(),
    st.just("") | _SENTENCE,
)
_PROSE = st.builds(Prose, text=_SENTENCE.map(lambda text: f"{text}."))


def _apart(blocks: list[Prose | ItemList]) -> tuple[Prose | ItemList, ...]:
    """Lists stand apart: two neighbours would be read as one."""
    found: list[Prose | ItemList] = []
    for block in blocks:
        if isinstance(block, ItemList) and found and isinstance(found[-1], ItemList):
            found.append(Prose(text="between."))
        found.append(block)
    return tuple(found)


def _parts_of(level: int) -> st.SearchStrategy[Part]:
    common = {
        "title": _SENTENCE.map(lambda text: f"x{text}"),
        "level": st.just(level),
        "owner": st.just("") | _WORD,
        "due": st.just("") | _DATE,
        "optional": st.booleans(),
        "parallel": st.booleans(),
        "content": st.lists(_PROSE | _LISTS, max_size=3).map(_apart),
        "parts": st.just(()) if level == 3 else st.lists(_parts_of(level + 1), max_size=2).map(tuple),
    }
    numbers = st.sampled_from(["0", "1", "0.5", "12"])
    return st.one_of(
        st.builds(Part, kind=st.sampled_from([PartKind.PHASE, PartKind.STEP]), number=numbers, **common),
        st.builds(Part, kind=st.just(PartKind.SECTION), key=st.sampled_from(_SECTIONS), **common),
        st.builds(Part, kind=st.just(PartKind.HEADING), **common),
    )


_COMPONENTS = st.builds(
    PlannedComponent,
    kind=_WORD,
    name=_WORD,
    preset=st.just("") | _WORD,
    answers=st.dictionaries(_WORD.map(lambda word: f"k{word}"), _VALUE, max_size=2),
)

plans = st.builds(
    Plan,
    text=st.just(""),
    kind=st.sampled_from(["custom", "deploy-app", "cluster-adoption"]),
    name=st.just("") | _WORD,
    title=_VALUE.map(lambda text: f"x{text}x"),
    base=st.just("") | st.text("0123456789abcdef", min_size=40, max_size=40),
    relies=st.lists(st.builds(Reliance, path=_WORD, digest=st.just("sha256:ab12")), max_size=2).map(tuple),
    components=st.lists(_COMPONENTS, max_size=2).map(tuple),
    parts=st.lists(_parts_of(1), min_size=1, max_size=2).map(tuple),
)
"""Plans with everything that can stand in one; ids are for the test to give."""

markdown = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "# Title", "## Phase 1 – Things", "### Step 2: Do", "**Team**", "Tasks:", "Exit criteria: a; b.",
                "- item", "  - inner", "1. one", "- [ ] box", "- [x] done ✅", "```sh", "```", "    code", "> quote",
                "| a | b |", "|---|---|", "<!-- a comment -->", "---", "", "text ⏳ here", "- `code`", "\tx", "* star",
                "Setext", "======", "<div>", "</div>", "[link](a.md)", "`<!-- plan: x -->`", "trailing  ",
            ]
        ),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
    ),
    max_size=25,
).flatmap(lambda lines: st.sampled_from(["\n", "\r\n", "\n\n"]).map(lambda end: end.join(lines)))  # fmt: skip
"""Any text, with much in it that looks like a plan."""
