"""Dockerfiles as BuildKit reads them."""

from __future__ import annotations

from elysium.check.files.dockerfile import parse

TEXT = """# syntax=docker/dockerfile:1
ARG VERSION=3.22
FROM golang:1.25 AS Build
RUN --mount=type=cache,target=/root/.cache make \\
    # between
    all && \\

    make test
RUN <<ONE cat && <<-'TWO' sh
first
ONE
\tsecond
\tTWO
FROM alpine:${VERSION} AS base
USER 1000
from base
copy --from=build ["/a b", "/c"]
ENTRYPOINT ["/c"]
CMD --flag
"""


def test_instructions_have_lines_flags_and_texts() -> None:
    file = parse(TEXT)
    keywords = [(item.keyword, item.line) for item in file.instructions]
    assert keywords == [
        ("ARG", 2),
        ("FROM", 3),
        ("RUN", 4),
        ("RUN", 9),
        ("FROM", 14),
        ("USER", 15),
        ("FROM", 16),
        ("COPY", 17),
        ("ENTRYPOINT", 18),
        ("CMD", 19),
    ]
    make, heredocs = file.instructions[2:4]
    assert make.flag("mount") == "type=cache,target=/root/.cache"
    assert make.script.split() == ["make", "all", "&&", "make", "test"]
    assert heredocs.heredoc == "first\n\tsecond"
    assert file.instructions[7].words == ["/a b", "/c"]
    assert file.instructions[8].exec_form
    assert not file.instructions[9].exec_form
    assert file.syntax == "docker/dockerfile:1"


def test_stages_continue_each_other() -> None:
    file = parse(TEXT)
    assert [(stage.name, stage.parent) for stage in file.stages] == [("build", -1), ("base", -1), ("", 1)]
    assert [item.keyword for item in file.final] == ["USER", "COPY", "ENTRYPOINT", "CMD"]
    assert file.image_of(file.stages[2]) == "alpine:3.22"
    assert file.resolved("${NONE:-a}:$VERSION-${OTHER}") == "a:3.22-${OTHER}"


def test_the_escape_character_can_be_another() -> None:
    file = parse("# escape=`\nFROM a\nRUN dir `\n  C:\\\nRUN x\n")
    assert [item.value for item in file.instructions[1:]] == ["dir \n  C:\\", "x"]
