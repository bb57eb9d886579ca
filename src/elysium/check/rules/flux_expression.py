"""A CEL expression that Flux's controllers refuse.

- `spec.healthCheckExprs` of Kustomizations and HelmReleases: parsed when the object is reconciled, which otherwise
  stalls with `InvalidCELExpression`.
- `spec.dependsOn[].readyExpr`: compiled with `self` and `dep`, must be a bool.
- `spec.resourceFilter` and `spec.resources[].filter` of Receivers: compiled with `res` and `req` (and `claims` for
  `generic-oidc`), must be a bool; the Receiver is not ready and answers no webhook.
- `spec.commitStatusExpr` of Providers: compiled with `event`, `alert` and `provider`, must be a string.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import Path, mapping, sequence
from elysium.model import Finding, RenderedObject, Severity
from elysium.sealing import is_opaque

__all__ = ["RULE", "check"]

RULE = Rule(
    id="flux-expression",
    severity=Severity.ERROR,
    summary="a CEL expression that Flux refuses",
    topic=Topic.FLUX,
    profiles=("default", "gitops", "pre-commit"),
    explains=("dependency",),
)

_UNITS = (("kustomize.toolkit.fluxcd.io", "Kustomization"), ("helm.toolkit.fluxcd.io", "HelmRelease"))
_NOTIFICATION = "notification.toolkit.fluxcd.io"


class _Expression(msgspec.Struct, frozen=True, kw_only=True):
    """An expression with its variables; without any it is only parsed."""

    item: RenderedObject
    path: Path
    text: str
    structs: tuple[str, ...] = ()
    type: str = ""

    @property
    def asked(self) -> dict[str, Any]:
        return {"text": self.text, "structs": list(self.structs), "type": self.type}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each expression."""
    for index in context.objects.values():
        found = [
            item for item in _expressions(index) if item.text and not is_opaque(item.text) and "${" not in item.text
        ]
        if not found:
            continue
        errors = context.ask("cel.check", {"expressions": [item.asked for item in found]})["errors"]
        for expression, error in zip(found, errors, strict=True):
            if error:
                item, path = expression.item, expression.path
                field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
                message = f"{item}: {field} is no expression that Flux takes: {error}"
                hint = (
                    f"it may read {', '.join(expression.structs)}" if expression.structs else "mend the CEL expression"
                )
                yield about_object(RULE, item, in_object(context, item, path), message, hint=hint)


def _expressions(index: ObjectIndex) -> Iterator[_Expression]:
    for kind in _UNITS:
        for item in index.of_kind(*kind):
            yield from _of_unit(item, mapping(index.body(item).get("spec")))
    for item in index.of_kind(_NOTIFICATION, "Receiver"):
        yield from _of_receiver(item, mapping(index.body(item).get("spec")))
    for item in index.of_kind(_NOTIFICATION, "Provider"):
        text = mapping(index.body(item).get("spec")).get("commitStatusExpr")
        structs = ("event", "alert", "provider")
        yield from _known(item, ("spec", "commitStatusExpr"), text, structs, "string")


def _of_unit(item: RenderedObject, spec: dict[str, Any]) -> Iterator[_Expression]:
    for number, entry in enumerate(sequence(spec.get("healthCheckExprs"))):
        for field in ("inProgress", "failed", "current"):
            yield from _known(item, ("spec", "healthCheckExprs", number, field), mapping(entry).get(field))
    for number, entry in enumerate(sequence(spec.get("dependsOn"))):
        text = mapping(entry).get("readyExpr")
        yield from _known(item, ("spec", "dependsOn", number, "readyExpr"), text, ("self", "dep"), "bool")


def _of_receiver(item: RenderedObject, spec: dict[str, Any]) -> Iterator[_Expression]:
    structs = ("res", "req", *(("claims",) if spec.get("type") == "generic-oidc" else ()))
    yield from _known(item, ("spec", "resourceFilter"), spec.get("resourceFilter"), structs, "bool")
    for number, entry in enumerate(sequence(spec.get("resources"))):
        yield from _known(item, ("spec", "resources", number, "filter"), mapping(entry).get("filter"), structs, "bool")


def _known(
    item: RenderedObject, path: Path, text: Any, structs: tuple[str, ...] = (), kind: str = ""
) -> Iterator[_Expression]:
    if isinstance(text, str):
        yield _Expression(item=item, path=path, text=text, structs=structs, type=kind)
