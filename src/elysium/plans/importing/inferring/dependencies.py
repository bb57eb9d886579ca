"""``Depends on: infra-configs`` → `chain`; an operator that a plan requires → an object that shows it."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_BEFORE = re.compile(r"^(?:depends on|kustomization dependencies|dependencies)$", re.IGNORECASE)
_UNIT = re.compile(r"(?<![\w./-])([a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?![\w./-])")
_ASIDE = re.compile(r"\([^)]*\)")
_SHOWN_BY = {
    "csi-rclone": "CSIDriver//*rclone*",
    "rclone csi": "CSIDriver//*rclone*",
    "cert-manager": "ClusterIssuer//*",
    "traefik": "IngressClass//*traefik*",
    "tailscale": "IngressClass//*tailscale*",
    "sealed secrets": "CustomResourceDefinition//sealedsecrets.bitnami.com",
    "prometheus operator": "CustomResourceDefinition//servicemonitors.monitoring.coreos.com",
}


def recognise(entry: Entry) -> Inferred | None:
    """In the Flux section: units before the one that applies the applications. In requirements: what shows them."""
    if not _BEFORE.match(entry.label):
        return None
    if entry.section == "requirements":
        found = [shown for name, shown in _SHOWN_BY.items() if name in entry.rest.lower()]
        return Inferred(checks=tuple(("object", shown) for shown in dict.fromkeys(found))) if found else None
    units = _UNIT.findall(_ASIDE.sub(" ", entry.rest.replace("`", "")))
    if entry.section != "flux" or not units or not entry.subject.name:
        return None
    return Inferred(checks=tuple(("chain", f"{unit}>apps") for unit in dict.fromkeys(units)))
