"""A name that the API server refuses.

Most names are DNS subdomains (lower case, digits, hyphens, dots, at most 253 characters); those of Namespaces,
StatefulSets and Services are labels of at most 63, and of a CronJob at most 52, because its Jobs add eleven. Keys of
ConfigMaps and Secrets become file names and have a form of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.formats import config_key, dns_label, dns_subdomain, open_ended, path_segment, service_name
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity, group_of

__all__ = ["RULE", "check"]

RULE = Rule(
    id="invalid-name",
    severity=Severity.ERROR,
    summary="a name or key that the API server refuses",
    topic=Topic.SCHEMA,
    profiles=("default", "pre-commit"),
    supersedes=("schema",),
)

_LABELS = {("", "Namespace"), ("apps", "StatefulSet")}
_RELAXED_SERVICES = (1, 36)
_LONGEST_CRON_JOB = 52


def check(context: Context) -> Iterator[Finding]:
    """One finding for each name of an object and each key of a ConfigMap or Secret."""
    for cluster, index in context.objects.items():
        service = dns_label if _version(context, cluster) >= _RELAXED_SERVICES else service_name
        for unit in index.units:
            for item in unit.objects:
                wrong = "" if open_ended(item.name) else _wrong(item, service)
                if wrong and item.name:
                    at = in_object(context, item, ("metadata", "name"))
                    message = f"{item}: the name {wrong}"
                    yield about_object(RULE, item, at, message, hint="the API server refuses it: choose another name")
        yield from _keys(context, index)


def _version(context: Context, cluster: str) -> tuple[int, ...]:
    own = context.settings.cluster.get(cluster)
    text = (own.kubernetes if own else "") or context.render.kubernetes
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())


def _wrong(item: RenderedObject, service: Callable[[str], str]) -> str:
    group = group_of(item.api_version)
    if group == "rbac.authorization.k8s.io" or (group, item.kind) == ("policy", "PodDisruptionBudget"):
        return path_segment(item.name)
    if (group, item.kind) == ("", "Service"):
        return service(item.name)
    if (group, item.kind) in _LABELS:
        return dns_label(item.name)
    if (group, item.kind) == ("batch", "CronJob") and len(item.name) > _LONGEST_CRON_JOB:
        return f"has {len(item.name)} characters, and a CronJob may have {_LONGEST_CRON_JOB}"
    return dns_subdomain(item.name)


def _keys(context: Context, index: ObjectIndex) -> Iterator[Finding]:
    for kind in ("ConfigMap", "Secret"):
        for item in index.of_kind("", kind):
            body = index.body(item)
            for field in ("data", "binaryData", "stringData"):
                for key in mapping(body.get(field)):
                    wrong = config_key(key)
                    if wrong:
                        at = in_object(context, item, (field, key))
                        message = f"{item}: the key {key!r} {wrong}"
                        yield about_object(RULE, item, at, message, hint="the API server refuses it: rename the key")
