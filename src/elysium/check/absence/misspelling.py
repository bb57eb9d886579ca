"""Whether a name that leads nowhere is a slip of the pen, although something unknown could make the object.

While a chart of the namespace is not known, or an operator is, anything might be made there. But nobody means a name
that stands in one place only and differs by a letter or two from that of something which is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.absence.by_hand import made_by_hand
from elysium.check.absence.certainty import vouched
from elysium.check.context import Context
from elysium.check.spelling import distance
from elysium.evaluate.consumers import of_kind
from elysium.evaluate.producers import product
from elysium.model import RenderedObject, UnitKind

__all__ = ["misspelt"]

_SHORTEST = 5


def misspelt(context: Context, holder: RenderedObject, kind: str, namespace: str, name: str, near: str) -> bool:
    """Whether `holder` means `near`, the nearest name of what exists, where it says `name`.

    With one letter too many or too few it does; with another difference only if nothing else needs `near`. Nothing but
    `holder`, what it was made from and what it makes may speak of `name`.
    """
    cluster = holder.origin.unit.cluster
    if len(near) < _SHORTEST or vouched(context, cluster, f"{kind}/{namespace}/{name}"):
        return False
    close = distance(name, near) == 1 and len(name) != len(near)
    if not close and _is_needed(context, holder, kind, namespace, near):
        return False
    return not made_by_hand(context, name) and next(_speaking(context, holder, name), None) is None


def _is_needed(context: Context, holder: RenderedObject, kind: str, namespace: str, near: str) -> bool:
    """Whether any object beside its makers speaks of what exists."""
    index = context.objects[holder.origin.unit.cluster]
    if any(use.item is not holder and (use.namespace, use.name) == (namespace, near) for use in of_kind(index, kind)):
        return True
    made = product(index, kind, namespace, near)
    makers = {id(source) for source in made.sources} if made else set()
    return any(id(item) not in makers and item.name != near for item in _speaking(context, holder, near))


def _speaking(context: Context, holder: RenderedObject, name: str) -> Iterator[RenderedObject]:
    """The objects of another origin with the name in them."""
    own = holder.origin.unit
    definition = context.objects[own.cluster].definition(own)
    word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])".encode())
    for unit in context.units_of(own.cluster):
        if unit.id == own and own.kind is UnitKind.HELM_RELEASE:
            continue
        for item in unit.objects:
            if item is not holder and item is not definition and word.search(item.raw):
                yield item
