"""A Dockerfile that cannot be built, or does not do what it says.

BuildKit stops at an unknown instruction, at anything but ARG before the first FROM, and at `COPY --from` a stage that
is not there or comes later. A list with single quotes is no JSON: it is then given to a shell as it stands.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfile import Dockerfile, Instruction, Stage
from elysium.check.files.dockerfiles import about, dockerfiles
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-syntax",
    severity=Severity.ERROR,
    summary="a Dockerfile that cannot be built, or does not do what it says",
    topic=Topic.IMAGES,
    profiles=("default", "pre-commit"),
)

_KNOWN = frozenset(
    {
        *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
        *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
    }
)
_LISTS = ("CMD", "ENTRYPOINT", "SHELL", "COPY", "ADD", "VOLUME")

Problem = tuple[int, str, str]
"""The line, the message and the hint."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each mistake."""
    for path, file in dockerfiles(context).items():
        if file.syntax and not file.syntax.startswith(("docker/dockerfile", "docker.io/docker/dockerfile")):
            continue  # another frontend may have other instructions
        if _is_template(file) or (not file.stages and "." in posixpath.basename(path)):
            continue
        for line, message, hint in (*_instructions(file), *_stages(file)):
            yield about(RULE, path, line, message, hint=hint)


def _is_template(file: Dockerfile) -> bool:
    """Whether something else writes the real file: no instruction of Docker's has an underscore or braces."""
    return any("_" in item.keyword or "{{" in item.keyword for item in file.instructions)


def _instructions(file: Dockerfile) -> Iterator[Problem]:
    if not file.stages:
        line = file.instructions[0].line if file.instructions else 1
        yield line, "the file has no FROM", "begin with the image to build on, `FROM image:tag`"
        return
    for item in file.instructions:
        if item.keyword not in _KNOWN:
            near = nearest(item.keyword, _KNOWN)
            hint = f"did you mean {near}?" if near else "does the line before it miss its `\\`?"
            yield item.line, f"there is no instruction `{item.keyword}`", hint
        elif item.line < file.stages[0].line and item.keyword != "ARG":
            yield item.line, f"{item.keyword} stands before the first FROM", "only ARG may stand there"
        else:
            yield from _arguments(item)


def _arguments(item: Instruction) -> Iterator[Problem]:
    text = item.value.strip()
    if item.keyword in _LISTS and text.startswith("['") and text.endswith("']") and not item.exec_form:
        message = f"{item.keyword} looks like a list and is none: JSON knows no single quotes, so a shell gets the text"
        yield item.line, message, 'write `["program", "argument"]`'
    elif item.keyword == "ENV" and "=" not in text and len(text.split()) == 1:
        yield item.line, f"ENV {text} has no value", f"write `ENV {text}=value`"
    elif item.keyword in ("COPY", "ADD") and len(item.words) == 1 and not item.heredoc and "$" not in text:
        yield item.line, f"{item.keyword} needs a source and a destination", "add where it goes to"


def _stages(file: Dockerfile) -> Iterator[Problem]:
    seen: set[str] = set()
    names = {stage.name: stage for stage in file.stages if stage.name}
    for stage in file.stages:
        if stage.name and stage.name in seen:
            yield stage.line, f"two stages have the name {stage.name}", "rename one"
        seen.add(stage.name)
        for item in stage.instructions:
            source = item.flag("from")
            problem = _source(source, stage, names) if item.keyword == "COPY" and source and "$" not in source else ""
            if problem:
                yield item.line, f"COPY --from={source}: {problem}", _hint(source, stage, file)


def _source(source: str, stage: Stage, names: dict[str, Stage]) -> str:
    """What is wrong with the source of a COPY; a word that is no stage may be an image or a named context."""
    if source.isdigit():
        return "" if int(source) < stage.number else "there is no such stage before this one"
    found = names.get(source.lower())
    if found is not None:
        return (
            "" if found.number < stage.number else "this stage comes later" if found is not stage else "this is itself"
        )
    return "there is no such stage" if nearest(source.lower(), names) else ""


def _hint(source: str, stage: Stage, file: Dockerfile) -> str:
    before = [item.name for item in file.stages[: stage.number] if item.name]
    near = nearest(source.lower(), before)
    return f"did you mean {near}?" if near else f"stages before it: {', '.join(before) or 'none'}"
