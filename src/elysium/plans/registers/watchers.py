"""What watches a risk, as people write it: rules `a`, `b`; policy `c`; item `P5-2`; check `exists docs/x.md`; …

Rules, policies, items and checks can be looked up. An alert, an event or a test is taken as it is written, but it alone
is not enough: requirement 3.10 wants a rule or an item of a plan for every risk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

import msgspec

__all__ = ["Known", "Watcher", "WatcherKind", "read_watchers", "refusal"]

_NAME = re.compile(r"`([^`]*)`")
_BARE = re.compile(r"[\w.-]+")
_WORD = re.compile(r"[A-Za-z]+")


class WatcherKind(StrEnum):
    """Where a watcher is looked up; `any` is a name without a word before it, `other` is outside of Elysium."""

    RULE = "rule"
    POLICY = "policy"
    ITEM = "item"
    CHECK = "check"
    ANY = "any"
    OTHER = "other"


_KINDS = {
    "rule": WatcherKind.RULE,
    "rules": WatcherKind.RULE,
    "policy": WatcherKind.POLICY,
    "policies": WatcherKind.POLICY,
    "item": WatcherKind.ITEM,
    "items": WatcherKind.ITEM,
    "check": WatcherKind.CHECK,
    "checks": WatcherKind.CHECK,
}


class Watcher(msgspec.Struct, frozen=True, kw_only=True):
    """One watcher: its kind and its name, or for `other` the words."""

    kind: WatcherKind
    name: str


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What can be looked up. `policies` is None where nobody knows them; `refuse_check` says what is wrong with a check
    (`exists docs/x.md`), or gives an empty text.
    """

    rules: frozenset[str]
    items: frozenset[str] = frozenset()
    policies: frozenset[str] | None = None
    refuse_check: Callable[[str], str] | None = None


def read_watchers(text: str) -> tuple[Watcher, ...]:
    """The watchers in a text; parts of it are separated by semicolons."""
    return tuple(watcher for part in _parts(text) for watcher in _of_part(part))


def refusal(watcher: Watcher, known: Known) -> str:
    """Why a watcher watches nothing; empty where it is found, or cannot be looked up."""
    match watcher.kind:
        case WatcherKind.RULE if watcher.name not in known.rules:
            return f"there is no rule {watcher.name!r}"
        case WatcherKind.POLICY if known.policies is not None and watcher.name not in known.policies:
            return f"elysium.toml has no policy {watcher.name!r}"
        case WatcherKind.ITEM if watcher.name not in known.items:
            return f"no plan has an item {watcher.name!r}"
        case WatcherKind.CHECK:
            return _no_check(watcher.name, known)
        case WatcherKind.ANY if not _is_anything(watcher.name, known):
            return f"{watcher.name!r} is neither a rule nor a policy, an item or a check"
    return ""


def _parts(text: str) -> Iterator[str]:
    """The parts between semicolons outside of backticks."""
    kept = _NAME.sub(lambda found: found[0].replace(";", "\0"), text)
    for part in kept.split(";"):
        if part.strip():
            yield part.replace("\0", ";").strip()


def _of_part(part: str) -> Iterator[Watcher]:
    names = _NAME.findall(part)
    word = _WORD.match(part)
    kind = _KINDS.get(word[0].lower()) if word else WatcherKind.ANY
    if kind is None or not names:
        yield from _without_names(part, kind)
        return
    for name in names:
        yield Watcher(kind=kind, name=name.strip())


def _without_names(part: str, kind: WatcherKind | None) -> Iterator[Watcher]:
    """A part without backticks: `rule image-latest, image-tag`, the bare name of a rule, or words."""
    _, _, rest = part.partition(" ")
    if kind and kind is not WatcherKind.ANY and rest:
        names = [rest] if kind is WatcherKind.CHECK else rest.replace(":", " ").replace(",", " ").split()
        yield from (Watcher(kind=kind, name=name) for name in names)
    elif all(_BARE.fullmatch(name.strip()) for name in part.split(",")):
        yield from (Watcher(kind=WatcherKind.ANY, name=name.strip()) for name in part.split(","))
    else:
        yield Watcher(kind=WatcherKind.OTHER, name=part)


def _is_anything(name: str, known: Known) -> bool:
    return (
        name in known.rules
        or name in known.items
        or name in (known.policies or ())
        or (known.refuse_check is not None and not known.refuse_check(name))
    )


def _no_check(text: str, known: Known) -> str:
    if known.refuse_check is None or text in known.rules:
        return ""
    reason = known.refuse_check(text)
    return f"{text!r} is no check: {reason}" if reason else ""
