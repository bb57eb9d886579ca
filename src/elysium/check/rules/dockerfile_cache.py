"""A package manager that leaves its cache in the image.

What one RUN writes stays in its layer, also when a later one removes it. pip keeps every wheel that it downloaded, apt
its lists, apk its index, npm every archive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfile import Dockerfile, Instruction
from elysium.check.files.dockerfiles import about, dockerfiles, for_development
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-cache",
    severity=Severity.INFO,
    summary="a package manager that leaves its cache in the image",
    topic=Topic.IMAGES,
    profiles=("review",),
)

_PIP = re.compile(r"\b(?:pip3?|python3?\s+-m\s+pip)\s+install\b(?![^\n;&|]*--no-cache-dir)")
_APT = re.compile(r"\bapt(?:-get)?\s+(?:-\S+\s+)*install\b")
_APK = re.compile(r"\bapk\s+(?:-\S+\s+)*add\b(?![^\n;&|]*--no-cache)")
_NPM = re.compile(r"\bnpm\s+(?:-\S+\s+)*(?:ci|install|i)\b")
_NPM_CLEAN = re.compile(r"\bnpm\s+cache\s+clean\b|rm\s+-\w{1,9}\s[^;&|]{0,300}\.npm\b|--cache\b")
_APT_CLEAN = re.compile(r"rm\s+-\w*r\w*[^;&|]*/var/(?:lib/apt|cache)")
_APK_CLEAN = re.compile(r"rm\s+-\w*r\w*[^;&|]*/var/cache/apk")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each RUN of what makes the final image."""
    for path, file in dockerfiles(context).items():
        if for_development(path):
            continue
        pip_off = _pip_cache_is_off(file)
        for item in file.final:
            if item.keyword == "RUN" and not any("cache" in value for name, value in item.flags if name == "mount"):
                yield from _run(path, item, pip_off)


def _pip_cache_is_off(file: Dockerfile) -> bool:
    return any("PIP_NO_CACHE_DIR" in item.value for item in file.final if item.keyword in ("ENV", "ARG"))


def _run(path: str, item: Instruction, pip_off: bool) -> Iterator[Finding]:
    script = item.script
    if not pip_off and "PIP_NO_CACHE_DIR" not in script and _PIP.search(script.replace("\n", " ")):
        hint = "write `pip install --no-cache-dir`, or set PIP_NO_CACHE_DIR=1"
        yield about(RULE, path, item.line, "pip leaves its cache in the image", hint=hint)
    if _NPM.search(script) and not _NPM_CLEAN.search(script):
        hint = "install in a first stage, or end the same RUN with `&& npm cache clean --force`"
        yield about(RULE, path, item.line, "npm leaves its cache in the image", hint=hint)
    if _APT.search(script) and not _APT_CLEAN.search(script):
        hint = "end the same RUN with `&& rm -rf /var/lib/apt/lists/*`"
        yield about(RULE, path, item.line, "apt leaves its package lists in the image", hint=hint)
    if _APK.search(script.replace("\n", " ")) and not _APK_CLEAN.search(script):
        yield about(RULE, path, item.line, "apk leaves its index in the image", hint="write `apk add --no-cache`")
