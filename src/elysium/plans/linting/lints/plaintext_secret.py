"""A secret that stands in the plan. A plan lies in Git, so everybody who reads the repository has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from elysium.check.plaintext.formats import credential_format
from elysium.check.plaintext.judgement import Judgement, judge
from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.lines import read_lines
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]

_PAIR = re.compile(
    r"(?<![\w-])([A-Za-z][\w.-]{0,60})[\"'`*]{0,4}[ \t]?[:=][*`]{0,3}(?=[ \t]{0,9}[\"'`]?([^\s\"'`,;<>()]{1,120}))"
)
_LONGEST = 4000
_MOST_PAIRS = 16


def _find(reading: Reading) -> Iterator[Defect]:
    fenced = {number for number, _, inside in read_lines(reading.plan.text) if inside}
    for number, line in enumerate(reading.plan.text.split("\n"), 1):
        found = _secret(line[:_LONGEST], number in fenced)
        if found:
            hint = "take it out of the plan and of Git's history, change it where it is used, and seal the new one"
            yield defect(number, f"here stands {found}", hint)


def _secret(line: str, code: bool) -> str:
    """What stands in a line; never its text. In prose, a plain word behind `Password:` is a word."""
    kind = credential_format(line)
    if kind:
        return kind
    judged = (judge(found[1], found[2].rstrip(".")) for found in islice(_PAIR.finditer(line), _MOST_PAIRS))
    return next((str(each) for each in judged if each and _is_sure(each, code)), "")


def _is_sure(judgement: Judgement, code: bool) -> bool:
    return judgement.severity is Severity.ERROR or (code and judgement.severity is Severity.WARNING)


LINT = Lint(name="plaintext-secret", severity=Severity.ERROR, summary="a secret stands in the plan", find=_find)
