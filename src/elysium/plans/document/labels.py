"""What stands above a list and says what its entries are (`Tasks:`) or whose they are (`**Platform team**`)."""

from __future__ import annotations

import re

from elysium.plans.types import Role
from elysium.plans.words import plain

__all__ = ["ROLES_OF_SECTIONS", "exit_criteria", "is_label", "owner_of", "role_of_label"]

_LABELS = (
    (("task", "to do", "steps", "pipeline stages", "work"), Role.TASK),
    (("deliverable", "result", "output"), Role.DELIVERABLE),
    (("exit criteria", "acceptance criteria", "completion criteria", "criteria", "definition of done"), Role.CRITERION),
    (("decision",), Role.DECISION),
    (("risk", "initial list"), Role.RISK),
    (("requirement", "prerequisite", "guideline", "design guideline", "image", "chart minimum"), Role.REQUIREMENT),
    (("deferred", "delta"), Role.TASK),
)
ROLES_OF_SECTIONS = {
    "requirements": Role.REQUIREMENT,
    "architecture": Role.IMPACT,
    "steps": Role.TASK,
    "flux": Role.REQUIREMENT,
    "tests": Role.TEST,
    "rollback": Role.ROLLBACK,
    "documentation": Role.DOCUMENT,
    "security": Role.CONTROL,
    "monitoring": Role.OBSERVATION,
    "completion": Role.CRITERION,
    "delta": Role.TASK,
    "risks": Role.RISK,
    "decisions": Role.DECISION,
    "milestones": Role.TASK,
    "future": Role.TASK,
}
"""What the entries of a section are, where no label says otherwise."""

_BOLD = re.compile(r"(\*\*|__)(?P<words>[^*_\n]{1,60})\1")
_EXIT = re.compile(
    r"(?:\*\*|__)?(?:exit|acceptance) criteria(?:\*\*|__)?:(?:\*\*|__)?[ \t]*(?P<words>\S.*)", re.IGNORECASE | re.DOTALL
)
_MOST_WORDS = 5
_LONGEST_LABEL = 120


def is_label(text: str) -> bool:
    """Whether a paragraph announces what comes below it: `Tasks:`, or a role in bold."""
    short = len(text) <= _LONGEST_LABEL and "\n" not in text
    return short and (plain(text).endswith(":") or bool(_BOLD.fullmatch(text.strip()) and role_of_label(text)))


def role_of_label(label: str) -> Role | None:
    """The role that a label gives to the entries below it, or None."""
    lowered = plain(label).lower().lstrip("( ")
    return next((role for names, role in _LABELS if lowered.startswith(names)), None)


def owner_of(text: str) -> str:
    """Who is named by a paragraph of nothing but a few bold words; empty where it names nobody."""
    found = _BOLD.fullmatch(text.strip())
    words = found["words"].strip() if found else ""
    if not words or words.endswith((":", ".", "!", "?")) or len(words.split()) > _MOST_WORDS:
        return ""
    return "" if role_of_label(words) else words


def exit_criteria(text: str) -> tuple[str, ...]:
    """The criteria that one paragraph `Exit criteria: a; b.` names."""
    found = _EXIT.fullmatch(text.strip())
    if not found:
        return ()
    return tuple(part.strip().rstrip(".") for part in found["words"].split(";") if part.strip(" ."))
