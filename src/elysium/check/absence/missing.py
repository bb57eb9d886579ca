"""Findings about objects that others need and that nothing makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from elysium.check.absence import makers
from elysium.check.absence.certainty import certain
from elysium.check.absence.misspelling import misspelt
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule
from elysium.check.spelling import nearest
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers import Means, Use, of_kind
from elysium.evaluate.producers import Product
from elysium.evaluate.workloads import Path
from elysium.model import Finding, Severity
from elysium.settings import ClusterSettings

__all__ = ["field", "missing", "missing_key", "settings_of", "uses"]

_WITHOUT_FAMILIES = (
    *("Secret", "ConfigMap", "PersistentVolumeClaim", "ServiceAccount", "SecretStore", "ClusterSecretStore"),
    *("Issuer", "ClusterIssuer", "Gateway", "StorageClass", "IngressClass"),
)
"""Kinds whose objects have names of their own; operators give a Service many that differ by a letter (`-r`, `-rw`)."""


def uses(context: Context, kind: str, *but: Means) -> Iterator[tuple[ObjectIndex, Use]]:
    """Every use of a kind in every cluster, each name in a field once, without those for some purposes."""
    for index in context.objects.values():
        seen: set[tuple[int, Path, str]] = set()
        for use in of_kind(index, kind):
            place = (id(use.item), use.path, use.name)
            if use.by not in but and place not in seen:
                seen.add(place)
                yield index, use


def missing(
    rule: Rule, context: Context, use: Use, candidates: Iterable[str], *, severity: Severity | None = None
) -> Finding | None:
    """A finding about a use that leads nowhere; None when something may make the object all the same.

    `candidates` are the names that exist, among which a misspelling is looked for: that is a warning, whatever makes
    other objects.
    """
    candidates = set(candidates)
    sure = not use.optional and use.by is not Means.EMBEDDED and certain(context, use)
    if not sure and (use.optional or not _is_slip(context, use, candidates)):
        return None
    message = f"{use.item}: {field(use)} names {use}, which nothing in the repository makes"
    return about_object(
        rule,
        use.item,
        in_object(context, use.item, use.path),
        message,
        hint=_hint(context, use, candidates),
        severity=severity if sure else Severity.WARNING,
    )


def missing_key(rule: Rule, context: Context, use: Use, made: Product | None) -> Finding | None:
    """A finding about a key that a Secret or ConfigMap will not have; None when it has it, or may have it."""
    if made is None or made.open_ended or use.optional or not use.key or use.key in made.keys:
        return None
    near = nearest(use.key, made.keys)
    return about_object(
        rule,
        use.item,
        in_object(context, use.item, use.key_path),
        f"{use.item}: {use} has no key {use.key}",
        hint=f"did you mean {near}?" if near else f"its keys: {', '.join(sorted(made.keys)) or 'none'}",
        severity=Severity.WARNING if use.by is Means.EMBEDDED else None,
    )


def settings_of(context: Context, use: Use) -> ClusterSettings:
    """What the settings say of the cluster of a use."""
    return context.settings.cluster.get(use.item.origin.unit.cluster, ClusterSettings())


def field(use: Use) -> str:
    """The field as a person writes it: the last part that says something."""
    parts = [str(part) for part in use.path if isinstance(part, str)]
    last = parts[-1] if parts else ""
    return f"{parts[-2]}.{last}" if last in ("name", "secret", "number") and len(parts) > 1 else last


def _is_slip(context: Context, use: Use, candidates: set[str]) -> bool:
    near = nearest(use.name, candidates) if use.kind in _WITHOUT_FAMILIES else ""
    return bool(near) and misspelt(context, use.item, use.kind, use.namespace, use.name, near)


def _hint(context: Context, use: Use, candidates: Iterable[str]) -> str:
    near = nearest(use.name, candidates)
    if near:
        return f"did you mean {near}?"
    files = makers.declaring_files(context, use.kind, use.name)
    if files:
        return f"it stands in {files[0]}, but not for this namespace, or no Kustomization includes that file"
    return f'add it, or list it in elysium.toml if it is made elsewhere: external = ["{use.reference}"]'
