"""A YAML text as Flux substitutes in it: Kustomize has written it, so it has no comments."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.yaml_lines import content_lines, without_comment

__all__ = ["without_comments"]


def without_comments(text: str) -> Iterator[str]:
    """The lines of a YAML text, each without its comment. Lines of a block scalar are content, `#` included."""
    content = content_lines(text)
    for number, line in enumerate(text.splitlines(), 1):
        yield line if number in content else without_comment(line)
