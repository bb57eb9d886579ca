"""What a heading begins: a phase, a step, a section with a known meaning, or just a heading.

The words are those of implementation plans: `Phase 2 – Title`, `Step 3: Title`, `### 7. Rollback Plan`, and in roadmaps
`## 0.5 Title`. An annotation of the heading has the last word.
"""

from __future__ import annotations

import re

import msgspec

from elysium.plans.types import PartKind
from elysium.plans.words import plain

__all__ = ["SECTIONS", "Heading", "classify", "is_roadmap", "section_key"]

SECTIONS = {
    "overview": ("overview",),
    "requirements": ("requirements",),
    "architecture": ("architecture impact", "architecture"),
    "steps": ("implementation steps", "implementation", "steps"),
    "flux": ("flux gitops configuration", "flux configuration", "flux"),
    "tests": ("testing plan", "test plan", "testing", "tests"),
    "rollback": ("rollback plan", "rollback"),
    "documentation": ("documentation updates", "documentation"),
    "security": ("security considerations", "security"),
    "monitoring": ("monitoring and alerting", "monitoring & alerting", "monitoring"),
    "snapshot": ("current progress snapshot", "progress snapshot", "snapshot", "current state", "status", "progress"),
    "order": ("execution order", "order of execution"),
    "completion": ("completion criteria", "acceptance criteria", "mvp criteria", "definition of done"),
    "delta": ("delta remaining", "delta", "remaining work"),
    "risks": ("risk register", "risks", "risks and mitigations"),
    "decisions": ("decisions", "decision log"),
    "milestones": ("milestone & communication guidance", "milestones", "milestone", "communication"),
    "changes": ("change log", "changelog", "changes"),
    "future": ("future enhancements", "future work", "later", "backlog", "not in scope"),
    "references": ("references", "links", "further reading"),
    "naming": ("naming cheat sheet", "naming sheet", "naming conventions", "naming"),
    "reviews": ("reviews", "review", "sign-off"),
}
"""The sections that have a meaning, by key, with the words that begin their headings."""

_PHASE = re.compile(r"phase\s+(?P<number>\d{1,4}(?:\.\d{1,4}){0,3})\b\s*[:.)–—-]*\s*(?P<title>.*)", re.IGNORECASE)
_STEP = re.compile(r"step\s+(?P<number>\d{1,4}(?:\.\d{1,4}){0,3})\b\s*[:.)–—-]*\s*(?P<title>.*)", re.IGNORECASE)
_NUMBERED = re.compile(r"(?P<number>\d{1,4}(?:\.\d{1,4}){0,3})[.):]?\s+(?P<title>\S.*)")
_ROADMAP = re.compile(r"^(?:\*\*)?(?:Tasks|Deliverables|Exit criteria)\b[^\n]{0,80}:", re.MULTILINE | re.IGNORECASE)
_ASIDE = re.compile(r"\(([^()]*)\)")


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """What the words of a heading say."""

    kind: PartKind
    title: str
    number: str = ""
    key: str = ""
    optional: bool = False
    parallel: bool = False


def is_roadmap(text: str) -> bool:
    """Whether numbered headings of a document are phases: it has tasks, deliverables or exit criteria below them."""
    return bool(_ROADMAP.search(text))


def classify(words: str, level: int, *, roadmap: bool) -> Heading:
    """What a heading of a level begins."""
    text = plain(words)
    asides = " ".join(_ASIDE.findall(text)).lower()
    found = _kind_of(text, level, roadmap=roadmap)
    return msgspec.structs.replace(found, optional="optional" in asides, parallel="parallel" in asides)


def _kind_of(text: str, level: int, *, roadmap: bool) -> Heading:
    for kind, pattern in ((PartKind.PHASE, _PHASE), (PartKind.STEP, _STEP)):
        found = pattern.fullmatch(text)
        if found:
            return Heading(kind=kind, title=found["title"].strip(), number=found["number"])
    numbered = _NUMBERED.fullmatch(text)
    if numbered and roadmap and level <= 2:
        return Heading(kind=PartKind.PHASE, title=numbered["title"].strip(), number=numbered["number"])
    title, number = (numbered["title"].strip(), numbered["number"]) if numbered else (text, "")
    key = section_key(title)
    if key:
        return Heading(kind=PartKind.SECTION, title=title, number=number, key=key)
    return Heading(kind=PartKind.HEADING, title=title, number=number)


def section_key(title: str) -> str:
    """The known section that a title names: its words alone, or followed by an aside or a stop."""
    lowered = title.lower().strip()
    for key, names in SECTIONS.items():
        for name in names:
            rest = lowered.removeprefix(name)
            if rest != lowered and (not rest or rest.lstrip()[:1] in "(:–—-" or _long(name)):
                return key
    return ""


def _long(name: str) -> bool:
    """Names of several words are the section whatever follows: `Completion Criteria for MVP`."""
    return " " in name
