"""A command that changes the cluster by hand, in a plan whose changes come from Git: Flux takes it back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.commands import Written, commands
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]

_BY_HAND = re.compile(
    r"""(?x)\b( kubectl\s+(?:-\S+\s+(?:\S+\s+)?){0,4}
          (?:delete|apply|edit|patch|replace|create|scale|set|annotate|label|taint|drain|cordon|run|expose)\b
        | kubectl\s+(?:-\S+\s+(?:\S+\s+)?){0,4}rollout\s+(?:restart|undo)\b
        | helm\s+(?:-\S+\s+){0,4}(?:install|upgrade|uninstall|delete|rollback)\b
        | flux\s+(?:create|delete|uninstall)\b )"""
)
_ONLY_LOOKS = re.compile(r"--dry-run|--export\b")


def _find(reading: Reading) -> Iterator[Defect]:
    if not reading.kind.gitops:
        return
    tests = reading.section("tests")
    for written in commands(reading):
        if tests is None or not tests.line <= written.line < tests.end:
            yield from _judged(written)


def _judged(written: Written) -> Iterator[Defect]:
    found = _BY_HAND.search(written.text)
    if found and not _ONLY_LOOKS.search(written.text):
        said = " ".join(found[0].split())
        message = f"`{said} …` changes the cluster by hand, while Git says what it is"
        hint = "change the files instead, and suspend the Flux Kustomization where it has to stand still"
        yield defect(written.line, message, hint, written.item)


LINT = Lint(
    name="imperative-command",
    severity=Severity.ERROR,
    summary="a plan of a GitOps repository changes the cluster by hand, outside of its tests",
    find=_find,
)
