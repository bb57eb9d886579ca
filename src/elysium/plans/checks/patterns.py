r"""Regular expressions of a plan, found in time that grows with the text alone.

A plan under review may hold any pattern, and Python's `re` tries all ways through one like `(a+)+b`. Here all ways are
followed at once (Thompson's construction), and each step is remembered (a lazy automaton, as in RE2). What that cannot
do, references back and looking around, is refused.

Known are literals, `.`, `[…]`, `\d \w \s` and their opposites, groups, `|`, `* + ? {m,n}`, `^` and `$` for the ends of
a line, and `(?i)` at the beginning. A match lies inside of one line.
"""

from __future__ import annotations

import threading

from elysium.plans.checks.pattern_syntax import Instruction, Step, program_of

__all__ = ["Pattern", "TooMuchWork"]

_MOST_STATES = 2000
_MOST_WORK = 500_000


class TooMuchWork(Exception):
    """A pattern that goes so many ways at once that a text takes seconds."""


class Pattern:
    """A compiled pattern. Raises ValueError, with what is wrong, for one that cannot be.

    What it learns about texts stays for the next one, and is forgotten when it grows.
    """

    def __init__(self, text: str) -> None:
        self._program: tuple[Instruction, ...] = program_of(text)
        self._final = len(self._program) - 1
        self._work = 0
        self._lock = threading.Lock()
        self._forget()

    def line_of(self, text: str) -> int:
        """The first line with a match, from 1; 0 without one. Raises TooMuchWork when that takes too long."""
        lines = text.split("\n")
        with self._lock:
            self._work = 0
            return next((number for number, line in enumerate(lines, 1) if self._matches(line.removesuffix("\r"))), 0)

    def _matches(self, line: str) -> bool:
        state = self._first
        if self._done(state, ended=False):
            return True
        for character in line:
            following = self._steps[state].get(character)
            state = self._step(state, character) if following is None else following
            if state < 0:
                return True
        if line:
            return self._done(state, ended=True)
        return self._final in self._closed(self._states[state], start=True, end=True)

    def _forget(self) -> None:
        self._numbers: dict[frozenset[int], int] = {}
        self._steps: list[dict[str, int]] = []
        self._states: list[frozenset[int]] = []
        self._ended: dict[int, bool] = {}
        self._first = self._number(self._closed({0}, start=True))

    def _done(self, state: int, *, ended: bool) -> bool:
        if not ended:
            return self._final in self._states[state]
        if state not in self._ended:
            self._ended[state] = self._final in self._closed(self._states[state], end=True)
        return self._ended[state]

    def _step(self, state: int, character: str) -> int:
        """The number of the next state; below zero once there is a match."""
        moved = {place + 1 for place in self._states[state] if self._program[place].takes(character)}
        reached = self._closed(moved | {0})
        self._work += len(reached)
        if self._work > _MOST_WORK:
            raise TooMuchWork
        if self._final in reached:
            self._steps[state][character] = -1
            return -1
        if len(self._states) > _MOST_STATES:
            self._forget()
            return self._number(reached)
        following = self._steps[state][character] = self._number(reached)
        return following

    def _number(self, places: frozenset[int]) -> int:
        if places not in self._numbers:
            self._numbers[places] = len(self._states)
            self._states.append(places)
            self._steps.append({})
        return self._numbers[places]

    def _closed(self, places: set[int] | frozenset[int], *, start: bool = False, end: bool = False) -> frozenset[int]:
        """The places that are reached without taking a character."""
        found: set[int] = set()
        waiting = list(places)
        while waiting:
            place = waiting.pop()
            if place not in found:
                found.add(place)
                waiting += self._onward(place, start=start, end=end)
        return frozenset(found)

    def _onward(self, place: int, *, start: bool, end: bool) -> tuple[int, ...]:
        instruction = self._program[place]
        if instruction.step is Step.GO:
            return instruction.targets
        passes = (instruction.step is Step.START and start) or (instruction.step is Step.END and end)
        return (place + 1,) if passes else ()
