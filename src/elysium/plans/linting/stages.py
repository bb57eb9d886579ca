"""Where the work of a plan begins, what is written before, and what each stage says."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.plans.linting.lines import read_lines
from elysium.plans.linting.numbering import number_of
from elysium.plans.linting.reading import Reading
from elysium.plans.types import Part

__all__ = ["begins_work", "said_in", "written_before"]


def begins_work(reading: Reading) -> int:
    """The line of the first stage that changes something: step 1 or phase 1; 0 where nothing is divided into stages.

    What is numbered 0 (choosing a method, assessing what is there) comes before the work.
    """
    stages = [stage for stage in reading.stages if (number_of(stage.number) or (1, 0)) >= (1, 0)]
    return stages[0].line if stages else 0


def written_before(reading: Reading, line: int) -> Iterator[str]:
    """The lines above a line, without annotations."""
    for number, text, _ in read_lines(reading.plan.text):
        if number >= line:
            return
        yield text


def said_in(reading: Reading, part: Part) -> str:
    """Everything from a heading to its end, without annotations."""
    return "\n".join(text for _, text, _ in read_lines(reading.plan.text)[max(part.line - 1, 0) : max(part.end - 1, 0)])
