"""Practice 5: tests at several levels (requirement 0.12)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.kinds import TEST_CLASSES
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.linting.test_classes import read_class

__all__ = ["LINT"]

_FEWEST = 3
_LEVELS = {
    "exists": "files", "absent": "files", "contains": "files", "lacks": "files", "yaml": "files", "listed": "files",
    "section": "files", "links": "files", "front-matter": "files",
    "workflow": "pipelines", "make": "pipelines", "ci": "pipelines",
    "render": "objects", "unit": "objects", "chain": "objects", "latency": "objects", "object": "objects",
    "no-object": "objects", "count": "objects", "unchanged": "objects", "secret": "objects", "variable": "objects",
    "source": "objects", "image-pinned": "objects", "service": "objects", "claim": "objects", "schedule": "objects",
    "alert": "objects", "dashboard": "objects", "preview": "objects", "preview-fit": "sums",
    "manifest": "rules", "check": "rules", "host": "machines", "run": "commands", "date-not-past": "dates",
    "dns": "what runs", "tcp": "what runs", "tls": "what runs", "http": "what runs",
}  # fmt: skip


def _find(reading: Reading) -> Iterator[Defect]:
    section = reading.section("tests")
    if section is not None:
        runnable = [each.title.lower() for each in TEST_CLASSES if read_class(section, each).checked]
        if len(runnable) < _FEWEST:
            hint = f"give checks to tests of at least {_FEWEST} classes"
            yield defect(section.line, f"tests run at {len(runnable)} level(s): {', '.join(runnable) or 'none'}", hint)
    elif reading.work:
        levels = {_LEVELS.get(check.verb, "") for place in reading.places for check in place.item.checks} - {""}
        if len(levels) < _FEWEST:
            message = f"checks look at {len(levels)} level(s): {', '.join(sorted(levels)) or 'none'}"
            yield defect(1, message, "let checks look at files, at what they become, and at what runs")


LINT = Lint(
    name="practice-test-levels",
    severity=Severity.WARNING,
    summary="tests with checks exist at three levels at least",
    find=_find,
    strict=True,
)
