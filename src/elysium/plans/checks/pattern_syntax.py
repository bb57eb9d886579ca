"""What a pattern of a plan means, as a program of small steps (see `patterns`)."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import msgspec

__all__ = ["Instruction", "Step", "program_of"]

_LONGEST = 500
_MOST_STEPS = 1000
_MOST_TIMES = 100
_DEEPEST = 50
_CLASSES: dict[str, Callable[[str], bool]] = {
    "d": str.isdigit,
    "s": str.isspace,
    "w": lambda character: character == "_" or character.isalnum(),
}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}


class Step(Enum):
    """What an instruction does: take one character, go on elsewhere, hold at an end of the line, be done."""

    TAKE = 1
    GO = 2
    START = 3
    END = 4
    DONE = 5


class Instruction(msgspec.Struct, frozen=True, kw_only=True):
    """One step. It takes a character in one of `ranges` or `classes` (an opposite class is a capital letter)."""

    step: Step
    targets: tuple[int, ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()
    classes: str = ""
    opposite: bool = False
    any_case: bool = False

    def takes(self, character: str) -> bool:
        """Whether it takes a character."""
        if self.step is not Step.TAKE:
            return False
        forms = {character, character.lower(), character.upper()} if self.any_case else {character}
        return any(map(self._has, forms)) is not self.opposite

    def _has(self, character: str) -> bool:
        if any(low <= character <= high for low, high in self.ranges):
            return True
        return any(_CLASSES[name.lower()](character) is name.islower() for name in self.classes)


_DONE = Instruction(step=Step.DONE)
Block = list[Instruction]
"""Instructions whose targets count from the block's first one; it ends by falling through."""


def program_of(text: str) -> tuple[Instruction, ...]:
    """The program of a pattern. Raises ValueError with what is wrong with it."""
    if len(text) > _LONGEST:
        raise ValueError(f"the pattern is longer than {_LONGEST} characters")
    any_case = text.startswith("(?i)")
    reader = _Reader(text[4:] if any_case else text, any_case)
    block = reader.either(0)
    if reader.rest:
        raise ValueError("a parenthesis is closed that was not opened")
    return (*block, _DONE)


class _Reader:
    """Reads a pattern from the left; every method takes what it reads."""

    def __init__(self, text: str, any_case: bool) -> None:
        self.rest = text
        self._any_case = any_case

    def either(self, depth: int) -> Block:
        """Ways that are separated by `|`."""
        if depth > _DEEPEST:
            raise ValueError("the pattern is nested too deeply")
        block = self._sequence(depth)
        while self._taken("|"):
            block = _either(block, self._sequence(depth))
        return block

    def _sequence(self, depth: int) -> Block:
        block: Block = []
        while self.rest and self.rest[0] not in "|)":
            block = _joined(block, self._repeated(self._atom(depth)))
        return block

    def _atom(self, depth: int) -> Block:
        sign = self._next()
        if sign == "(":
            return self._group(depth)
        if sign == "[":
            return [self._set()]
        if sign == "\\":
            return [self._escaped()]
        if sign in "^$":
            return [Instruction(step=Step.START if sign == "^" else Step.END)]
        if sign in "*+?{":
            raise ValueError(f"nothing stands before {sign!r} that it could repeat")
        return [self._take(opposite=True) if sign == "." else self._take(((sign, sign),))]

    def _group(self, depth: int) -> Block:
        if self.rest.startswith("?") and not self._taken("?:"):
            raise ValueError("(?…) is not known here but for (?:…), and (?i) at the beginning")
        block = self.either(depth + 1)
        if not self._taken(")"):
            raise ValueError("a parenthesis is not closed")
        return block

    def _set(self) -> Instruction:
        opposite = self._taken("^")
        ranges: list[tuple[str, str]] = []
        classes = ""
        first = True
        while first or not self._taken("]"):
            first = False
            name, low = self._member()
            classes += name
            if not low:
                continue
            high = low
            if self.rest.startswith("-") and self.rest[1:2] not in ("", "]"):
                self._next()
                high = self._member()[1]
            if low > high:
                raise ValueError("a range ends before it begins")
            ranges.append((low, high))
        return self._take(tuple(ranges), classes, opposite=opposite)

    def _member(self) -> tuple[str, str]:
        """A class by its letter, or a character."""
        if not self.rest:
            raise ValueError("a bracket is not closed")
        sign = self._next()
        if sign != "\\":
            return "", sign
        found = self._escaped()
        return found.classes, found.ranges[0][0] if found.ranges else ""

    def _escaped(self) -> Instruction:
        if not self.rest:
            raise ValueError("the pattern ends with a backslash")
        sign = self._next()
        if sign.lower() in _CLASSES:
            return self._take(classes=sign)
        if sign.isalnum() and sign not in _CONTROLS:
            raise ValueError(f"\\{sign} is not known here")
        character = _CONTROLS.get(sign, sign)
        return self._take(((character, character),))

    def _repeated(self, block: Block) -> Block:
        while self.rest and self.rest[0] in "*+?{":
            sign = self._next()
            least, most = self._times() if sign == "{" else {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
            self._taken("?")
            block = _repeated(block, least, most)
        return block

    def _times(self) -> tuple[int, int | None]:
        inside, closed, rest = self.rest.partition("}")
        low, comma, high = inside.partition(",")
        if not closed or not low.isdecimal() or (high and not high.isdecimal()):
            raise ValueError("{…} holds no number of times")
        self.rest = rest
        least = int(low[:4])
        most = int(high[:4]) if high else None if comma else least
        if max(least, most or 0) > _MOST_TIMES or (most is not None and most < least):
            raise ValueError(f"{{{inside}}} is no number of times up to {_MOST_TIMES}")
        return least, most

    def _take(
        self, ranges: tuple[tuple[str, str], ...] = (), classes: str = "", *, opposite: bool = False
    ) -> Instruction:
        return Instruction(step=Step.TAKE, ranges=ranges, classes=classes, opposite=opposite, any_case=self._any_case)

    def _taken(self, text: str) -> bool:
        taken = self.rest.startswith(text)
        self.rest = self.rest.removeprefix(text)
        return taken

    def _next(self) -> str:
        sign, self.rest = self.rest[0], self.rest[1:]
        return sign


def _go(*targets: int) -> Instruction:
    return Instruction(step=Step.GO, targets=targets)


def _joined(*blocks: Block) -> Block:
    """Blocks one after another, each moved to its place."""
    joined: Block = []
    for block in blocks:
        if len(joined) + len(block) > _MOST_STEPS:
            raise ValueError("the pattern repeats too much")
        start = len(joined)
        joined += [
            msgspec.structs.replace(item, targets=tuple(start + target for target in item.targets))
            if item.targets and start
            else item
            for item in block
        ]
    return joined


def _either(one: Block, other: Block) -> Block:
    """Through one block or the other."""
    behind = len(one) + len(other) + 2
    fork = _go(1, len(one) + 2)
    leave = _go(behind - len(one) - 1)
    return _joined([fork], one, [leave], other)


def _repeated(block: Block, least: int, most: int | None) -> Block:
    """A block so many times; without `most` as often as it comes."""
    size = len(block)
    again = [] if most is not None else _joined([_go(1, size + 2)], block, [_go(-size - 1)])
    maybe = _joined([_go(1, size + 1)], block)
    return _joined(*[block] * least, again, *[maybe] * ((most or least) - least))
