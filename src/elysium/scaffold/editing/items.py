"""Items of lists: entering one, taking one out, looking for one."""

from __future__ import annotations

import re
from collections.abc import Sequence as AnySequence
from typing import Any

from elysium.scaffold.editing import lines, values, writing
from elysium.scaffold.editing.data import plain, same_item
from elysium.scaffold.editing.errors import EditError
from elysium.scaffold.editing.nodes import Mapping, Node, Scalar, Sequence, parsed
from elysium.scaffold.editing.places import Page, dash, place_of
from elysium.scaffold.editing.verifying import verified

__all__ = ["has_item", "insert_item", "remove_item"]

Path = AnySequence[str | int]


def has_item(text: str, path: Path, item: str, *, document: int | None = None, file: str = "") -> bool:
    """Whether the list at `path` has the item. `./x` is `x`; mappings are the same when they name the same."""
    page = Page(text, document=document, file=file)
    found = _list_at(page, path)
    return isinstance(found, Sequence) and _index(page, found, item) is not None


def insert_item(
    text: str, path: Path, item: str, *, document: int | None = None, create: bool = False, file: str = ""
) -> str:
    """`text` with an item in the list at `path`; the same text when it has it.

    The item is a text, or YAML text of a mapping or a list. A sorted list stays sorted, otherwise it comes last. With
    `create`, a list that is missing is made in the file's style.
    """
    page = Page(text, document=document, file=file)
    found = _list_at(page, path)
    if isinstance(found, Sequence) and _index(page, found, item) is not None:
        return text
    if isinstance(found, Sequence) and found.items:
        edited = _into_flow(page, found, item) if found.flow else _into_block(page, found, item)
    elif found is None and not create:
        hint = "add the list, empty, and run the same command again"
        raise EditError(f"there is no list {'.'.join(map(str, path))}", hint=hint, file=file)
    else:
        edited = values.place(page, path, _first_item(item))
    return verified(page, edited, tuple(path))


def remove_item(text: str, path: Path, item: str, *, document: int | None = None, file: str = "") -> str:
    """`text` without the item; the same text where there is none. Comments above the item stay."""
    page = Page(text, document=document, file=file)
    found = _list_at(page, path)
    index = _index(page, found, item) if isinstance(found, Sequence) else None
    if not isinstance(found, Sequence) or index is None:
        return text
    if len(found.items) == 1:
        return verified(page, values.place(page, path, []), tuple(path))
    return verified(page, (_out_of_flow if found.flow else _out_of_block)(page, found, index), tuple(path))


def _list_at(page: Page, path: Path) -> Sequence | None:
    nodes, depth = place_of(page, path)
    if depth < len(path) or not nodes:
        return None
    last = nodes[-1]
    if isinstance(last, Scalar) and last.is_null:
        return Sequence(start=last.start, content=last.content, end=last.end, line=last.line, flow=True, items=[])
    if not isinstance(last, Sequence):
        raise page.fault(f"{'.'.join(map(str, path))} is not a list", last, "make it a list, or edit it by hand")
    return last


def _first_item(item: str) -> list[Any]:
    return [_structure(item) or _text_of(item)]


def _structure(item: str) -> writing.Verbatim | None:
    """The item when it is a mapping or a list written as YAML."""
    try:
        roots = parsed(item)
    except EditError:
        return None
    if len(roots) == 1 and isinstance(roots[0], (Mapping, Sequence)):
        return writing.Verbatim(text=item, value=plain(roots[0]))
    return None


def _text_of(item: str) -> str:
    """The text that an item means: what stands in its quotes, or all of it."""
    try:
        roots = parsed(item)
    except EditError:
        return item.strip()
    only = roots[0] if len(roots) == 1 else None
    quoted = isinstance(only, Scalar) and only.style != "" and only.tag is None and only.anchor is None
    return only.value if quoted and isinstance(only, Scalar) else item.strip()


def _index(page: Page, sequence: Sequence, item: str) -> int | None:
    wanted = _structure(item)
    sought: Any = wanted.value if wanted else _text_of(item)
    anchors: dict[str, Any] = {}
    plain(page.root, anchors)
    for index, node in enumerate(sequence.items):
        if same_item(_value_of(node, anchors), sought):
            return index
    return None


def _value_of(node: Node, anchors: dict[str, Any]) -> Any:
    return node.value if isinstance(node, Scalar) else plain(node, dict(anchors))


