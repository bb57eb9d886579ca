"""The one word for why the server refused an object, and the field that it is about.

The server's Status says little by itself: a quota, a LimitRange, PodSecurity and RBAC all answer `Forbidden`, a typed
patch that does not fit answers with code 500 and no reason. So the words of the message decide, which are those of
Kubernetes' admission plugins and validation (1.30 to 1.36).
"""

from __future__ import annotations

import re

from elysium.cluster.protocol import Entry

__all__ = ["cause_of", "field_of", "is_built_in", "is_immutability"]

_BUILT_IN = {"", "apps", "batch", "autoscaling", "policy", "extensions"}
_BUILT_IN_PREFIXES = {
    "admissionregistration", "apiextensions", "apiregistration", "authentication", "authorization", "certificates",
    "coordination", "discovery", "events", "flowcontrol.apiserver", "internal.apiserver", "networking", "node",
    "rbac.authorization", "resource", "scheduling", "storage", "storagemigration",
}  # fmt: skip

_IMMUTABLE = re.compile(
    r"is immutable|immutable when|immutable after|may not change once set|cannot change roleRef|may not be changed"
    r"|updates to statefulset spec|updates may not change fields"
    r"|can not be less than (?:status\.capacity|previous value)"
    r"|only dynamically provisioned pvc can be resized|cannot be changed|can not be changed"
)

_BY_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ownership", re.compile(r"invalid ownership metadata|cannot be imported into the current release")),
    ("conflict", re.compile(r"Apply failed with \d+ conflict|already allocated|the object has been modified")),
    (
        "namespace-missing",
        re.compile(
            r"namespaces \"[^\"]*\" not found|namespace not specified|it is being terminated|empty namespace may"
        ),
    ),
    ("kind-missing", re.compile(r"no matches for kind|could not find the requested resource|no kind is registered")),
    (
        "policy",
        re.compile(
            r"(?:Validating|Mutating)AdmissionPolicy '|policy '[^']*' with binding|admission webhook \""
            r"|failed calling webhook|disallowed by cluster policy"
        ),
    ),
    ("pod-security", re.compile(r"violates PodSecurity")),
    ("quota", re.compile(r"exceeded quota|failed quota|insufficient quota")),
    (
        "limit-range",
        re.compile(r"(?:maximum|minimum) \S+ usage per \w+ is|max limit to request ratio per \w+ is"),
    ),
    (
        "forbidden",
        re.compile(r"[Uu]ser \"[^\"]*\" cannot |attempting to grant RBAC permissions|cannot impersonate"),
    ),
    ("unknown-field", re.compile(r"field not declared in schema|unknown field \"")),
)
"""In this order: a quota's message may name an object that is called like another cause."""

_SHAPE = re.compile(
    r"failed to create typed patch object|cannot unmarshal|unable to convert|strict decoding error|failed to convert"
    r"|in body (?:must|should)|duplicate entries for key|json: "
)

_SCHEMA_REASONS = {
    "FieldValueRequired", "FieldValueNotSupported", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid",
}  # fmt: skip

_TYPED_FIELD = re.compile(r"\): \.(\S+?): |\): (?:errors:\s+)?\.(\S+?): ")
_STRICT_FIELD = re.compile(r"unknown field \"([^\"]+)\"")
_GO_FIELD = re.compile(r"Go struct field \w+\.(\S+) of type")
_CONFLICT_FIELD = re.compile(r"conflict with \"[^\"]*\"[^:]*: \.(\S+)")
_NO_FIELD = {"", "<nil>", "[]"}


def is_built_in(group: str) -> bool:
    """Whether the API server itself defines this group, so that its kinds have no CustomResourceDefinition."""
    return group in _BUILT_IN or (group.endswith(".k8s.io") and group.removesuffix(".k8s.io") in _BUILT_IN_PREFIXES)


def is_immutability(entry: Entry) -> bool:
    """Whether the server says that something of an existing object cannot change, whoever forbids it."""
    return _IMMUTABLE.search(_words(entry)) is not None


def cause_of(entry: Entry) -> str:
    """One of the words of `Verdict.cause`."""
    words = _words(entry)
    for cause, pattern in _BY_WORDS:
        if pattern.search(words):
            return cause
    custom = not is_built_in(entry.object.group)
    if is_immutability(entry):
        return "cel" if custom else "immutable"
    if _SHAPE.search(words):
        return "schema"
    return _by_status(entry, custom)


def field_of(entry: Entry) -> str:
    """The dotted path of the field that is refused, or nothing where the message names none."""
    for cause in entry.causes:
        if cause.field not in _NO_FIELD:
            return cause.field.removeprefix(".")
    for pattern in (_TYPED_FIELD, _STRICT_FIELD, _GO_FIELD, _CONFLICT_FIELD):
        if found := pattern.search(entry.message):
            return next(group for group in found.groups() if group)
    return ""


def _by_status(entry: Entry, custom: bool) -> str:
    told = [item for item in entry.causes if item.field not in _NO_FIELD]
    if entry.reason == "Invalid" and custom:
        return "schema" if any(item.reason in _SCHEMA_REASONS for item in told) else "cel"
    if entry.reason in ("Invalid", "BadRequest", "RequestEntityTooLarge"):
        return "invalid"
    if entry.reason == "Conflict":
        return "conflict"
    # Admission plugins without a word of their own: a class or account that is missing, a second default. A hook whose
    # Job is refused its Pods tells of it in a sentence, without a Status.
    return "invalid" if entry.reason == "Forbidden" or " is forbidden: " in entry.message else "other"


def _words(entry: Entry) -> str:
    return entry.message or " ".join(item.message for item in entry.causes)
