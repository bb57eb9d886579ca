"""A marker of image automation that cannot work.

Flux writes a new tag only where a line comment consists of the JSON marker alone, beside a single value, in a file
below `spec.update.path` of an ImageUpdateAutomation, and only with policies of that automation's own namespace. What
does not fit is passed over without a word: the image stays at its version. A marker that asks for another part than the
value is (a whole image for a `tag:`) breaks the value at the first update.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

import msgspec

from elysium.check.context import Context
from elysium.check.files.image_markers import Marker, markers
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.workloads import mapping
from elysium.model import Edit, Finding, Severity, Unit, UnitKind, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="image-marker",
    severity=Severity.WARNING,
    summary="a marker of image automation that cannot work",
    topic=Topic.IMAGES,
    profiles=("default", "gitops", "pre-commit"),
)

_PARTS = {
    "tag": "tag",
    "newTag": "tag",
    "imageTag": "tag",
    "digest": "digest",
    "newName": "name",
    "repository": "name",
}
"""Fields that hold one part of an image."""

_GROUP = "image.toolkit.fluxcd.io"


class _Automation(msgspec.Struct, frozen=True):
    namespace: str
    path: str


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such marker; none where nothing automates images."""
    found = tuple(markers(context))
    automations = _automations(context) if found else ()
    policies = _policies(context)
    if not automations and not policies:
        return
    findings: dict[tuple[str, str], Finding] = {}
    for marker in found:
        severity, fault, hint = _fault(context, marker, automations, policies)
        if not fault:
            continue
        message = f"the marker for {marker.policy or 'an image'} {fault}"
        first = findings.get((marker.file, message))
        if first is None or not marker.policy:
            key = (marker.file, message if marker.policy else str(marker.line))
            findings[key] = Finding(
                rule=RULE.id,
                severity=severity,
                message=message,
                hint=hint,
                file=marker.file,
                line=marker.line,
                edits=_edits(context, marker),
            )
        else:
            findings[marker.file, message] = msgspec.structs.replace(first, folded=first.folded + 1)
    yield from findings.values()


def _fault(
    context: Context, marker: Marker, automations: tuple[_Automation, ...], policies: dict[str, str]
) -> tuple[Severity, str, str]:
    if marker.fault:
        hint = """write it as # {"$imagepolicy": "NAMESPACE:POLICY:tag"} at the end of the value's line"""
        return RULE.severity, f"{marker.fault}: Flux does not see it", hint
    wrong = _wrong_part(marker, policies)
    if wrong:
        return Severity.ERROR, *wrong
    name = marker.policy.partition(":")[2]
    if marker.policy not in policies:
        if _may_exist(context, "ImagePolicy", name):
            return RULE.severity, "", ""
        near = nearest(marker.policy, policies)
        return RULE.severity, "names a policy that nothing defines", f"did you mean {near}?" if near else "define it"
    return RULE.severity, *_beyond(context, marker, automations)


def _beyond(context: Context, marker: Marker, automations: tuple[_Automation, ...]) -> tuple[str, str]:
    """Why no automation comes by: it is of another namespace, or updates other directories."""
    namespace = marker.policy.partition(":")[0]
    own = [item for item in automations if item.namespace == namespace]
    if automations and not own and not _may_exist(context, "ImageUpdateAutomation"):
        where = ", ".join(sorted({item.namespace for item in automations}))
        hint = f"define the policy in {where}, or an ImageUpdateAutomation in {namespace}"
        return f"names a policy of {namespace}, and the automation in {where} uses only its own", hint
    if own and not any(_covers(item.path, marker.file) for item in own):
        paths = ", ".join(sorted({item.path or "." for item in own}))
        return f"is outside of what the automation updates ({paths})", "widen spec.update.path"
    return "", ""


def _wrong_part(marker: Marker, policies: dict[str, str]) -> tuple[str, str] | None:
    value = marker.value
    whole = "/" in value or (":" in value and not value.startswith("sha256:"))
    if "$" in value or "{{" in value:
        return None
    if marker.part == "tag" and whole and "@" not in value.partition("/")[0]:
        return "asks for the tag, and the value is a whole image", "leave :tag out"
    part = _PARTS.get(marker.key)
    if not marker.part and part:
        return f"writes name and tag into a field for the {part}", f"end the marker with :{part}"
    if marker.part == "digest" and value and policies.get(marker.policy) == "Never":
        return "asks for the digest, which its policy does not reflect: Flux empties the value", (
            "set digestReflectionPolicy of the policy to Always or IfNotPresent"
        )
    return None


def _edits(context: Context, marker: Marker) -> tuple[Edit, ...]:
    """The two mistakes that have one answer: a field for a part without the suffix, and the key's spelling."""
    old = context.text(marker.file).splitlines(keepends=True)[marker.line - 1]
    new = re.sub(r"[$]image-?policy\b", "$imagepolicy", old, flags=re.IGNORECASE)
    part = _PARTS.get(marker.key)
    if marker.policy and not marker.part and part:
        new = new.replace(f'"{marker.policy}"', f'"{marker.policy}:{part}"')
    return (Edit(file=marker.file, line=marker.line, old=old, new=new),) if new != old else ()


def _covers(path: str, file: str) -> bool:
    return not path or file == path or file.startswith(path + "/")


def _automations(context: Context) -> tuple[_Automation, ...]:
    found = []
    for index in context.objects.values():
        for item in index.of_kind(_GROUP, "ImageUpdateAutomation"):
            update = mapping(mapping(index.body(item).get("spec")).get("update"))
            path = posixpath.normpath(str(update.get("path") or ".").lstrip("/") or ".")
            found.append(_Automation(item.namespace, "" if path == "." else path))
    return tuple(found)


def _policies(context: Context) -> dict[str, str]:
    """The policies of all clusters, each with what it does with digests."""
    found = {}
    for index in context.objects.values():
        for item in index.of_kind(_GROUP, "ImagePolicy"):
            reflection = mapping(index.body(item).get("spec")).get("digestReflectionPolicy")
            found[f"{item.namespace}:{item.name}"] = str(reflection or "Never")
    return found


def _may_exist(context: Context, kind: str, name: str = "") -> bool:
    """Whether something that is not known offline may make an object of this kind (and name).

    A file that no rendered unit reads, or the definition of a unit without a result that mentions the kind.
    """
    if context.partial or any(known == kind and name in ("", named) for known, named in context.declared):
        return context.partial or bool(name) or len(_rendered(context, kind)) < _declared(context, kind)
    return any(_mentions(context, unit, kind) for unit in context.render.units)


def _mentions(context: Context, unit: Unit, kind: str) -> bool:
    if unit.state not in (UnitState.FAILED, UnitState.UNKNOWN) or unit.id.kind is UnitKind.HELM_RELEASE:
        return False
    definition = context.objects[unit.id.cluster].definition(unit.id)
    remote = unit.id.kind is UnitKind.KUSTOMIZATION and unit.failure is not None and unit.failure.need is not None
    return remote or (definition is not None and kind.encode() in definition.raw)


def _rendered(context: Context, kind: str) -> set[str]:
    return {item.name for index in context.objects.values() for item in index.of_kind(_GROUP, kind)}


def _declared(context: Context, kind: str) -> int:
    return len({name for known, name in context.declared if known == kind})
