"""What to do about values that the server's own validation refuses, by the words of its message."""

from __future__ import annotations

import re

from elysium.cluster.protocol import Entry

__all__ = ["value_hint"]

_SUPPORTED = re.compile(r"supported values: ([^\n\]]*)")
_TAIL = re.compile(r"Invalid value: (?:\"[^\"]*\"|-?\d+): (must [^\n,]+)")
_BY_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"`selector` does not match template `labels`"),
        "let spec.template.metadata.labels have every label of spec.selector.matchLabels",
    ),
    (
        re.compile(r"Invalid value: \"([^\"]*)\": a valid label must"),
        "change the label's value {0} under {field}: only letters, digits, '-', '_' and '.', starting and ending with a"
        " letter or digit (write {1} for a version with build metadata)",
    ),
    (
        re.compile(r"must be no more than 63 (?:bytes|characters)"),
        "shorten it: a label under {field} has at most 63 bytes",
    ),
    (re.compile(r"name part must consist"), "rename the key under {field}: letters, digits, '-', '_' and '.' only"),
    (
        re.compile(r"RFC 1123"),
        "rename {field}: lower-case letters, digits, '-' and '.' only, starting and ending with a letter or digit",
    ),
    (
        re.compile(r"may not be specified when strategy `type` is"),
        "the server has filled in rollingUpdate: write it out in one change and type: Recreate in the next, or annotate"
        " the Deployment with kustomize.toolkit.fluxcd.io/force: enabled for this change (its Pods restart)",
    ),
    (re.compile(r"Forbidden: may not (?:be set|be specified|specify)"), "remove {field}"),
    (
        re.compile(r"less than or equal to (\S+) limit"),
        "lower the request or raise the limit: {field} is above {0}'s limit",
    ),
    (
        re.compile(r"volumeMounts\[\d+\]\.name: Not found: \"([^\"]*)\""),
        "add a volume named {0} to spec.volumes of the Pod",
    ),
    (
        re.compile(r"does not match the current range|range of valid IPs"),
        "leave clusterIP out, or choose one of the cluster's range",
    ),
    (re.compile(r"not in the valid range"), "choose a node port from 30000 to 32767, or leave {field} out"),
    (
        re.compile(r"expected exactly 5 fields"),
        "write {field} as five fields (minute hour day month weekday) or as @daily",
    ),
    (re.compile(r"minAvailable and maxUnavailable"), "keep one of minAvailable and maxUnavailable"),
    (re.compile(r"Too long: may not be more than 1048576"), "an object of this kind holds at most 1 MiB: split it"),
    (
        re.compile(r"no PriorityClass with name (\S+) was found"),
        "nothing makes PriorityClass/{0}: add it, or drop priorityClassName",
    ),
    (
        re.compile(r"RuntimeClass \"([^\"]+)\" not found"),
        "nothing makes RuntimeClass/{0}: add it, or drop runtimeClassName",
    ),
    (
        re.compile(r"serviceaccount \"([^\"]+)\" not found"),
        "nothing makes ServiceAccount/{0} in this namespace: add it, or drop serviceAccountName",
    ),
    (
        re.compile(r"PriorityClass (\S+) is already marked as default"),
        "set globalDefault: true on one only ({0} has it)",
    ),
    (
        re.compile(r"Invalid value: \"([^\"]+)\": missing from spec\.versions"),
        "keep {0} in spec.versions (served: false will do) until all objects are stored in another version and"
        " status.storedVersions no longer has {0}",
    ),
    (re.compile(r"compilation failed: ERROR: [^\n]*?: ([^\n]+)"), "mend the rule's expression: {0}"),
    (re.compile(r"must be spec\.names\.plural"), "name the definition <plural>.<group>"),
    (re.compile(r"must be a valid CIDR"), "write {field} as an address with its prefix, such as 10.0.0.0/24"),
    (re.compile(r"[Rr]equest entity too large|limit is 3145728"), "a request holds at most 3 MiB: split the object"),
)


def value_hint(entry: Entry, field: str) -> str:
    """A sentence that is more than the message, or which field to set."""
    for pattern, text in _BY_WORDS:
        if found := pattern.search(entry.message):
            words = [group or "" for group in found.groups()]
            return text.format(*words, *(word.replace("+", "-") for word in words), field=field or "the field")
    if found := _SUPPORTED.search(entry.message):
        return f"{field or 'the field'} is one of {found[1]}"
    required = [item.field for item in entry.causes if item.reason == "FieldValueRequired"]
    if required:
        return f"set {' and '.join(dict.fromkeys(required))}"
    if found := _TAIL.search(entry.message):
        return f"change {field or 'it'}: {found[1]}"
    return f"change {field} to a value that the server allows" if field else ""
