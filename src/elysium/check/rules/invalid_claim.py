"""A claim on storage that the API server refuses.

A PersistentVolumeClaim needs an access mode and a size, and ReadWriteOncePod stands alone. The templates of a
StatefulSet are taken as they are, and only the claims made of them are refused: the pods never start.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.claims import Claim, claims
from elysium.evaluate.formats import dns_subdomain, open_ended
from elysium.evaluate.quantities import ZERO, parse_quantity
from elysium.evaluate.workloads import Path, mapping
from elysium.model import Finding, Severity
from elysium.sealing import is_opaque

__all__ = ["RULE", "check"]

RULE = Rule(
    id="invalid-claim",
    severity=Severity.ERROR,
    summary="a claim on storage that the API server refuses",
    topic=Topic.STORAGE,
    profiles=("default", "pre-commit"),
    supersedes=("schema",),
)

_MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each field of each claim."""
    for index in context.objects.values():
        for claim in claims(index):
            for path, reason in _faults(claim):
                at = in_object(context, claim.item, (*claim.path, *path))
                name = f" {claim.name}" if claim.owner else ""
                message = f"{claim.item}: the claim{name} {reason}"
                yield about_object(RULE, claim.item, at, message, hint="the API server refuses the claim")


def _faults(claim: Claim) -> Iterator[tuple[Path, str]]:
    modes = claim.access_modes
    wrong = [mode for mode in modes if mode not in _MODES and not open_ended(mode)]
    if not modes:
        yield (), "needs accessModes"
    elif wrong:
        yield ("accessModes",), f"has the access mode {wrong[0]!r}, which does not exist"
    elif "ReadWriteOncePod" in modes and len(modes) > 1:
        yield ("accessModes",), "cannot have ReadWriteOncePod beside other access modes"
    size = mapping(mapping(claim.spec.get("resources")).get("requests")).get("storage")
    place: Path = ("resources", "requests", "storage")
    amount = parse_quantity(size)
    if size is None:
        yield ("resources",), "needs resources.requests.storage"
    elif amount is None and not open_ended(size) and not is_opaque(str(size)):
        yield place, f"asks for {size!r} of storage, which is no quantity such as 10Gi"
    elif amount is not None and amount <= ZERO:
        yield place, f"asks for {amount} of storage"
    name = claim.storage_class
    if name and (bad := dns_subdomain(name)):
        yield ("storageClassName",), f"has the storageClassName {name!r}, which {bad}"
