"""The values of a draft of kind `refactoring`: what moves, what is made of it, and what may become different."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from elysium.errors import UsageError
from elysium.plans.kinds.appliers import appliers, makers_of
from elysium.plans.kinds.ground import Ground

__all__ = ["Move", "values"]

_KUSTOMIZATION = "kustomization.yaml"


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A folder or file that moves: what makes objects of it, and the kustomizations that name the old and new place."""

    old: str
    new: str
    units: tuple[str, ...]
    objects: tuple[str, ...]
    old_list: str = ""
    new_list: str = ""
    old_entry: str = ""
    new_entry: str = ""


def values(name: str, ground: Ground, answers: Mapping[str, str]) -> dict[str, Any]:
    """What the template needs. Raises UsageError for moves that are none."""
    moves = tuple(_moves(answers.get("moves", ""), ground))
    render = ground.render
    objects = [item for unit in render.units for item in unit.objects] if render else []
    return {
        "why": answers.get("why", "") or "the repository is easier to read and to change afterwards",
        "moves": moves,
        "changes": tuple(filter(None, map(str.strip, answers.get("changes", "").split(",")))),
        "count": len(objects),
        "units": len(render.units) if render else 0,
        "appliers": appliers(render, ground.facts),
        "commit": ground.commit or "HEAD",
        "path": ground.path,
    }


def _moves(text: str, ground: Ground) -> Iterator[Move]:
    for pair in filter(None, map(str.strip, text.split(","))):
        old, sign, new = (part.strip().strip("/") for part in pair.partition(">"))
        if not sign or not old or not new:
            raise UsageError(f"this is no move: {pair!r}", hint="moves=OLD>NEW, such as moves=apps/base/wiki>apps/wiki")
        if ground.files and not any(path == old or path.startswith(f"{old}/") for path in ground.files):
            raise UsageError(f"there is no {old}, so it cannot move", hint="name a folder or a file of the repository")
        yield _move(old, new, ground)


def _move(old: str, new: str, ground: Ground) -> Move:
    makers = makers_of(ground.render, old)
    old_list, new_list = (posixpath.join(posixpath.dirname(path), _KUSTOMIZATION) for path in (old, new))
    known = old_list in ground.files
    return Move(
        old=old,
        new=new,
        units=tuple(unit for unit, _ in makers),
        objects=tuple(item for _, objects in makers for item in objects),
        old_list=old_list if known else "",
        new_list=new_list if known else "",
        old_entry=posixpath.basename(old),
        new_entry=posixpath.basename(new),
    )
