"""From what the replay says of an object to an entry of a step: the place, the cause, and the right that is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import msgspec

from elysium.cluster.protocol import Action, Entry
from elysium.evaluate import ObjectIndex
from elysium.evaluate.resources import resource_of
from elysium.evaluate.roles import GROUP
from elysium.evaluate.workloads import mapping
from elysium.model import ObjectId
from elysium.previews.rehearsal.types import MissingRule, StepEntry
from elysium.rehearse.judging.refusals import judge
from elysium.rehearse.scenario import Sent

__all__ = ["FORBIDDEN", "Ask", "entry_of", "merged", "rules_in", "where_to_add"]

FORBIDDEN = "forbidden"
"""The cause of what an account may not do."""

Ask = Callable[[str, ObjectId], bool]
"""Whether the account may do a verb to an object, as the server's authorizer says."""

_CANNOT = re.compile(
    r'[Uu]ser "[^"]*" cannot (?P<verb>\S+) resource "(?P<resource>[^"]+)" in API group "(?P<group>[^"]*)"'
    r'(?: in the namespace "(?P<namespace>[^"]*)"| at the cluster scope)?'
)
_NOT_HELD = "attempting to grant RBAC permissions not currently held"
_VERBS = ("get", "list", "watch", "create", "update", "patch", "delete")
_ACCOUNT = re.compile(r"system:serviceaccount:([^:]+):(.+)")


def entry_of(entry: Entry, sent: Sent | None, index: ObjectIndex, verbs: tuple[str, ...], ask: Ask) -> StepEntry:
    """What came of an object. Where the account may not do it, the verbs that it lacks are asked for one by one."""
    refusal = judge(entry, opaque=sent is not None and sent.opaque) if entry.action is Action.REJECTED else None
    cause = refusal.cause if refusal and not refusal.unknown else ""
    missing = _missing(entry, sent, index, verbs, ask) if cause == FORBIDDEN else ()
    place = sent.item.origin.position if sent else None
    return StepEntry(
        object=sent.item.id if sent else entry.object.id,
        action=entry.action if cause or not refusal else Action.SKIPPED,
        api_version=sent.item.api_version if sent else "",
        message=entry.message,
        unknown=refusal.unknown if refusal else "",
        hint="" if missing or not refusal else refusal.hint,
        cause=cause,
        field=refusal.field if refusal else "",
        missing=missing,
        warnings=entry.warnings,
        file=place.file if place else "",
        line=place.line if place else 0,
    )


def rules_in(message: str) -> tuple[MissingRule, ...]:
    """The rules that the server's own words ask for."""
    return merged(_rule(found) for found in _CANNOT.finditer(message))


def merged(rules: Iterable[MissingRule]) -> tuple[MissingRule, ...]:
    """The rules with those of one resource put together."""
    found: dict[MissingRule, dict[str, None]] = {}
    for rule in rules:
        key = msgspec.structs.replace(rule, verbs=())
        found.setdefault(key, {}).update(dict.fromkeys(rule.verbs))
    return tuple(sorted(msgspec.structs.replace(key, verbs=_sorted(verbs)) for key, verbs in found.items()))


def _sorted(verbs: Iterable[str]) -> tuple[str, ...]:
    """As roles are written: reading before changing."""
    return tuple(sorted(verbs, key=lambda verb: (_VERBS.index(verb) if verb in _VERBS else len(_VERBS), verb)))


def where_to_add(rules: Iterable[MissingRule], account: str) -> str:
    """What to do about rules that are missing."""
    match = _ACCOUNT.fullmatch(account)
    who = f"ServiceAccount/{match[1]}/{match[2]}" if match else f"user {account}"
    parts = [f"{item.rule} {f'in {item.namespace}' if item.namespace else 'in the whole cluster'}" for item in rules]
    return f"give {who}: {'; '.join(parts)}" if parts else ""


def _missing(
    entry: Entry, sent: Sent | None, index: ObjectIndex, verbs: tuple[str, ...], ask: Ask
) -> tuple[MissingRule, ...]:
    identity = sent.item.id if sent else entry.object.id
    if _NOT_HELD in entry.message:
        return _binding(sent)
    said = [_rule(found) for found in _CANNOT.finditer(entry.message)]
    resource = resource_of(index, identity.group, identity.kind)
    if not resource or not any(rule.resource == resource for rule in said):
        return merged(said)
    lacking = tuple(verb for verb in verbs if not ask(verb, identity))
    more = MissingRule(group=identity.group, resource=resource, verbs=lacking, namespace=identity.namespace)
    return merged([more, *said] if lacking else said)


def _binding(sent: Sent | None) -> tuple[MissingRule, ...]:
    """The verb `bind` on the role that a binding grants, or `escalate` on a role itself."""
    if sent is None:
        return ()
    role = mapping(sent.item.body().get("roleRef"))
    if not role:
        resource = f"{sent.item.kind.lower()}s"
        return (MissingRule(group=GROUP, resource=resource, verbs=("escalate",), namespace=sent.item.namespace),)
    kind, name = str(role.get("kind")), str(role.get("name"))
    namespace = sent.item.namespace if kind == "Role" else ""
    return (MissingRule(group=GROUP, resource=f"{kind.lower()}s", verbs=("bind",), namespace=namespace, name=name),)


def _rule(found: re.Match[str]) -> MissingRule:
    # What the server calls the namespace of a Namespace is itself, which no Role in it can let anybody create.
    namespace = "" if found["resource"] == "namespaces" else found["namespace"] or ""
    return MissingRule(group=found["group"], resource=found["resource"], verbs=(found["verb"],), namespace=namespace)
