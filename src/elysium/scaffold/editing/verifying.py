"""Proof that an edit changed what it was meant to and nothing else: what it left is read again and compared."""

from __future__ import annotations

from elysium.scaffold.editing.data import Data, data
from elysium.scaffold.editing.errors import EditError
from elysium.scaffold.editing.nodes import parsed
from elysium.scaffold.editing.places import Page

__all__ = ["verified"]


def verified(page: Page, edited: str, path: tuple[str | int, ...]) -> str:
    """`edited`, when only the value at `path` says something else than before. Raises EditError otherwise."""
    hint = "edit it by hand: the way it is written does not allow it here"
    try:
        roots = parsed(edited)
    except EditError:
        raise EditError("an edit would make the file invalid", hint=hint, file=page.file) from None
    before, after = [data(root) for root in page.roots], [data(root) for root in roots]
    if not before:
        before = [None]
    same_number = len(before) == len(after)
    if not same_number or any(
        not _same_but(one, other, path if index == page.number else None)
        for index, (one, other) in enumerate(zip(before, after, strict=True))
    ):
        raise EditError("an edit would change more than it should", hint=hint, file=page.file)
    return edited


def _same_but(before: Data, after: Data, path: tuple[str | int, ...] | None) -> bool:
    if path is None:
        return bool(before == after)
    if not path:
        return not (isinstance(before, list) and isinstance(after, list)) or _one_apart(before, after)
    part, rest = path[0], path[1:]
    if isinstance(before, dict) and isinstance(after, dict):
        if list(before) != [key for key in after if key in before] or set(after) - set(before) > {part}:
            return False
        others = all(value == after[key] for key, value in before.items() if key != part)
        return others and (part not in before or _same_but(before[part], after.get(part), rest))
    if isinstance(before, list) and isinstance(after, list) and isinstance(part, int):
        pairs = enumerate(zip(before, after, strict=False))
        return len(before) == len(after) and all(
            _same_but(one, other, rest) if index == part % len(before) else one == other
            for index, (one, other) in pairs
        )
    return before is None or isinstance(before, tuple)  # nothing was there


def _one_apart(before: list[Data], after: list[Data]) -> bool:
    """Whether one list is the other with one item more; any lists that differ by more were replaced as a whole."""
    short, long = sorted((before, after), key=len)
    return len(short) != len(long) - 1 or any(long[:index] + long[index + 1 :] == short for index in range(len(long)))
