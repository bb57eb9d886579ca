"""What a kind of plan consists of: sections with their parts, steps, phases, signs, and classes of tests."""

from __future__ import annotations

import msgspec

from elysium.plans.types import Mark

__all__ = ["Kind", "KindPhase", "KindSection", "KindStep", "SectionPart"]


class SectionPart(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a section has to say.

    It is recognised by a label (`**Secrets**: …`, `Secrets:`, a heading) that begins with one of `words`. Where the
    section is running text, a word of `prose` counts, too. An `optional` part may be missing, but not be empty.
    """

    key: str
    title: str
    words: tuple[str, ...]
    prose: tuple[str, ...] = ()
    optional: bool = False


class KindSection(msgspec.Struct, frozen=True, kw_only=True):
    """A section that plans of a kind have; without `required` it may be missing."""

    key: str
    title: str
    parts: tuple[SectionPart, ...] = ()
    required: bool = True


class KindStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step that plans of a kind have, by its number."""

    number: str
    title: str


class KindPhase(msgspec.Struct, frozen=True, kw_only=True):
    """A phase that plans of a kind have, by its number. An `optional` one may be missing."""

    number: str
    title: str
    optional: bool = False


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of plan. `gitops` kinds change a cluster by commits only, so their plans name no other way of changing it.

    `steps` are those that have to be there; others may follow. `answers` are what a draft can be told, each with what
    it means; `test_classes` are the six of requirement 0.6, where a plan has a section of tests.
    """

    name: str
    summary: str
    aliases: tuple[str, ...] = ()
    sections: tuple[KindSection, ...] = ()
    steps: tuple[KindStep, ...] = ()
    phases: tuple[KindPhase, ...] = ()
    marks: tuple[Mark, ...] = ()
    test_classes: tuple[SectionPart, ...] = ()
    answers: dict[str, str] = {}
    gitops: bool = True
    method: bool = False
    """Whether Step 0 chooses how an application is deployed."""
    parameters: bool = False
    """Whether further answers are those of its component, as `elysium new` takes them."""

    def section(self, key: str) -> KindSection | None:
        """The section of a key, where the kind has one."""
        return next((section for section in self.sections if section.key == key), None)
