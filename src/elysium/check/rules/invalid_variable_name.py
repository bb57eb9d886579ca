"""A key that Flux cannot use as the name of a variable.

Names are letters, digits and underscores and do not begin with a digit. One other key (`my-host`) in any ConfigMap or
Secret of `substituteFrom` fails the whole Kustomization, even if nothing uses it.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_unit
from elysium.check.flux import references
from elysium.check.flux.substitution import build_settings, is_valid_name
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, RenderedObject, Severity, Unit

__all__ = ["RULE", "check"]

RULE = Rule(
    id="invalid-variable-name",
    severity=Severity.ERROR,
    summary="a key that Flux cannot use as the name of a variable",
    topic=Topic.SUBSTITUTION,
    profiles=("default", "pre-commit", "gitops"),
    explains=("substitute",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such key, inline or in an object that is read."""
    for unit in context.render.units:
        settings = build_settings(context, unit)
        if settings is None:
            continue
        holder, post_build = settings
        inline = post_build.get("substitute")
        for key in inline if isinstance(inline, dict) else ():
            if not is_valid_name(str(key)):
                yield _finding(context, unit, holder, ("spec", "postBuild", "substitute"), str(key))
        for reference in references.of_unit(context, unit):
            target = references.find(context, reference)
            for key in sorted(target.keys if target else ()):
                if target and target.items and not is_valid_name(key):
                    yield _finding(context, unit, target.items[0], _parents(target.items[0]), key)


def _parents(item: RenderedObject) -> tuple[str, ...]:
    return ("spec", "encryptedData") if item.kind == "SealedSecret" else ("data",)


def _finding(context: Context, unit: Unit, item: RenderedObject, parents: tuple[str, ...], key: str) -> Finding:
    at = in_object(context, item, (*parents, key))
    message = f"{key} in {item.kind} {item.name} is no name for a variable"
    hint = (
        "use letters, digits and underscores, and no digit first; or keep it in an object that is not in substituteFrom"
    )
    return about_unit(RULE, context, unit, at, message, hint=hint)
