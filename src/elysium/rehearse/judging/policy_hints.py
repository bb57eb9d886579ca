"""What to do about admission policies and webhooks, and about objects that belong to somebody else."""

from __future__ import annotations

import re

from elysium.cluster.protocol import Entry

__all__ = ["conflict_hint", "ownership_hint", "policy_hint"]

_POLICY = re.compile(r"((?:Validating|Mutating)AdmissionPolicy) '([^']+)'(?: with binding '([^']+)')?")
_WEBHOOK = re.compile(r"webhook \"([^\"]+)\"")
_MISSING_KEY = re.compile(r"resulted in error: no such key: (\S+)")
_MANAGER = re.compile(r"conflict with \"([^\"]+)\"")


def policy_hint(entry: Entry, field: str) -> str:
    """The policy's name, which is where to look, and its defect where it has one."""
    if found := _POLICY.search(entry.message):
        name = f"{found[1]}/{found[2]}"
        if missing := _MISSING_KEY.search(entry.message):
            return (
                f"set {missing[1]}, which {name} reads without asking whether it is there (has(…)), or mend its"
                " expression"
            )
        where = f" (bound by {found[1]}Binding/{found[3]})" if found[3] else ""
        return f"do as {name}{where} says, or except this object in the binding's matchResources"
    webhook = _WEBHOOK.search(entry.message)
    if "failed calling webhook" in entry.message:
        return f"webhook {webhook[1] if webhook else ''} does not run here: what it would say is not known"
    if "disallowed by cluster policy" in entry.message:
        return f"this server allows no privileged containers (--allow-privileged): remove {field or 'privileged'}"
    return f"do as webhook {webhook[1]} says" if webhook else "do as the policy says"


def ownership_hint(entry: Entry, field: str) -> str:
    """Helm takes over what carries its marks, and nothing else."""
    return (
        f"{entry.object.id} is there already and belongs to another: remove it from the other unit, give it another"
        " name, or let the release adopt it with the label app.kubernetes.io/managed-by: Helm and the annotations"
        " meta.helm.sh/release-name and meta.helm.sh/release-namespace"
    )


def conflict_hint(entry: Entry, field: str) -> str:
    """Something that only one can have."""
    if "already allocated" in entry.message:
        what = "node port" if "nodePort" in field else "address"
        return f"another Service has this {what}: leave {field} out, or choose a free one"
    if found := _MANAGER.search(entry.message):
        return f"{found[1]} owns {field or 'the field'}: let one of the two write it"
    return "somebody else changed the object at the same time: only one of them may write it"
