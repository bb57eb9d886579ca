"""What the annotation of an item says, as data: each key with its grammar, and the error that names the line."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from elysium.errors import PlanError
from elysium.plans import checks, words
from elysium.plans.document import annotating
from elysium.plans.types import Attestation, Check, Decision, Role

__all__ = ["fields_of", "is_date"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_ATTESTED = re.compile(
    r"(?P<by>\S+) (?P<date>\d{4}-\d{2}-\d{2})(?: (?P<reference>.*?))?(?: until (?P<expires>\d{4}-\d{2}-\d{2}))?"
)
_DECIDED = ("by ", "because ", "revisit ")
_IMPACT = re.compile(r"[A-Za-z][A-Za-z0-9.]*/[^/\s]*/[^/\s]+|dependency:[^\s>]+>[^\s>]+")


def fields_of(annotation: annotating.Annotation, place: str) -> dict[str, Any]:
    """The fields of an Item that its annotation gives. Raises PlanError, with `place`, for what has no meaning."""
    found: dict[str, Any] = {}
    for key in dict.fromkeys(name for name, _ in annotation):
        given = annotating.values(annotation, key)
        found |= _FIELDS[key](key, given, place)
    if "attested" in found:
        said = found.pop("attested")
        found["manual"] = Attestation(**{**said, "what": found["manual"].what if "manual" in found else ""})
    if "decided" in found:
        found["decision"] = found.pop("decided")
    return found


def _one(key: str, given: tuple[str, ...], place: str) -> str:
    if len(given) != 1 or not given[0]:
        problem = "has no value" if len(given) == 1 else "is given twice"
        raise PlanError(f"`{key}` {problem}", subject=place, hint=f"write {key}=… once")
    return given[0]


def _text(key: str, given: tuple[str, ...], place: str) -> dict[str, Any]:
    return {key: _one(key, given, place)}


def _id(key: str, given: tuple[str, ...], place: str) -> dict[str, Any]:
    value = _one(key, given, place)
    if not _ID.fullmatch(value):
        hint = "letters, digits, dots, dashes and underscores, at most 128, such as S1.2"
        raise PlanError(f"{value!r} is no id", subject=place, hint=hint)
    return {"id": value}


def _due(key: str, given: tuple[str, ...], place: str) -> dict[str, Any]:
    return {"due": is_date(key, _one(key, given, place), place)}


def is_date(key: str, value: str, place: str) -> str:
    """A date as it is written in plans, `2026-12-01`. Raises PlanError for anything else."""
    try:
        datetime.date.fromisoformat(value if len(value) == len("2026-12-01") else "")
    except ValueError as error:
        raise PlanError(f"`{key}` is no date: {value!r}", subject=place, hint=f"write {key}=YYYY-MM-DD") from error
    return value


def _needs(_: str, given: tuple[str, ...], place: str) -> dict[str, Any]:
    names = tuple(name for value in given for name in value.split(",") if name)
    for name in names:
        _id("needs", (name,), place)
    if not names:
        raise PlanError("`needs` has no value", subject=place, hint="write needs=ID or needs=ID,ID")
    return {"needs": names}


def _check(_: str, given: tuple[str, ...], place: str) -> dict[str, Any]:
    return {"checks": tuple(_read_check(value, place) for value in given)}


def _read_check(value: str, place: str) -> Check:
    try:
        said = words.split(value)
    except ValueError as error:
        hint = 'a quote inside of check="…" is written \\", and closed the same way'
        raise PlanError(f"a check cannot be read: {error}", subject=place, hint=hint) from error
    return checks.read(said, place)


def _file(_: str, given: tuple[str, ...], place: str) -> dict[str, Any]:
    for value in given:
        if not value or value.startswith("/") or ".." in value.split("/"):
            hint = "write a path inside of the repository, such as apps/base/wiki/release.yaml"
            raise PlanError(f"`file` is no path of the repository: {value!r}", subject=place, hint=hint)
    return {"files": given}


def _impact(_: str, given: tuple[str, ...], place: str) -> dict[str, Any]:
    for value in given:
        if not _IMPACT.fullmatch(value):
            hint = "write Kind/namespace/name, Kind//name for what has no namespace, or dependency:UNIT>UNIT"
            raise PlanError(f"`impact` names no object: {value!r}", subject=place, hint=hint)
    return {"impact": given}


def _manual(key: str, given: tuple[str, ...], place: str) -> dict[str, Any]:
    if len(given) != 1:
        raise PlanError(f"`{key}` is given twice", subject=place, hint="say once what has to be attested")
    return {"manual": Attestation(what=given[0])}


def _attested(key: str, given: tuple[str, ...], place: str) -> dict[str, Any]:
    found = _ATTESTED.fullmatch(_one(key, given, place))
    if not found:
        hint = 'write attested="WHO YYYY-MM-DD REFERENCE", and until YYYY-MM-DD when it ends'
        raise PlanError("`attested` does not say who and when", subject=place, hint=hint)
    said = {name: value or "" for name, value in found.groupdict().items()}
    for name in ("date", "expires"):
        said[name] = said[name] and is_date("attested", said[name], place)
    return {"attested": said}


def _decision(*_: Any) -> dict[str, Any]:
    return {"decision": Decision()}


def _decided(key: str, given: tuple[str, ...], place: str) -> dict[str, Any]:
    parts = [part.strip() for part in _one(key, given, place).split(";")]
    said = {"chosen": parts[0]}
    for part in parts[1:]:
        name = next((word.strip() for word in _DECIDED if part.startswith(word)), "date")
        said[{"because": "reason"}.get(name, name)] = (
            part.removeprefix(f"{name} ") if name != "date" else is_date(key, part, place)
        )
    return {"decided": Decision(**said)}


def _role(key: str, given: tuple[str, ...], place: str) -> dict[str, Any]:
    value = _one(key, given, place)
    if value not in set(Role):
        raise PlanError(f"there is no role {value!r}", subject=place, hint=f"roles are {', '.join(Role)}")
    return {"role": Role(value)}


def _nothing(*_: Any) -> dict[str, Any]:
    return {}


_FIELDS: dict[str, Callable[[str, tuple[str, ...], str], dict[str, Any]]] = {
    "id": _id,
    "owner": _text,
    "due": _due,
    "needs": _needs,
    "check": _check,
    "file": _file,
    "impact": _impact,
    "manual": _manual,
    "attested": _attested,
    "decision": _decision,
    "decided": _decided,
    "deferred": _text,
    "role": _role,
    "contradiction": _nothing,
}
