"""Dockerfiles as BuildKit reads them: instructions with their lines, and the stages that they make.

Source: Docker documentation, "Dockerfile reference": parser directives, line continuation, here-documents, stages.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import msgspec

__all__ = ["Dockerfile", "Instruction", "Stage", "parse"]

_DIRECTIVE = re.compile(r"#\s*(syntax|escape|check)\s*=\s*(\S+)\s*$", re.IGNORECASE)
_HEREDOC = re.compile(r"(?<![<\w])<<-?(['\"]?)([A-Za-z_][\w.]*)\1(?![<\w])")
_FLAG = re.compile(r"--([a-z][a-z-]*)(?:=(\S*))?(?:\s+|$)")
_WITH_HEREDOC = ("RUN", "COPY", "ADD")


class Instruction(msgspec.Struct, frozen=True, kw_only=True):
    """One instruction. `value` is what follows the keyword and the flags, continued lines joined by newlines."""

    keyword: str
    value: str
    line: int
    flags: tuple[tuple[str, str], ...] = ()
    heredoc: str = ""

    @property
    def words(self) -> list[str]:
        """The arguments, split as a shell splits them; at white space where that cannot be done."""
        text = self.value.strip()
        if text.startswith("["):
            listed = _json_words(text)
            if listed is not None:
                return listed
        try:
            return shlex.split(text)
        except ValueError:
            return text.split()

    @property
    def exec_form(self) -> bool:
        """Whether it is written as a JSON list, which no shell interprets."""
        return _json_words(self.value.strip()) is not None

    def flag(self, name: str) -> str:
        """The value of a flag, such as `from`; empty when it is not there."""
        return next((value for key, value in self.flags if key == name), "")

    @property
    def script(self) -> str:
        """What a RUN executes, with its here-document."""
        return f"{self.value}\n{self.heredoc}"


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A stage from its FROM on. `parent` is the number of the stage that it continues, -1 for an image."""

    number: int
    line: int
    image: str
    name: str
    parent: int
    instructions: tuple[Instruction, ...]


class Dockerfile(msgspec.Struct, frozen=True, kw_only=True):
    """All instructions, the ARGs before the first FROM with their defaults, and the stages."""

    instructions: tuple[Instruction, ...]
    arguments: dict[str, str]
    stages: tuple[Stage, ...]
    syntax: str = ""

    @property
    def final(self) -> tuple[Instruction, ...]:
        """What makes the image: the last stage after those that it continues."""
        return self.chain(self.stages[-1]) if self.stages else ()

    def chain(self, stage: Stage) -> tuple[Instruction, ...]:
        """The instructions of a stage after those of the stages that it continues."""
        links = [stage]
        while 0 <= links[-1].parent < links[-1].number:
            links.append(self.stages[links[-1].parent])
        return tuple(item for link in reversed(links) for item in link.instructions)

    def image_of(self, stage: Stage) -> str:
        """The image that a stage begins with, through the stages that it continues; variables by their defaults."""
        while 0 <= stage.parent < stage.number:
            stage = self.stages[stage.parent]
        return self.resolved(stage.image)

    def resolved(self, text: str) -> str:
        """The text with the defaults of the ARGs before the first FROM; what has none stays."""

        def default(match: re.Match[str]) -> str:
            name, other = match[1] or match[2], match[3] or ""
            return self.arguments.get(name) or other or match[0]

        return re.sub(r"\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})", default, text)


def parse(text: str) -> Dockerfile:
    """Read a Dockerfile; what is wrong with it is for a rule to say."""
    syntax, escape = _directives(text)
    instructions = tuple(_instructions(text.splitlines(), escape))
    arguments: dict[str, str] = {}
    for item in instructions:
        if item.keyword == "FROM":
            break
        if item.keyword == "ARG":
            arguments.update(part.partition("=")[::2] for part in item.words)
    return Dockerfile(
        instructions=instructions, arguments=arguments, stages=tuple(_stages(instructions)), syntax=syntax
    )


def _json_words(text: str) -> list[str] | None:
    try:
        return msgspec.json.decode(text, type=list[str]) if text.startswith("[") else None
    except msgspec.DecodeError:
        return None


def _directives(text: str) -> tuple[str, str]:
    """The syntax image and the escape character, from the comments at the very top."""
    found = {"syntax": "", "escape": "\\"}
    for line in text.splitlines():
        match = _DIRECTIVE.match(line)
        if not match:
            break
        found[match[1].lower()] = match[2]
    return found["syntax"], found["escape"]


def _instructions(lines: list[str], escape: str) -> Iterator[Instruction]:
    position = 0
    while position < len(lines):
        start = position
        if not lines[position].strip() or lines[position].lstrip().startswith("#"):
            position += 1
            continue
        text, position = _logical_line(lines, position, escape)
        keyword, value = _split_keyword(text)
        if not keyword:
            continue
        heredoc = ""
        if keyword in _WITH_HEREDOC:
            heredoc, position = _heredocs(value, lines, position)
        flags, value = _flags(value)
        yield Instruction(keyword=keyword, value=value, line=start + 1, flags=flags, heredoc=heredoc)


def _split_keyword(text: str) -> tuple[str, str]:
    keyword, *rest = text.strip().split(None, 1) or [""]
    return keyword.upper(), rest[0] if rest else ""


def _logical_line(lines: list[str], position: int, escape: str) -> tuple[str, int]:
    """A line with those that continue it; comments and empty lines between them do not count."""
    parts: list[str] = []
    while position < len(lines):
        line = lines[position]
        position += 1
        if parts and (not line.strip() or line.lstrip().startswith("#")):
            continue
        stripped = line.rstrip()
        if not stripped.endswith(escape):
            parts.append(stripped)
            break
        parts.append(stripped[: -len(escape)])
    return "\n".join(parts), position


def _heredocs(value: str, lines: list[str], position: int) -> tuple[str, int]:
    """The text of the here-documents that begin in an instruction, and the line after them. One that never ends takes
    the rest.
    """
    collected: list[str] = []
    for match in _HEREDOC.finditer(value):
        end = next((at for at in range(position, len(lines)) if lines[at].strip("\t") == match[2]), len(lines))
        collected += lines[position:end]
        position = end + 1
    return "\n".join(collected), position


def _flags(value: str) -> tuple[tuple[tuple[str, str], ...], str]:
    found = []
    rest = value.lstrip()
    while match := _FLAG.match(rest):
        found.append((match[1], match[2] or ""))
        rest = rest[match.end() :]
    return tuple(found), rest


def _stages(instructions: tuple[Instruction, ...]) -> Iterator[Stage]:
    starts = [number for number, item in enumerate(instructions) if item.keyword == "FROM"]
    known: dict[str, int] = {}
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(instructions)
        words = instructions[start].words
        image = words[0] if words else ""
        name = words[2].lower() if len(words) == 3 and words[1].upper() == "AS" else ""
        yield Stage(
            number=number,
            line=instructions[start].line,
            image=image,
            name=name,
            parent=known.get(image.lower(), -1),
            instructions=instructions[start + 1 : end],
        )
        if name:
            known[name] = number
