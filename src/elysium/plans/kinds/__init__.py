"""Kinds of plans: what each consists of, and a first draft of it, filled from the repository."""

from __future__ import annotations

from elysium.plans.kinds.definition import Kind, KindPhase, KindSection, KindStep, SectionPart
from elysium.plans.kinds.registry import KINDS, find
from elysium.plans.kinds.sections import TEN_SECTIONS, TEST_CLASSES

__all__ = [
    "KINDS",
    "TEN_SECTIONS",
    "TEST_CLASSES",
    "Kind",
    "KindPhase",
    "KindSection",
    "KindStep",
    "SectionPart",
    "find",
]
