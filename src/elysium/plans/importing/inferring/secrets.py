"""``Create sealed secret: `wiki-sealed-secret.yaml` `` → the file, and the Secret that it makes."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_FILE = re.compile(r"`(?:[\w./-]*/)?([a-z0-9-]+)-sealed-secret\.ya?ml`")
_SEALED = re.compile(r"\bsealed secrets?\b", re.IGNORECASE)
_GENERATED = re.compile(r"^generate\b.*\b(?:password|credential|secret|token)s?\b", re.IGNORECASE)
_REFERENCED = re.compile(r"\bvaluesFrom\b")


def recognise(entry: Entry) -> Inferred | None:
    """The Secret by the name of its file; generated and required ones are those that the plan seals elsewhere."""
    namespace, known = entry.subject.namespace, entry.subject.secrets
    if not namespace or entry.section == "rollback":
        return None
    named = _FILE.findall(entry.text)
    if named:
        return Inferred(checks=tuple(("secret", f"{namespace}/{name}") for name in named))
    if _GENERATED.search(entry.title) or (entry.label == "Secrets" and entry.section == "requirements"):
        return Inferred(checks=tuple(("secret", f"{namespace}/{name}") for name in known)) if known else None
    if _REFERENCED.search(entry.title):
        return Inferred(checks=(("object", f"HelmRelease/{namespace}/*", "spec.valuesFrom"),))
    if _SEALED.search(entry.title) and entry.section == "security":
        return Inferred(checks=(("object", f"SealedSecret/{namespace}/*"),))
    return None
