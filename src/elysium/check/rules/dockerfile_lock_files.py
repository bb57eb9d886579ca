"""Dependencies that are installed after the whole source is copied.

A layer is built again when anything that it copies changes. With the source before the dependencies, every change of
one line installs all of them again; with the lock file first, only a changed lock file does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfile import Instruction, Stage
from elysium.check.files.dockerfiles import about, dockerfiles, for_development
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-lock-files",
    severity=Severity.INFO,
    summary="dependencies that are installed after the whole source is copied",
    topic=Topic.IMAGES,
    profiles=("review",),
)

_INSTALLS = re.compile(
    r"\bpip3?\s+install\s[^\n;&|]*(?:-r\s|--requirement)|\bpoetry\s+install\b|\buv\s+sync\b|\bpipenv\s+(?:install|sync)\b"
    r"|\bnpm\s+(?:ci|install|i)\b(?!\s+-g)|\byarn\s+install\b|\bpnpm\s+(?:install|i)\b|\bgo\s+mod\s+download\b"
    r"|\bbundle\s+install\b|\bcomposer\s+install\b|\bflutter\s+pub\s+get\b"
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each stage."""
    for path, file in dockerfiles(context).items():
        if for_development(path):
            continue
        for stage in file.stages:
            found = _too_early(stage)
            if found is not None:
                copied, command = found
                message = f"the source is copied before `{command}`: every change installs all dependencies again"
                hint = "copy the lock file, install, and copy the source after that"
                yield about(RULE, path, copied.line, message, hint=hint)


def _too_early(stage: Stage) -> tuple[Instruction, str] | None:
    """The copy of everything, and the installation after it, where no copy of single files comes first."""
    copied: Instruction | None = None
    for item in stage.instructions:
        if item.keyword in ("COPY", "ADD") and not item.flag("from") and copied is None:
            if any(word in (".", "./", "*") for word in item.words[:-1]):
                copied = item
        elif item.keyword == "RUN":
            match = _INSTALLS.search(item.script)
            if match:
                return (copied, " ".join(match[0].split())) if copied is not None else None
    return None
