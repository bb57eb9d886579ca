"""Coder templates: folders with Terraform files that declare a Coder agent or use the Coder provider.

Source: Coder documentation, "Templates"; the coder and kubernetes providers of Terraform.
"""

from __future__ import annotations

import posixpath
import re

import msgspec

from elysium.check.context import Context
from elysium.check.files.hcl import Block, HclError, parse

__all__ = ["Template", "coder_templates"]

_LARGEST = 500_000
_CODER = re.compile(r'"coder/coder"|\bcoder_(?:agent|workspace|parameter)\b|provider\s+"coder"')


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """The files of a folder: blocks with the file that each stands in, or why a file cannot be read."""

    directory: str
    blocks: tuple[tuple[str, Block], ...]
    errors: tuple[tuple[str, int, str], ...]

    def of_kind(self, kind: str, *types: str) -> list[tuple[str, Block]]:
        """Blocks of a kind, with one of these types where any are given."""
        return [
            (file, block)
            for file, block in self.blocks
            if block.kind == kind and (not types or (block.labels and block.labels[0] in types))
        ]

    @property
    def agents(self) -> list[tuple[str, Block]]:
        """The agents that connect a workspace to Coder."""
        return self.of_kind("resource", "coder_agent")


def coder_templates(context: Context) -> tuple[Template, ...]:
    """Every Coder template of the repository; computed once."""
    found: tuple[Template, ...] | None = context.__dict__.get("coder_templates")
    if found is None:
        folders: dict[str, list[str]] = {}
        for path in context.paths:
            if path.endswith(".tf") and len(context.text(path)) <= _LARGEST:
                folders.setdefault(posixpath.dirname(path), []).append(path)
        found = tuple(_read(context, folder, paths) for folder, paths in folders.items() if _of_coder(context, paths))
        context.__dict__["coder_templates"] = found
    return found


def _of_coder(context: Context, paths: list[str]) -> bool:
    return any(_CODER.search(context.text(path)) for path in paths)


def _read(context: Context, directory: str, paths: list[str]) -> Template:
    blocks: list[tuple[str, Block]] = []
    errors: list[tuple[str, int, str]] = []
    for path in paths:
        try:
            blocks += [(path, block) for block in parse(context.text(path))]
        except HclError as error:
            errors.append((path, error.line, str(error)))
    return Template(directory=directory, blocks=tuple(blocks), errors=tuple(errors))
