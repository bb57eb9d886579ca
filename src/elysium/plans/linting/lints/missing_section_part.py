"""A section does not say everything that it has to, or says a part of it in no words."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.kinds import SectionPart
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.placeholders import only_placeholder
from elysium.plans.linting.reading import Reading
from elysium.plans.linting.texts import Piece, has_word, is_empty, pieces
from elysium.plans.types import Part

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for demanded in reading.kind.sections:
        section = reading.section(demanded.key)
        if section is not None and demanded.parts:
            found = tuple(pieces(section))
            free = tuple(piece for piece in found if not any(_is_label_of(one, piece.label) for one in demanded.parts))
            for part in demanded.parts:
                yield from _part(part, section, found, free)


def _part(part: SectionPart, section: Part, found: tuple[Piece, ...], free: tuple[Piece, ...]) -> Iterator[Defect]:
    """What is wrong with one part; words below the label of another part (not `free`) say nothing about it."""
    labelled = [piece for piece in found if _is_label_of(part, piece.label)]
    said = [piece for piece in labelled if not is_empty(piece.text) and not only_placeholder(piece.text)]
    if labelled and not said:
        message = f"{part.title} of {section.title} says nothing yet"
        hint = f"say it, or `**{part.title}**: none, because …`"
        yield defect(labelled[0].line, message, hint, labelled[0].item)
    elif not labelled and not part.optional and not _is_in_prose(part, free):
        hint = f"add `- **{part.title}**: …`; where there is nothing to say: `none, because …`"
        yield defect(section.line, f"{section.title} says nothing about {part.title.lower()}", hint)


def _is_label_of(part: SectionPart, label: str) -> bool:
    lower = label.lower()
    return any(lower == word or lower.startswith((f"{word} ", f"{word}:", f"{word}/")) for word in part.words)


def _is_in_prose(part: SectionPart, free: tuple[Piece, ...]) -> bool:
    texts = [f"{piece.label} {piece.text}" for piece in free if not only_placeholder(piece.text)]
    return any(has_word(text, word) for text in texts for word in part.prose)


LINT = Lint(
    name="missing-section-part",
    severity=Severity.ERROR,
    summary="a section leaves out something that it has to say, or says it in no words",
    find=_find,
)
