"""Text that somebody still has to write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.lines import read_lines
from elysium.plans.linting.placeholders import angled, placeholder
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]

_SPAN = re.compile(r"`[^`\n]*`")


def _find(reading: Reading) -> Iterator[Defect]:
    for number, line, fenced in read_lines(reading.plan.text):
        words = "" if fenced else placeholder(_SPAN.sub("", line))
        name = "" if fenced or words else angled(line)
        if words:
            yield defect(number, f"{words!r} stands for something that is not written yet", "write it")
        elif name:
            hint = "write the real name; where each reader fills in their own, this is fine"
            yield defect(number, f"{name} may stand for a name that is not filled in", hint, severity=Severity.INFO)


LINT = Lint(
    name="placeholder", severity=Severity.ERROR, summary="text stands for something that is not written yet", find=_find
)
