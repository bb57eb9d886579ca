"""What to do about an object that does not have the shape that its kind wants."""

from __future__ import annotations

import re
from collections.abc import Callable

from elysium.cluster.protocol import Entry
from elysium.rehearse.judging.causes import is_immutability

__all__ = ["rule_hint", "shape_hint", "unknown_field_hint"]

_QUOTED = re.compile(r"\bvalueUnstructured|&value\.")


def unknown_field_hint(entry: Entry, field: str) -> str:
    """The name that is not known, and how near the mistakes are that people make."""
    parent, _, last = field.rpartition(".")
    inside = f" under {parent}" if parent else ""
    known = _misspelt(last)
    if known:
        return f"{last} is not a field{inside}: did you mean {known}?"
    return (
        f"remove or rename {last}{inside}: {entry.object.kind} has no such field in"
        f" {_version(entry)} (another spelling or level, or a field of another version of its definition)"
    )


def shape_hint(entry: Entry, field: str) -> str:
    """Which type belongs there."""
    place = field or "the field"
    for pattern, said in _SAID:
        if found := pattern.search(entry.message):
            return said(place, found)
    if any(item.reason == "FieldValueRequired" for item in entry.causes):
        return f"set {place}: {entry.object.kind} requires it"
    return f"change {place} to what the definition of {entry.object.kind} allows"


def _typed(place: str, wanted: str, given: str) -> str:
    return f"write {place} as {_type(wanted)}, not as {_given(given)}{_quote(wanted)}"


_SAID: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], str]], ...] = (
    (
        re.compile(r"duplicate entries for key \[(\S+=\"?[^\]]+)\]"),
        lambda place, found: f"{place} has {found[1]} twice: keep one",
    ),
    (re.compile(r"expected ([^,]+), got ([^\n]+)"), lambda place, found: _typed(place, found[1], found[2])),
    (
        re.compile(r"cannot unmarshal (\w+) into Go struct field \S+ of type (\S+)"),
        lambda place, found: _typed(place, found[2], found[1]),
    ),
    (
        re.compile(r"quantities must match"),
        lambda place, found: "a quantity is a number with a suffix, such as 500m, 1Gi or 2: no space, no other unit",
    ),
    (re.compile(r"illegal base64"), lambda place, found: "data of a Secret is base64: put plain text under stringData"),
    (
        re.compile(r"supported values: ([^\n]*?)(?:, <nil>|\]|$)"),
        lambda place, found: f"write one of {found[1]} as {place}",
    ),
    (
        re.compile(r"in body (should [^\n]*?)(?:, <nil>|\]$|$)"),
        lambda place, found: f"change {place}: it {found[1]}",
    ),
    (
        re.compile(r"Too long: (may not be more than \d+ \w+)"),
        lambda place, found: f"shorten {place}: it {found[1]}",
    ),
)


def rule_hint(entry: Entry, field: str) -> str:
    """A rule of the definition: the message is its author's, so only the place can be added."""
    place = field or "the object"
    if is_immutability(entry):
        return (
            f"undo the change of {place}, or have the object deleted and recreated: annotate it with"
            " kustomize.toolkit.fluxcd.io/force: enabled (its controller may delete what belongs to it)"
        )
    return f"change {place} so that it keeps the rule that the definition of {entry.object.kind} has"


def _version(entry: Entry) -> str:
    group, version = entry.object.group, entry.object.version
    return f"{group}/{version}" if group and version else group or version or "this version"


_NAMES = {
    "containerport": "containerPort", "imagepullpolicy": "imagePullPolicy", "imagepullsecret": "imagePullSecrets",
    "imagepullsecrets": "imagePullSecrets", "replica": "replicas", "serviceaccount": "serviceAccountName",
    "serviceaccountname": "serviceAccountName", "nodeselector": "nodeSelector", "matchlabel": "matchLabels",
    "matchlabels": "matchLabels", "volumemount": "volumeMounts", "volumemounts": "volumeMounts", "volume": "volumes",
    "container": "containers", "initcontainers": "initContainers", "initcontainer": "initContainers",
    "livenessprobe": "livenessProbe", "readinessprobe": "readinessProbe", "startupprobe": "startupProbe",
    "envfrom": "envFrom", "valuefrom": "valueFrom", "targetport": "targetPort", "securitycontext": "securityContext",
    "ingressclass": "ingressClassName", "ingressclassname": "ingressClassName", "storageclass": "storageClassName",
    "storageclassname": "storageClassName", "accessmode": "accessModes", "accessmodes": "accessModes",
    "pathtype": "pathType", "servicename": "serviceName", "restartpolicy": "restartPolicy", "toleration": "tolerations",
    "mountpath": "mountPath", "subpath": "subPath", "resource": "resources", "limit": "limits", "request": "requests",
    "port": "ports", "command": "command", "arg": "args", "label": "labels", "annotation": "annotations",
}  # fmt: skip
"""Fields that people misspell, from the lower-case form to the right one."""


def _misspelt(name: str) -> str:
    known = _NAMES.get(name.lower(), "")
    return known if known != name else ""


_TYPES = {
    "numeric (int or float)": "a number", "int32": "a number", "int64": "a number", "int": "a number",
    "number": "a number", "string": "text", "bool": "true or false", "boolean": "true or false", "list": "a list",
    "array": "a list", "map": "a mapping", "object": "a mapping",
}  # fmt: skip


def _type(name: str) -> str:
    return _TYPES.get(name.strip(), name.strip())


def _given(text: str) -> str:
    if "map[" in text:
        return "a mapping"
    if text.startswith(("&[", "[")):
        return "a list"
    return "a number or true/false" if _QUOTED.search(text) else _type(text)


def _quote(wanted: str) -> str:
    if wanted.strip() == "string":
        return " (put it in quotes)"
    return " (without quotes)" if _type(wanted) in ("a number", "true or false") else ""
