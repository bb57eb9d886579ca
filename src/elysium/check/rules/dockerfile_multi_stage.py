"""A final image that holds compilers and build tools.

What is only needed to build makes the image larger, slower to pull and easier to attack. A first stage builds, the
last one copies the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfile import Dockerfile
from elysium.check.files.dockerfiles import about, dockerfiles, for_development
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-multi-stage",
    severity=Severity.WARNING,
    summary="a final image that holds compilers and build tools",
    topic=Topic.IMAGES,
    profiles=("review",),
)

_INSTALLS = re.compile(r"\b(?:apt-get|apt|apk|dnf|yum|microdnf)\s+(?:-\S+\s+)*(?:install|add)\b([^;&|]*)")
_REMOVES = re.compile(
    r"\b(?:apt-get|apt)\s+(?:-\S+\s+)*(?:purge|remove|autoremove)\b|\bapk\s+del\b|\b(?:dnf|yum)\s+remove\b"
)
_TOOLS = re.compile(
    r"(?<![\w.-])(build-essential|build-base|gcc|g\+\+|clang|make|cmake|cargo|rustc|golang|golang-go|autoconf|automake"
    r"|python3?-dev|libpq-dev|openjdk-\d+-jdk\S*|maven|gradle)(?![\w.-])"
)
_INSTALLERS = re.compile(
    r"\b(?:pip3?|pipx)\s+install\b[^\n;&|]{0,1000}(?<![\w./-])(poetry|uv|pdm|hatch|pipenv)\b(?!-)"
    r"|\bnpm\s+(?:install|i)\b[^\n;&|]{0,300}\s(?:-g|--global)\s[^\n;&|]{0,300}\b(pnpm|yarn|corepack|typescript)\b"
    r"|\b(corepack)\s+enable\b"
)
_SDK = re.compile(r"(?:^|/)(golang|rust|maven|gradle|gcc|dart|dotnet/sdk|cirruslabs/flutter)(?::|@|$)")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Dockerfile."""
    for path, file in dockerfiles(context).items():
        if file.stages and not for_development(path):
            yield from _final(path, file)


def _final(path: str, file: Dockerfile) -> Iterator[Finding]:
    image = file.image_of(file.stages[-1])
    sdk = _SDK.search(image)
    if sdk:
        message = f"the final image is {image}, with the whole tool chain"
        hint = "build in a first stage, and copy the result into a slim image with `COPY --from`"
        yield about(RULE, path, file.stages[-1].line, message, hint=hint)
        return
    for item in file.final:
        if item.keyword != "RUN" or _REMOVES.search(item.script):
            continue
        tools = [tool for packages in _INSTALLS.findall(item.script) for tool in _TOOLS.findall(packages)]
        if len(file.stages) > 1:  # in a single stage, dockerfile-single-stage says what they are there for
            tools += [name for names in _INSTALLERS.findall(item.script) for name in names if name]
        if tools:
            message = f"the final image holds build tools: {', '.join(dict.fromkeys(tools))}"
            hint = "install them in a first stage, and copy what they build with `COPY --from`"
            yield about(RULE, path, item.line, message, hint=hint)
            return
