"""The values of a draft of kind `preview-environments`: names, addresses, and the two who work on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from elysium.errors import UsageError
from elysium.plans.kinds.ground import Ground
from elysium.plans.types import PlannedComponent

__all__ = ["components", "values"]

_ROLES = {"repository": "Repository", "cluster": "Cluster"}
_TLS = ("edge", "cert-manager")
_PASSED_ON = ("domain", "edge-address", "node-address", "node-port", "registry", "tls", "compose-file")


def components(name: str, answers: Mapping[str, str]) -> tuple[PlannedComponent, ...]:
    """The platform with its chart, and the workflows that use it."""
    given = {key: answers[key] for key in _PASSED_ON if answers.get(key)}
    return (
        PlannedComponent(kind="infra", name="preview-platform", answers=given),
        PlannedComponent(kind="workflow", name="preview"),
    )


def values(name: str, ground: Ground, answers: Mapping[str, str]) -> dict[str, Any]:
    """What the template needs. Raises UsageError for owners that are none, and for another way of TLS."""
    facts = ground.facts
    tls = answers.get("tls", "")
    if tls and tls not in _TLS:
        raise UsageError(f"there is no way of TLS {tls!r}", hint=f"tls={' or tls='.join(_TLS)}")
    domain = answers.get("domain") or f"preview.{facts.variables.get('CLUSTER_DOMAIN', 'example.com')}"
    return {
        "owners": _owners(answers.get("owners", "")),
        "domain": domain,
        "edge": answers.get("edge-address", "") or f"edge.{domain}",
        "node": answers.get("node-address", "") or f"node.{domain}",
        "port": answers.get("node-port", "") or "30080",
        "tls": tls,
        "compose": answers.get("compose-file", "") or "docker-compose.yml",
        "issuers": facts.cluster_issuers,
        "has_compose": (answers.get("compose-file", "") or "docker-compose.yml") in ground.files,
    }


def _owners(text: str) -> dict[str, str]:
    """Who has each of the two roles; a neutral name where nobody was named."""
    found = dict(_ROLES)
    for pair in filter(None, map(str.strip, text.split(","))):
        role, sign, who = (part.strip() for part in pair.partition("="))
        if role not in _ROLES or not sign or not who:
            hint = "--owners repository=WHO,cluster=WHO"
            raise UsageError(f"this names no owner: {pair!r}", hint=hint)
        found[role] = who
    return found
