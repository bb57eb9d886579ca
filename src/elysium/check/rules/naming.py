"""A name that does not keep to the conventions of the repository.

Files of manifests are written in kebab-case, as the objects in them must be. A Secret that becomes the environment of
a component is called `<component>-env`, a ConfigMap `<component>-config`: who sees the name knows what it is for. Only
`strict` asks for it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import workloads
from elysium.evaluate.workloads import Workload, mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="naming",
    severity=Severity.INFO,
    summary="a name that does not keep to the conventions of the repository",
    topic=Topic.CONVENTIONS,
    profiles=(),
)

_FILE = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*\.ya?ml\Z")
_ENVIRONMENT = {
    "secretRef": (re.compile(r"-env\Z"), "env"),
    "configMapRef": (re.compile(r"-(?:config|env)\Z"), "config"),
}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each file and each reference."""
    for file in context.documents.files:
        name = posixpath.basename(file.path)
        objects = any(document.kind and document.name for document in file.documents)
        if objects and not file.path.startswith(".") and not _FILE.match(name):
            better = re.sub(r"[_\s]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)).lower()
            message = f"the file name {name} is not in kebab-case"
            yield Finding(
                rule=RULE.id, severity=RULE.severity, message=message, hint=f"call it {better}", file=file.path, line=1
            )
    for index in context.objects.values():
        for workload in workloads(index):
            if workload.item.origin.position is not None and not workload.item.origin.chart:
                yield from _environment(context, workload)


def _environment(context: Context, workload: Workload) -> Iterator[Finding]:
    for container in workload.containers:
        for number, entry in enumerate(sequence(container.body.get("envFrom"))):
            for field, (pattern, ending) in _ENVIRONMENT.items():
                name = mapping(mapping(entry).get(field)).get("name")
                if isinstance(name, str) and not pattern.search(name):
                    kind = "Secret" if field == "secretRef" else "ConfigMap"
                    at = in_object(context, workload.item, (*container.path, "envFrom", number, field, "name"))
                    message = f"{kind} {name} is the environment of {container.name} and is not called …-{ending}"
                    hint = f"call it {container.name}-{ending}"
                    yield about_object(RULE, workload.item, at, message, hint=hint)
