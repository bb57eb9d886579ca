"""A device (GPU, huge pages) whose request and limit differ.

Extended resources and huge pages cannot be shared out: the API server demands a limit, a whole number, and a request
that is equal to the limit if it is there at all (Kubernetes: `ValidateResourceRequirements`). Huge pages also need cpu
or memory beside them.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.demand import Resources, declared, quantities
from elysium.evaluate.workloads import Container, Path, Workload, mapping, workloads
from elysium.model import Edit, Finding, Position, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="extended-resource-mismatch",
    severity=Severity.ERROR,
    summary="a GPU or other device whose request and limit differ",
    topic=Topic.SIZING,
    profiles=("default", "pre-commit", "gitops"),
)

_NANO = 10**9


def check(context: Context) -> Iterator[Finding]:
    """One finding for each device of each container that the API server refuses."""
    for index in context.objects.values():
        for workload in workloads(index):
            for container in workload.containers:
                resources = declared(container.body)
                for name in dict.fromkeys((*resources.requests, *resources.limits)):
                    if _is_device(name) and name not in resources.unread:
                        yield from _judge(context, workload, container, name)
                yield from _huge_pages(context, workload, container, resources)


def _is_device(name: str) -> bool:
    """What cannot be overcommitted: extended resources, which have a domain that is not Kubernetes' own."""
    extended = "/" in name and "kubernetes.io/" not in name and not name.startswith("requests.")
    return extended or name.startswith("hugepages-")


def _judge(context: Context, workload: Workload, container: Container, name: str) -> Iterator[Finding]:
    resources = mapping(container.body.get("resources"))
    request = quantities(resources.get("requests"))[0].get(name)
    limit = quantities(resources.get("limits"))[0].get(name)
    path = (*container.path, "resources", "limits" if request is None else "requests", name)
    if limit is None:
        message, hint = f"requests {name} without a limit", f"put `{name}: {request}` under limits, too"
    elif request is not None and request != limit:
        message, hint = f"requests {request} of {name}, and its limit is {limit}", "both must be equal"
    elif "/" in name and limit.nano % _NANO:
        message, hint = f"has a limit of {limit} of {name}", "devices come in whole numbers"
    else:
        return
    at = in_object(context, workload.item, path)
    edits = _equal(context, workload, container, name) if request != limit and limit is not None else ()
    finding = about_object(RULE, workload.item, at, f"{workload.item}: container {container.name} {message}", hint=hint)
    yield msgspec.structs.replace(finding, edits=edits)


def _huge_pages(context: Context, workload: Workload, container: Container, resources: Resources) -> Iterator[Finding]:
    names = {*resources.requests, *resources.limits}
    if any(name.startswith("hugepages-") for name in names) and not names & {"cpu", "memory"}:
        message = f"{workload.item}: container {container.name} asks for huge pages without cpu or memory"
        at = in_object(context, workload.item, (*container.path, "resources"))
        yield about_object(RULE, workload.item, at, message, hint="the pod is refused: request cpu or memory, too")


def _equal(context: Context, workload: Workload, container: Container, name: str) -> tuple[Edit, ...]:
    """The request as the limit is, when each stands on a line of its own in a file of the repository."""
    request = _line(context, workload, (*container.path, "resources", "requests", name))
    limit = _line(context, workload, (*container.path, "resources", "limits", name))
    if request is None or limit is None or request[0] == limit[0]:
        return ()
    at, old = request
    _, wanted = limit
    if any(line.strip().partition(":")[0].strip("\"'") != name for line in (old, wanted)):
        return ()
    new = old[: len(old) - len(old.lstrip())] + wanted.lstrip()
    return (Edit(file=at.file, line=at.line, old=old, new=new),)


def _line(context: Context, workload: Workload, path: Path) -> tuple[Position, str] | None:
    if workload.item.origin.position is None:
        return None
    at = in_object(context, workload.item, path)
    lines = context.text(at.file).splitlines(keepends=True)
    if not 0 < at.line <= len(lines) or "#" in lines[at.line - 1]:
        return None
    return at, lines[at.line - 1]
