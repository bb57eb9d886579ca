"""Nothing that leaves the API holds a known secret value: not the objects, not a message."""

from __future__ import annotations

import msgspec

from elysium.model import Render, RenderedObject, Unit
from elysium.sealing import Redactor

__all__ = ["redact"]


def redact(render: Render, redactor: Redactor) -> Render:
    """The same render with every known plaintext replaced by its token.

    In a v1 Secret every value is replaced, even a short one. The names and namespaces of objects are not secrets: a value
    that is also a name (a database user that is called like its database) stays.
    """
    if not redactor:
        return render
    redactor.spare(name for unit in render.units for item in unit.objects for name in (item.name, item.namespace))
    return msgspec.structs.replace(render, units=tuple(_unit(unit, redactor) for unit in render.units))


def _unit(unit: Unit, redactor: Redactor) -> Unit:
    failure = unit.failure
    if failure is not None:
        failure = msgspec.structs.replace(failure, message=redactor.text(failure.message))
    return msgspec.structs.replace(
        unit, objects=tuple(_object(item, redactor) for item in unit.objects), failure=failure
    )


def _object(item: RenderedObject, redactor: Redactor) -> RenderedObject:
    raw = item.raw
    if item.kind == "Secret" and item.api_version == "v1":
        raw = msgspec.json.encode(redactor.secret(item.body()))
    raw = redactor.bytes(raw)
    problems = tuple(
        msgspec.structs.replace(problem, message=redactor.text(problem.message)) for problem in item.problems
    )
    if raw == item.raw and problems == item.problems:
        return item
    return msgspec.structs.replace(item, raw=raw, problems=problems)
