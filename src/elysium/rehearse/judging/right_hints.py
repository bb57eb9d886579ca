"""What to do when the account that a unit deploys with lacks a right: the rule to add, letter by letter."""

from __future__ import annotations

import re

from elysium.cluster.protocol import Entry

__all__ = ["right_hint"]

_CANNOT = re.compile(
    r'[Uu]ser "(?P<user>[^"]*)" cannot (?P<verb>\S+) resource "(?P<resource>[^"]+)" in API group "(?P<group>[^"]*)"'
    r'(?: in the namespace "(?P<namespace>[^"]*)"| at the cluster scope)?'
)
_GRANT = re.compile(
    r'user "(?P<user>[^"]*)".*?attempting to grant RBAC permissions not currently held:\s*(?P<rules>.*)', re.DOTALL
)
_ACCOUNT = re.compile(r"system:serviceaccount:([^:]+):(.+)")


def right_hint(entry: Entry, field: str) -> str:
    """The rule, and whether it belongs into a Role or a ClusterRole."""
    if found := _CANNOT.search(entry.message):
        return _missing(found)
    if found := _GRANT.search(entry.message):
        rules = " ".join(found["rules"].split())
        return (
            f"{_who(found['user'])} may not give what it does not hold ({rules}): give it these rights, or the verb"
            f" {_escalation(entry.object.kind)}, or apply this object with another account"
        )
    return "use another account (serviceAccountName of the unit), or give it the right that the message names"


def _missing(found: re.Match[str]) -> str:
    namespace = found["namespace"]
    # What the server calls the namespace of a Namespace is itself, which no Role in it can let anybody create.
    inside = namespace and found["resource"] != "namespaces"
    where = f"a Role in namespace {namespace}" if inside else "a ClusterRole"
    rule = f'{{apiGroups: ["{found["group"]}"], resources: ["{found["resource"]}"], verbs: [{_verbs(found["verb"])}]}}'
    return f"add {rule} to {where} that is bound to {_who(found['user'])}, or use another serviceAccountName"


def _verbs(verb: str) -> str:
    """Server-side apply needs `get` to look and `create` for what is not there, besides `patch`."""
    wanted = ("get", "create", "patch") if verb in ("patch", "create", "get") else (verb,)
    return ", ".join(wanted)


def _who(user: str) -> str:
    found = _ACCOUNT.fullmatch(user)
    return f"ServiceAccount/{found[1]}/{found[2]}" if found else f"user {user}"


def _escalation(kind: str) -> str:
    return "bind on the role" if kind.endswith("Binding") else "escalate on roles"
