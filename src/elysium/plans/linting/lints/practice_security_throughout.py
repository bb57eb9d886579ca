"""Practice 4: security is thought of at every step (requirement 0.12)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.linting.stages import said_in
from elysium.plans.types import Role

__all__ = ["LINT"]

_WORDS = re.compile(
    r"""(?ix)\b(secur\w+|secrets?|seal(?:s|ed|ing)?|rbac|rights?|permissions?|least\ privilege|network\ ?polic(?:y|ies)
        |non-?root|without\ root|as\ root|runasnonroot|readonlyrootfilesystem
        |pod\ security|tls|certificates?|credentials?|passwords?|tokens?
        |encrypt\w*|firewall|harden\w*|vulnerabilit(?:y|ies)|scan(?:s|ned|ning)?|service\ ?accounts?|isolation
        |kubeconfig)\b"""
)


def _find(reading: Reading) -> Iterator[Defect]:
    for stage in reading.stages:
        control = any(item.role is Role.CONTROL for item in reading.items_of(stage))
        if not control and not _WORDS.search(said_in(reading, stage)):
            hint = "say what this step opens or protects; `security: nothing changes, because …` is an answer"
            yield defect(stage.line, f"{stage.title!r} says nothing about security", hint)


LINT = Lint(
    name="practice-security-throughout",
    severity=Severity.WARNING,
    summary="every step or phase says something about security",
    find=_find,
    strict=True,
)
