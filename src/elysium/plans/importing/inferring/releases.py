"""``Create … HelmRelease``, ``validate with `helm template` ``, a read replica → the application's release."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_RELEASE = re.compile(r"^(?:create|configure|add|write)\b.*\bHelmRelease\b(?! status)", re.IGNORECASE)
_RENDERED = re.compile(r"`(?:helm template|kustomize build|flux build)`")
_REPLICA = re.compile(r"\bread replicas?\b", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
    """The release itself, that everything of it renders, and that a second set of pods reads."""
    if entry.subject.flux and _RENDERED.search(entry.text):
        return Inferred(checks=(("render",),))
    namespace = entry.subject.namespace
    if not namespace:
        return None
    if _RELEASE.search(entry.title):
        return Inferred(checks=(("object", f"HelmRelease/{namespace}/*"),))
    if _REPLICA.search(entry.title) and entry.section == "steps":
        return Inferred(checks=(("count", f"StatefulSet/{namespace}/*", ">=", "2"),))
    return None
