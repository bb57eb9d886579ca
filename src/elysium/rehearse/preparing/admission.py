"""Webhooks of admission: validated by the server like everything else, and never called.

No controller runs behind them. With `failurePolicy: Fail` each request that one matches would be refused, with `Ignore`
each would wait for a connection. A match condition that is false keeps the server from calling, whatever the selectors
and the other conditions say (Kubernetes documentation, "Dynamic Admission Control", "Matching requests:
matchConditions").
"""

from __future__ import annotations

from typing import Any

from elysium.model import RenderedObject
from elysium.rehearse.types import Phase, Unknown

__all__ = ["without_calls"]

_NEVER = {"name": "not-called-in-a-rehearsal", "expression": "false"}
_MOST_CONDITIONS = 64
_MOST_SHOWN = 3


def without_calls(
    item: RenderedObject, body: dict[str, Any], phase: Phase
) -> tuple[dict[str, Any], tuple[Unknown, ...]]:
    """The configuration with one more condition on each webhook, and what these webhooks would have judged."""
    webhooks = body.get("webhooks")
    if not isinstance(webhooks, list) or not webhooks:
        return body, ()
    changed = body | {"webhooks": [_uncalled(webhook) for webhook in webhooks]}
    verb = "change" if item.kind.startswith("Mutating") else "refuse"
    judged = "; ".join(dict.fromkeys(text for webhook in webhooks for text in _judged(webhook)))
    message = f"what its {len(webhooks)} webhooks would {verb} is not known: {judged or 'nothing is named'}"
    return changed, (Unknown(phase=phase, code="webhook", message=message, unit=item.origin.unit, object=item.id),)


def _uncalled(webhook: Any) -> Any:
    if not isinstance(webhook, dict):
        return webhook
    declared = webhook.get("matchConditions")
    conditions = declared if isinstance(declared, list) else []
    return webhook | {"matchConditions": [*conditions[: _MOST_CONDITIONS - 1], _NEVER]}


def _judged(webhook: Any) -> list[str]:
    """`CREATE, UPDATE of cert-manager.io/v1 certificates`, for each rule."""
    rules = webhook.get("rules") if isinstance(webhook, dict) else None
    found = [_rule(rule) for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
    more = [f"and {len(found) - _MOST_SHOWN} rules more"] if len(found) > _MOST_SHOWN else []
    return [*found[:_MOST_SHOWN], *more]


def _rule(rule: dict[str, Any]) -> str:
    operations, resources = _listed(rule, "operations"), _listed(rule, "resources")
    groups = _listed(rule, "apiGroups") or "core"
    return f"{operations} of {groups}/{_listed(rule, 'apiVersions')} {resources}"


def _listed(rule: dict[str, Any], key: str) -> str:
    values = rule.get(key)
    return ", ".join(str(value) for value in values) if isinstance(values, list) else ""