def _position(sequence: Sequence, item: str) -> int:
    """Where the order of the list suggests. A namespace comes first by custom, sorted or not."""
    wanted = _structure(item)
    keys = [_sorting(_value_of(node, {})) for node in sequence.items]
    new = _sorting(wanted.value if wanted else _text_of(item))
    if new is None or any(key is None for key in keys):
        return len(keys)
    for fold in (str, str.casefold):
        folded = [(key[0], fold(key[1])) for key in keys if key]
        if folded == sorted(folded):
            return sum(key <= (new[0], fold(new[1])) for key in folded)
    return len(keys)


def _sorting(value: Any) -> tuple[bool, str] | None:
    name = value.get("name", value.get("path")) if isinstance(value, dict) else value
    if not isinstance(name, str):
        return None
    name = name.removeprefix("./")
    return name != "namespace.yaml", name


def _quote(sequence: Sequence) -> str:
    """How items are quoted, when all are in one way."""
    styles = {node.style for node in sequence.items if isinstance(node, Scalar)}
    return styles.pop() if len(styles) == 1 and styles <= {"'", '"'} else ""


def _scalar(sequence: Sequence, item: str, *, flow: bool) -> str:
    """A text as the list writes its own; a number among numbers stays one."""
    text = _text_of(item)
    numbers = [isinstance(plain(node), (int, float)) for node in sequence.items]
    if text == item.strip() and all(numbers) and re.fullmatch(r"[0-9]+", text):
        return text
    return writing.scalar(text, quote=_quote(sequence), flow=flow)


def _into_block(page: Page, sequence: Sequence, item: str) -> str:
    text, newline = page.text, page.style.newline
    first = dash(text, sequence, 0)
    columns = lines.column(text, first)
    gap = _gap(text, sequence)
    structure = _structure(item)
    body = structure.text if structure else _scalar(sequence, item, flow=False)
    written = lines.indented(body, "-" + " " * gap, columns + 1 + gap, newline)
    index = _position(sequence, item)
    if index == 0:
        return text[:first] + written + newline + " " * columns + text[first:]
    place = lines.behind(text, sequence.items[index - 1].end, columns)
    return lines.inserted(text, place, " " * columns + written, newline)


def _gap(text: str, sequence: Sequence) -> int:
    """How many spaces follow a dash here."""
    for index, item in enumerate(sequence.items):
        start = dash(text, sequence, index) + 1
        if item.start > start and not text[start : item.start].strip(" "):
            return item.start - start
    return 1


def _into_flow(page: Page, sequence: Sequence, item: str) -> str:
    text = page.text
    structure = _structure(item)
    written = writing.flow(structure.value) if structure else _scalar(sequence, item, flow=True)
    index = _position(sequence, item)
    starts = [node.start for node in sequence.items]
    own_lines = len({lines.line_start(text, start) for start in (sequence.content, *starts)}) == len(starts) + 1
    if index == 0:
        between = page.style.newline + " " * lines.column(text, starts[0]) if own_lines else " "
        return text[: starts[0]] + written + "," + between + text[starts[0] :]
    end = sequence.items[index - 1].end
    if not own_lines:
        return text[:end] + ", " + written + text[end:]
    comma = re.match(r"[ \t]*,", text[end:])
    place = lines.line_end(text, end)
    line = " " * lines.column(text, starts[index - 1]) + written + ("," if comma else "") + page.style.newline
    return text[:end] + ("" if comma else ",") + text[end:place] + line + text[place:]


def _out_of_block(page: Page, sequence: Sequence, index: int) -> str:
    text = page.text
    here = dash(text, sequence, index)
    start = lines.line_start(text, here)
    if text[start:here].strip():  # shares its line with an outer dash or an anchor: the next item moves up
        return text[:here] + text[dash(text, sequence, index + 1) :]
    end = lines.behind(text, sequence.items[index].end, here - start)
    if end == len(text) and not text.endswith("\n"):
        return text[:start].removesuffix("\n").removesuffix("\r")
    return text[:start] + text[end:]


def _out_of_flow(page: Page, sequence: Sequence, index: int) -> str:
    text, items = page.text, sequence.items
    if index == 0:
        return text[: items[0].start] + text[items[1].start :]
    before, item = items[index - 1], items[index]
    between = text[before.end : item.start]
    if "#" not in between:
        return text[: before.end] + text[item.end :]
    start, end = lines.line_start(text, item.start), lines.line_end(text, item.end)
    last = index == len(items) - 1 and "," not in text[item.end : end].partition("#")[0]
    kept = between[: start - before.end]
    return text[: before.end] + (kept.replace(",", "", 1) if last else kept) + text[end:]
