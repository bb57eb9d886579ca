"""What a ResourceQuota counts, object by object.

The names are those of Kubernetes' quota evaluators (pkg/quota/v1/evaluator/core): `cpu` is `requests.cpu`, an extended
resource is counted as `requests.NAME` only, a NodePort for each port that gets one, storage also by class, and
`count/RESOURCE.GROUP` for any kind.
"""

from __future__ import annotations

from typing import Any

from elysium.evaluate.claims import Claim, default_class
from elysium.evaluate.demand import Amounts, Resources, add
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.quantities import Quantity
from elysium.evaluate.workloads import Workload, mapping, sequence
from elysium.model import RenderedObject, group_of

__all__ = ["ONE", "claim_usage", "counted_as", "in_scope", "pod_usage", "service_usage"]

ONE = Quantity(nano=10**9)
_COMPUTE = ("cpu", "memory", "ephemeral-storage")
_CLASS = "{}.storageclass.storage.k8s.io/{}"


def pod_usage(resources: Resources) -> Amounts:
    """One pod, by the names that a quota may have."""
    usage = {"pods": ONE, "count/pods": ONE}
    for name, amount in resources.requests.items():
        if name in _COMPUTE or name.startswith("hugepages-"):
            usage[name] = amount
            usage[f"requests.{name}"] = amount
        elif "/" in name:
            usage[f"requests.{name}"] = amount
    for name in _COMPUTE:
        if name in resources.limits:
            usage[f"limits.{name}"] = resources.limits[name]
    return usage


def claim_usage(index: ObjectIndex, claim: Claim) -> Amounts:
    """One claim."""
    usage = {"persistentvolumeclaims": ONE, "count/persistentvolumeclaims": ONE}
    storage = claim.requests.get("storage")
    name = claim.storage_class if claim.storage_class is not None else default_class(index)
    if storage is not None:
        usage["requests.storage"] = storage
    if name:
        usage[_CLASS.format(name, "persistentvolumeclaims")] = ONE
        if storage is not None:
            usage[_CLASS.format(name, "requests.storage")] = storage
    return usage


def service_usage(body: dict[str, Any]) -> Amounts:
    """One Service; a load balancer has a node port for each port unless it says that it needs none."""
    spec = mapping(body.get("spec"))
    ports = [mapping(port) for port in sequence(spec.get("ports"))]
    usage = {"services": ONE, "count/services": ONE}
    if spec.get("type") == "LoadBalancer":
        usage["services.loadbalancers"] = ONE
        if spec.get("allocateLoadBalancerNodePorts") is False:
            ports = [port for port in ports if port.get("nodePort")]
    if spec.get("type") in ("NodePort", "LoadBalancer"):
        usage["services.nodeports"] = ONE * len(ports)
    return usage


def counted_as(item: RenderedObject) -> tuple[str, ...]:
    """The names under which an object itself is counted."""
    plural = _plural(item.kind.lower())
    group = group_of(item.api_version)
    counted = f"count/{plural}.{group}" if group else f"count/{plural}"
    legacy = not group and plural in ("configmaps", "secrets", "replicationcontrollers", "resourcequotas")
    return (counted, plural) if legacy else (counted,)


def _plural(kind: str) -> str:
    if kind.endswith("s"):
        return f"{kind}es" if kind != "endpoints" else kind
    if kind.endswith("y") and kind[-2:-1] not in "aeiou":
        return f"{kind[:-1]}ies"
    return f"{kind}s"


def in_scope(spec: dict[str, Any], workload: Workload, containers: list[Resources]) -> bool:
    """Whether a quota's scopes take in the pods of a workload; every scope must."""
    selectors = [{"scopeName": name, "operator": "Exists"} for name in sequence(spec.get("scopes"))]
    selectors += [mapping(entry) for entry in sequence(mapping(spec.get("scopeSelector")).get("matchExpressions"))]
    return all(_selects(selector, workload, containers) for selector in selectors)


def _selects(selector: dict[str, Any], workload: Workload, containers: list[Resources]) -> bool:
    deadline = workload.spec.get("activeDeadlineSeconds")
    terminating = isinstance(deadline, int) and deadline >= 0
    amounts = add(*(item.requests for item in containers), *(item.limits for item in containers))
    best_effort = not any(amounts[name].nano for name in ("cpu", "memory") if name in amounts)
    answers = {
        "Terminating": terminating,
        "NotTerminating": not terminating,
        "BestEffort": best_effort,
        "NotBestEffort": not best_effort,
        "PriorityClass": _priority(selector, workload),
        "CrossNamespacePodAffinity": _crosses_namespaces(workload),
    }
    return answers.get(str(selector.get("scopeName")), False)


def _priority(selector: dict[str, Any], workload: Workload) -> bool:
    name = workload.spec.get("priorityClassName")
    values = sequence(selector.get("values"))
    match selector.get("operator"):
        case "In":
            return bool(name) and name in values
        case "NotIn":
            return not name or name not in values
        case "DoesNotExist":
            return not name
    return bool(name)


def _crosses_namespaces(workload: Workload) -> bool:
    affinity = mapping(workload.spec.get("affinity"))
    for kind in ("podAffinity", "podAntiAffinity"):
        rules = mapping(affinity.get(kind))
        terms = [mapping(term) for term in sequence(rules.get("requiredDuringSchedulingIgnoredDuringExecution"))]
        weighted = sequence(rules.get("preferredDuringSchedulingIgnoredDuringExecution"))
        terms += [mapping(mapping(entry).get("podAffinityTerm")) for entry in weighted]
        if any(term.get("namespaces") or term.get("namespaceSelector") is not None for term in terms):
            return True
    return False
