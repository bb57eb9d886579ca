"""What a host has: facts that somebody gathered into a JSON file of the repository (docs/plans/checks.md)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from elysium.evaluate.quantities import parse_quantity
from elysium.evaluate.workloads import mapping, sequence
from elysium.plans.checks import reading
from elysium.plans.checks.arguments import amount, first_of, wrong_path
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed, unknown
from elysium.plans.world import World

__all__ = ["VERBS"]

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}
_AMOUNT = re.compile(r"(cpu|memory|disk(?::(/[^\s=<>]*))?)(>=|<=|=|>|<)(.+)")
_LISTED = re.compile(r"(port|timer|service|user|module):([^\s=]+)")
_PACKAGE = re.compile(r"package:([^\s=<>]+)(?:(>=|=)([0-9][\w.+~-]*))?")
_MODE = re.compile(r"mode:(/[^=]*)=([0-7]{3,4})")
_OWNER = re.compile(r"owner:(/[^=]*)=([\w-]+(?::[\w-]+)?)")
_NUMBERS = re.compile(r"\d+")


def _refuse(words: tuple[str, ...]) -> str:
    return amount(words, 2) or wrong_path(words[0]) or first_of(map(_wrong_fact, words[1:]))


def _wrong_fact(word: str) -> str:
    found = _AMOUNT.fullmatch(word)
    if found and parse_quantity(found[4]) is None:
        return f"{word!r} compares with what is no amount"
    known = found or any(form.fullmatch(word) for form in (_LISTED, _PACKAGE, _MODE, _OWNER))
    return "" if known else f"{word!r} is no fact of a host, such as memory>=8Gi, port:22 or package:helm"


def _run(words: tuple[str, ...], world: World) -> Outcome:
    found = reading.documents(world, words[0])
    if isinstance(found, Outcome):
        gather = "gather its facts into a file: docs/plans/checks.md says how"
        there = reading.is_there(world, words[0])
        return found if there else unknown(f"there is no {words[0]}: {gather}", path=words[0])
    facts = mapping(found[0] if found else None)
    host = str(facts.get("host") or words[0])
    results = [_judged(facts, word) for word in words[1:]]
    for word, (holds, text) in zip(words[1:], results, strict=True):
        if holds is False:
            return failed(f"{host}: {text or word}", path=words[0])
    for word, (holds, text) in zip(words[1:], results, strict=True):
        if holds is None:
            return unknown(f"{host}: {text or f'nobody gathered what tells {word}'}", path=words[0])
    gathered = f", as of {facts['gathered']}" if isinstance(facts.get("gathered"), str) else ""
    return passed(f"{host} has {', '.join(words[1:])}{gathered}", path=words[0])


def _judged(facts: dict[str, Any], word: str) -> tuple[bool | None, str]:
    """Whether a fact holds (None: nobody knows), and what is so instead."""
    if found := _AMOUNT.fullmatch(word):
        return _amount(facts, found)
    if found := _LISTED.fullmatch(word):
        return _listed(facts, found[1], found[2])
    if found := _PACKAGE.fullmatch(word):
        return _package(facts, found)
    found = _MODE.fullmatch(word) or _OWNER.fullmatch(word)
    held = mapping(facts.get("modes" if word.startswith("mode") else "owners")).get(found[1]) if found else None
    if held is None or found is None:
        return None, ""
    same = str(held).lstrip("0") == found[2].lstrip("0") if word.startswith("mode") else str(held) == found[2]
    return same, f"{found[1]} is {held}"


def _amount(facts: dict[str, Any], found: re.Match[str]) -> tuple[bool | None, str]:
    what, where, sign, wanted = found.groups()
    name = what.partition(":")[0]
    held: Any = facts.get(name)
    if name == "disk" and isinstance(held, dict):
        held = held.get(where or "/")
    elif where:
        held = None
    quantity, other = parse_quantity(held), parse_quantity(wanted)
    if quantity is None or other is None:
        return None, ""
    return _ORDER[sign](quantity, other), f"{what} is {held}, not {sign}{wanted}"


def _listed(facts: dict[str, Any], what: str, wanted: str) -> tuple[bool | None, str]:
    held = facts.get(f"{what}s")
    if not isinstance(held, list):
        return None, ""
    known = {str(entry) for entry in sequence(held)}
    return bool({wanted, f"{wanted}.{what}"} & known), f"there is no {what} {wanted}"


def _package(facts: dict[str, Any], found: re.Match[str]) -> tuple[bool | None, str]:
    name, sign, wanted = found.groups()
    held = facts.get("packages")
    if not isinstance(held, dict | list):
        return None, ""
    if name not in held:
        return False, f"{name} is not installed"
    if not sign:
        return True, ""
    version = str(held[name]) if isinstance(held, dict) else ""
    if not version:
        return None, f"nobody gathered the version of {name}"
    ahead = _version(version) >= _version(wanted) if sign == ">=" else version == wanted
    return ahead, f"{name} is {version}, not {sign}{wanted}"


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number[:9]) for number in _NUMBERS.findall(text)[:4])


VERBS = (
    Verb(
        name="host",
        usage="host FACTS.json cpu>=4|memory>=8Gi|disk[:/PATH]>=80Gi|port:N|package:NAME[>=1.2]|mode:/PATH=600|…",
        summary="A host has these facts, according to a file of the repository that somebody gathered.",
        example="host hosts/server.json cpu>=4 memory>=8Gi disk:/srv>=80Gi port:22 package:helm>=3.14",
        refuse=_refuse,
        run=_run,
    ),
)
