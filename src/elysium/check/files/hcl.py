"""HCL, as Terraform files are written, as far as references and blocks go.

Source: HashiCorp, "HCL Native Syntax Specification": comments, quoted templates, here-documents, blocks, attributes.
Expressions are not evaluated: an attribute keeps its text, with comments and plain strings blanked in `code`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

__all__ = ["Attribute", "Block", "HclError", "parse"]

_HEADER = re.compile(r'([A-Za-z_][\w-]*)((?:\s+(?:"[^"\n]*"|[A-Za-z_][\w-]*))*)\s*\{')
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w-]*)\s*=(?![=>])")
_LABEL = re.compile(r'"([^"\n]*)"|([A-Za-z_][\w-]*)')
_HEREDOC = re.compile(r"<<-?([A-Za-z_]\w*)[ \t]*\n")
_WITHIN = "\f"
"""Stands in `code` for the end of a line within a here-document, which does not end the expression."""

_PAIRS = {"(": ")", "[": "]", "{": "}"}


class HclError(ValueError):
    """Why a text cannot be read, and on which line."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """`name = expression`. In `code` strings are blank but for what `${ }` in them evaluates."""

    name: str
    line: int
    text: str
    code: str


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """`kind "label" { … }`."""

    kind: str
    labels: tuple[str, ...]
    line: int
    attributes: tuple[Attribute, ...]
    blocks: tuple[Block, ...]

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of this name."""
        return next((item for item in self.attributes if item.name == name), None)

    def below(self) -> Iterator[Block]:
        """This block and all within it."""
        yield self
        for block in self.blocks:
            yield from block.below()

    def expressions(self) -> Iterator[Attribute]:
        """Every attribute of this block and of those within it."""
        for block in self.below():
            yield from block.attributes


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a file. Raises HclError when brackets, strings or here-documents do not end."""
    try:
        code = _blanked(text)
        _balanced(text, code)
        return tuple(_body(text, code, 0, len(code))[1])
    except RecursionError:
        raise HclError("blocks or strings are nested too deeply", 1) from None


def _blanked(text: str) -> str:
    """The text with comments and the plain parts of strings replaced by spaces; lines and columns stay."""
    out = list(text)
    position = 0
    while position < len(text):
        end = _skipped(text, position, out)
        position = end if end > position else position + 1
    return "".join(out)


def _skipped(text: str, position: int, out: list[str]) -> int:
    """Blank the comment, string or here-document that begins here; the end of it, or `position`."""
    character = text[position]
    if character == "#" or text.startswith("//", position):
        return _blank(out, position, _find(text, "\n", position))
    if text.startswith("/*", position):
        return _blank(out, position, _closing(text, "*/", position, "a comment"))
    if character == '"':
        end = _string_end(text, position + 1, position)
        _holes(text, position + 1, end, out)
        return end + 1
    if text.startswith("<<", position) and (match := _HEREDOC.match(text, position)):
        ending = re.compile(rf"^[ \t]*{match[1]}[ \t]*$", re.MULTILINE)
        found = ending.search(text, match.end())
        if found is None:
            raise HclError(f"the text after <<{match[1]} never ends", _line(text, position))
        _blank(out, position, match.end())
        _holes(text, match.end(), found.start(), out)
        _blank(out, found.start(), found.end())
        out[position : found.end()] = [_WITHIN if item == "\n" else item for item in out[position : found.end()]]
        return found.end()
    return position


def _string_end(text: str, position: int, opening: int) -> int:
    """Where a quoted string ends: quotes within `${ }` belong to the expression."""
    while position < len(text) and text[position] != "\n":
        if text[position] == "\\":
            position += 2
        elif text.startswith(("${", "%{"), position) and text[position - 1] != text[position]:
            position = _hole_end(text, position + 2, opening)
        elif text[position] == '"':
            return position
        else:
            position += 1
    raise HclError("a string never ends", _line(text, opening))


def _hole_end(text: str, position: int, opening: int) -> int:
    depth = 1
    while position < len(text):
        character = text[position]
        if character == '"':
            position = _string_end(text, position + 1, position)
        depth += (character == "{") - (character == "}")
        position += 1
        if depth == 0:
            return position
    raise HclError("an expression in a string never ends", _line(text, opening))


def _holes(text: str, start: int, end: int, out: list[str]) -> None:
    """Blank the plain parts of a template, and what stands in the strings of its expressions."""
    position = start
    while position < end:
        if text.startswith(("${", "%{"), position) and text[position - 1] != text[position]:
            stop = min(_hole_end(text, position + 2, position), end)
            inner = _blanked(text[position + 2 : stop - 1])
            out[position:stop] = ["(", " ", *inner, ")"]
            position = stop
        else:
            if out[position] != "\n":
                out[position] = " "
            position += 1


def _balanced(text: str, code: str) -> None:
    open_ones: list[tuple[str, int]] = []
    for position, character in enumerate(code):
        if character in _PAIRS:
            open_ones.append((character, position))
        elif character in ")]}":
            if not open_ones or _PAIRS[open_ones[-1][0]] != character:
                raise HclError(f"`{character}` closes nothing", _line(text, position))
            open_ones.pop()
    if open_ones:
        character, position = open_ones[-1]
        raise HclError(f"`{character}` is never closed", _line(text, position))


def _body(text: str, code: str, start: int, end: int) -> tuple[list[Attribute], list[Block]]:
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    position = start
    while position < end:
        if code[position].isspace() or code[position] == ",":
            position += 1
        elif match := _ATTRIBUTE.match(code, position, end):
            stop = _expression_end(code, match.end(), end)
            line, value = _line(text, position), code[match.end() : stop]
            written = _without_comment(text[match.end() : stop], value)
            attributes.append(Attribute(name=match[1], line=line, text=written, code=value))
            position = stop
        elif match := _HEADER.match(text, position, end):
            stop = _matching(code, match.end() - 1)
            inner = _body(text, code, match.end(), stop)
            labels = tuple(quoted or bare for quoted, bare in _LABEL.findall(match[2]))
            blocks.append(
                Block(
                    kind=match[1],
                    labels=labels,
                    line=_line(text, position),
                    attributes=tuple(inner[0]),
                    blocks=tuple(inner[1]),
                )
            )
            position = stop + 1
        else:
            raise HclError("here stands neither an attribute nor a block", _line(text, position))
    return attributes, blocks


def _without_comment(text: str, code: str) -> str:
    """An expression as it is written, without the comment behind it."""
    end = len(code.rstrip())
    return (text[:end] if text[end:].lstrip().startswith(("#", "//", "/*")) else text).strip()


def _expression_end(code: str, position: int, end: int) -> int:
    """An expression ends with its line, unless a bracket is open."""
    depth = 0
    while position < end:
        character = code[position]
        depth += (character in "([{") - (character in ")]}")
        if depth < 0 or (depth == 0 and character == "\n"):
            return position
        position += 1
    return end


def _matching(code: str, position: int) -> int:
    depth = 0
    for at in range(position, len(code)):
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if depth == 0:
            return at
    return len(code)


def _closing(text: str, mark: str, position: int, what: str) -> int:
    found = text.find(mark, position)
    if found < 0:
        raise HclError(f"{what} never ends", _line(text, position))
    return found + len(mark)


def _find(text: str, mark: str, position: int) -> int:
    found = text.find(mark, position)
    return len(text) if found < 0 else found


def _blank(out: list[str], start: int, end: int) -> int:
    for position in range(start, end):
        if out[position] != "\n":
            out[position] = " "
    return end


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
