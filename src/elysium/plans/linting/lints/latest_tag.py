"""An image or chart with a tag that means something else tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.lines import read_lines
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]

_LATEST = re.compile(r"(?<![\w./:-])([a-z0-9][\w.-]{0,100}(?:[:/][\w.-]{1,100}){0,6}):latest\b(?!@)")
_KEY = re.compile(r"^\s*(?:-\s+)?[\"']?(?:tag|newTag|image\.tag|imageTag)[\"']?\s*[:=]\s*[\"']?latest\b")
_SET = re.compile(r"--set\s+\S*tag=latest\b")


def _find(reading: Reading) -> Iterator[Defect]:
    for number, line, fenced in read_lines(reading.plan.text):
        found = _LATEST.search(line)
        if found or _SET.search(line) or (fenced and _KEY.match(line)):
            name = f"{found[1]}:latest" if found else "the tag latest"
            yield defect(number, f"{name} means something else tomorrow", "name a version, or better a digest")


LINT = Lint(
    name="latest-tag",
    severity=Severity.ERROR,
    summary="an image has a tag that means something else tomorrow",
    find=_find,
)
