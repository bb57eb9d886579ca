"""A repository's own rules: `[[policy]]` in `elysium.toml`, with the line of each for what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from elysium.errors import SettingsError
from elysium.settings.locating import lines_of_tables

__all__ = ["SEVERITIES", "Policy", "check_policies", "mistake", "number_lines"]

SEVERITIES = ("error", "warning", "info")
"""What a policy's findings can be."""

_FILE = "elysium.toml"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_KIND = re.compile(r"([a-z0-9.*-]*/)?[A-Za-z0-9*]+")
_HEADER = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_ENTRY = re.compile(r"at `\$\.policy\[(\d+)\](?:\.(\w+))?")
_LONGEST = 1_000
_KEYS = "id, expression, severity, kinds, namespaces, message, messageExpression, hint"


class Policy(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """An own rule: a CEL expression that must be true of each object of the kinds and namespaces (patterns).

    `line` is where it stands in `elysium.toml`; the file itself cannot say so.
    """

    id: str
    expression: str
    severity: str = "error"
    kinds: tuple[str, ...] = ("*",)
    namespaces: tuple[str, ...] = ()
    message: str = ""
    message_expression: str = ""
    hint: str = ""
    line: int = 0


def number_lines(raw: dict[str, Any], text: str) -> None:
    """Add to each policy of the decoded file the line where it begins."""
    policies = raw.get("policy")
    lines = lines_of_tables(text, "policy") if policies else []
    for index, policy in enumerate(policies if isinstance(policies, list) else ()):
        if isinstance(policy, dict):
            if "line" in policy:
                raise _error(text, index, "line", "`line` is no setting of a policy", f"a policy has {_KEYS}")
            policy["line"] = lines[index] if index < len(lines) else 0


def mistake(error: msgspec.ValidationError, text: str) -> SettingsError | None:
    """What msgspec says about a policy, with its line and what is allowed; None when it is about something else."""
    message = str(error)
    if "`$.policy`" in message:
        return SettingsError(message.replace("`$.", "`"), subject=_FILE, hint="write each policy below [[policy]]")
    found = _ENTRY.search(message)
    if found is None:
        return None
    said = message.partition(" - at ")[0]
    unknown = re.search(r"unknown field `(\w+)`", said)
    key = unknown[1] if unknown else found[2] or ""
    where = f"`{key}`: " if key and not unknown else ""
    return _error(text, int(found[1]), key, f"{where}{said}", f"a policy has {_KEYS}")


def check_policies(policies: Iterable[Policy], text: str) -> None:
    """Raises SettingsError for a policy that cannot be meant."""
    seen: dict[str, int] = {}
    for index, policy in enumerate(policies):
        for key, message, hint in _complaints(policy):
            raise _error(text, index, key, message, hint)
        if policy.id in seen:
            message = f"there is another policy {policy.id!r} in line {seen[policy.id]}"
            raise _error(text, index, "id", message, "give each policy an id of its own")
        seen[policy.id] = policy.line


def _complaints(policy: Policy) -> Iterable[tuple[str, str, str]]:
    if not _ID.fullmatch(policy.id):
        yield "id", f"the id {policy.id!r} is none", "use small letters, digits and single hyphens, such as no-latest"
    if policy.severity not in SEVERITIES:
        yield "severity", f"the severity cannot be {policy.severity!r}", f"use one of {', '.join(SEVERITIES)}"
    if not policy.expression.strip():
        yield "expression", "the expression is empty", "write a CEL expression that is true of what is right"
    if not policy.kinds:
        yield "kinds", "no kind is named", 'leave `kinds` out, or name some: ["apps/Deployment", "Pod"]'
    for kind in policy.kinds:
        if not _KIND.fullmatch(kind):
            yield "kinds", f"the kind {kind!r} is none", "write group/Kind or Kind, such as apps/Deployment; * is any"
    if policy.message and policy.message_expression:
        yield "messageExpression", "there is a message and a messageExpression", "keep one of them"


def _error(text: str, index: int, key: str, message: str, hint: str) -> SettingsError:
    line = _line(text, index, key)
    return SettingsError(
        f"policy number {index + 1}: {message}", subject=f"{_FILE}:{line}" if line else _FILE, hint=hint
    )


def _line(text: str, index: int, key: str) -> int:
    """The line of a key of a policy, or of its header; 0 when it is not written as a table of its own."""
    number, header = -1, 0
    for line, content in enumerate(text.splitlines(), 1):
        found = _HEADER.match(content[:_LONGEST])
        if found and number == index:
            break
        if found and found[1].strip("\"'") == "policy":
            number += 1
            header = line if number == index else header
        elif number == index and key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", content):
            return line
    return header
