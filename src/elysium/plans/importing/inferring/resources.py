"""``requests: CPU 500m, Memory 1Gi`` → the same requests in a pod of the application's namespace."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_KIND = re.compile(r"\b(requests?|limits?)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\b(cpu|memory)[ :=]{1,3}(\d{1,6}(?:\.\d{1,3})?(?:m|[KMGT]i?)?)(?![\w.])", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
    """Requests or limits with their amounts."""
    kind = _KIND.search(entry.title)
    found = {name.lower(): amount for name, amount in _AMOUNT.findall(entry.title)}
    if not entry.subject.namespace or not kind or not found:
        return None
    place = f"spec.template.spec.containers.*.resources.{kind[1].lower().rstrip('s')}s"
    asked = tuple(f"{place}.{name}={amount}" for name, amount in found.items())
    return Inferred(checks=(("object", f"*/{entry.subject.namespace}/*", *asked),))
