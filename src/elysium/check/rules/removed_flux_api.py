"""An API version of Flux that the declared Flux version no longer has.

Flux's controllers and CRDs stop serving old versions: `v1beta1` went with 2.7, `v1beta2` and `v2beta2` with 2.8, and
those of image automation and notification with 2.9. The object is then refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.closure import included
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.life import TOOLKIT, removed_in
from elysium.check.locate import of_object
from elysium.check.moves import version_edits
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, ObjectReference, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="removed-flux-api",
    severity=Severity.ERROR,
    summary="an API version that the declared Flux version does not have",
    topic=Topic.VERSIONS,
    profiles=("default", "pre-commit", "gitops"),
    explains=("specification", "read"),
)

_SUCCESSOR = {"helm": "v2", "notification": "v1beta3"}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each document that a unit reads, and for each such object that a chart or generator makes."""
    target = _version(context.render.flux)
    read = included(context)
    for file in context.documents.files:
        for document in file.documents if file.path in read else ():
            removed = removed_in(document.api_version)
            if removed is not None:
                reference = ObjectReference(
                    api_version=document.api_version,
                    kind=document.kind,
                    namespace=document.namespace,
                    name=document.name,
                )
                yield Finding(
                    rule=RULE.id,
                    severity=_severity(removed, target),
                    message=_message(document.api_version, removed, target),
                    hint=_hint(document.api_version, document.kind),
                    object=reference,
                    file=file.path,
                    line=document.line,
                    edits=version_edits(
                        context, file.path, document.index, _successor(document.api_version, document.kind)
                    ),
                )
    for unit in context.render.units:
        for item in unit.objects:
            removed = removed_in(item.api_version)
            if removed is not None and item.origin.file not in read:
                message = _message(item.api_version, removed, target)
                severity = _severity(removed, target)
                at = of_object(context, item)
                yield about_object(RULE, item, at, message, hint=_hint(item.api_version, item.kind), severity=severity)


def _severity(removed: tuple[int, int], target: tuple[int, int]) -> Severity:
    return Severity.ERROR if target >= removed else Severity.WARNING


def _message(api_version: str, removed: tuple[int, int], target: tuple[int, int]) -> str:
    version = f"{removed[0]}.{removed[1]}"
    return (
        f"{api_version} was removed in Flux {version}"
        if target >= removed
        else f"{api_version} goes with Flux {version}"
    )


def _hint(api_version: str, kind: str) -> str:
    return f"write {_successor(api_version, kind)}; `elysium check --fix` or `flux migrate -f .` does it"


def _successor(api_version: str, kind: str) -> str:
    group = api_version.partition("/")[0]
    version = "v1" if kind == "Receiver" else _SUCCESSOR.get(group.removesuffix(TOOLKIT), "v1")
    return f"{group}/{version}"


def _version(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return (int(major), int(minor.partition(".")[0])) if major.isdigit() else (2, 9)
