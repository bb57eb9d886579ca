"""An Alert or Receiver that never does anything.

An Alert sends to the Provider that `providerRef` names in its own namespace, about the objects in `eventSources`; a
Receiver reconciles its `resources`. What names nothing is passed over without a word. A source without a namespace is
looked for in the Alert's own, also with the name `*`. A regular expression that Go refuses is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.absence import makers
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.objects import NOTIFICATION, all_known, group_of_kind
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate import ObjectIndex
from elysium.evaluate.images import is_known
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="notification",
    severity=Severity.ERROR,
    summary="an Alert or Receiver that never does anything",
    topic=Topic.FLUX,
    profiles=("default", "gitops"),
)

Path = tuple[str | int, ...]


def check(context: Context) -> Iterator[Finding]:
    """One finding for each reference that leads nowhere and each pattern that does not compile."""
    for cluster, index in context.objects.items():
        known = all_known(context, cluster)
        for kind, field in (("Alert", "eventSources"), ("Receiver", "resources")):
            for item in index.of_kind(NOTIFICATION, kind):
                spec = mapping(index.body(item).get("spec"))
                if kind == "Alert":
                    yield from _provider(context, index, item, spec)
                    yield from _patterns(context, item, spec)
                yield from _sources(context, index, item, field, known=known)


def _provider(context: Context, index: ObjectIndex, item: RenderedObject, spec: dict[str, Any]) -> Iterator[Finding]:
    name = str(mapping(spec.get("providerRef")).get("name") or "")
    unit = context.units.get(item.origin.unit)
    if not is_known(name) or index.find(NOTIFICATION, "Provider", item.namespace, name) or unit is None:
        return
    if makers.may_be_made(context, unit, "Provider", item.namespace, name):
        return
    others = index.of_kind(NOTIFICATION, "Provider")
    elsewhere = sorted(other.namespace for other in others if other.name == name)
    near = nearest(name, {other.name for other in others if other.namespace == item.namespace})
    hint = f"did you mean {near}?" if near else f"add a Provider {name} in namespace {item.namespace}"
    hint = f"it is in namespace {elsewhere[0]}: keep both in one" if elsewhere else hint
    message = f"{item} sends to the Provider {name}, which its namespace does not have: nothing is ever sent"
    yield about_object(RULE, item, in_object(context, item, ("spec", "providerRef", "name")), message, hint=hint)


def _sources(
    context: Context, index: ObjectIndex, item: RenderedObject, field: str, *, known: bool
) -> Iterator[Finding]:
    """Names that lead nowhere; entries for every object of a kind only where all of them together name none."""
    unit = context.units.get(item.origin.unit)
    entries = [mapping(entry) for entry in sequence(mapping(index.body(item).get("spec")).get(field))]
    if unit is None or not entries:
        return
    found = [_exists(index, item, entry) for entry in entries]
    for number, entry in enumerate(entries):
        if not found[number] and not _is_general(entry):
            yield from _missing(context, index, item, (field, number), entry)
    if known and not any(found) and all(_is_general(entry) for entry in entries) and not _has_siblings(index, item):
        message = f"{item} is about objects of namespace {item.namespace} that are not there: it never says anything"
        hint = "name the namespace of the objects in every entry"
        where = in_object(context, item, ("spec", field))
        yield about_object(RULE, item, where, message, hint=hint, severity=Severity.WARNING)


def _missing(
    context: Context, index: ObjectIndex, item: RenderedObject, at: Path, entry: dict[str, Any]
) -> Iterator[Finding]:
    kind, namespace, name = _wanted(item, entry)
    unit = context.units[item.origin.unit]
    if makers.may_be_made(context, unit, kind, namespace, name):
        return
    others = index.of_kind(group_of_kind(kind), kind)
    near = nearest(name, {other.name for other in others if other.namespace == namespace})
    elsewhere = sorted({other.namespace for other in others if other.name == name})
    hint = f"did you mean {near}?" if near else "leave the entry out, or define it"
    hint = f"name its namespace: {elsewhere[0]}" if elsewhere else hint
    where = in_object(context, item, ("spec", *at, "name"))
    message = f"{item} names {kind}/{namespace}/{name}, which nothing defines"
    yield about_object(RULE, item, where, message, hint=hint, severity=Severity.WARNING)


def _has_siblings(index: ObjectIndex, item: RenderedObject) -> bool:
    """Whether the same document is used in several namespaces, as a component is: it need not fit all of them."""
    place = (item.origin.file, item.origin.document)
    same = [
        other for other in index.of_kind(NOTIFICATION, item.kind) if (other.origin.file, other.origin.document) == place
    ]
    return bool(item.origin.file) and len(same) > 1


def _wanted(item: RenderedObject, entry: dict[str, Any]) -> tuple[str, str, str]:
    namespace = str(entry.get("namespace") or item.namespace)
    return str(entry.get("kind") or ""), namespace, str(entry.get("name") or "")


def _is_general(entry: dict[str, Any]) -> bool:
    return entry.get("name") == "*" or bool(entry.get("matchLabels"))


def _exists(index: ObjectIndex, item: RenderedObject, entry: dict[str, Any]) -> bool:
    """Whether an entry is about something, or about a kind that we do not know."""
    kind, namespace, name = _wanted(item, entry)
    group = group_of_kind(kind)
    if not group or not is_known(name) or "${" in namespace:
        return True
    roots = [root for root in index.units if root.parent is None and root.id.namespace == namespace]
    if kind in ("Kustomization", "GitRepository", "OCIRepository") and any(
        name in ("*", root.id.name) and index.definition(root.id) is None for root in roots
    ):
        return True
    if _is_general(entry):
        return any(other.namespace == namespace for other in index.of_kind(group, kind))
    return bool(index.find(group, kind, namespace, name))


def _patterns(context: Context, item: RenderedObject, spec: dict[str, Any]) -> Iterator[Finding]:
    for field in ("inclusionList", "exclusionList"):
        patterns = [text if isinstance(text, str) else "" for text in sequence(spec.get(field))]
        answers = context.ask("pattern.check", {"patterns": patterns})["patterns"] if patterns else []
        for number, answer in enumerate(answers):
            if answer["error"]:
                message = f"{item}: {field} has a pattern that Go refuses: {answer['error']}"
                hint = "write it in Go's dialect (RE2)"
                yield about_object(RULE, item, in_object(context, item, ("spec", field, number)), message, hint=hint)
