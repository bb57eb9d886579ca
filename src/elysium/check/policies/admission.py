"""ValidatingAdmissionPolicies of a cluster, asked about the objects that the repository brings to it.

The engine evaluates them with the API server's own packages (`policy.admit`, docs/engine-protocol.md); here is what it
is asked about: every rendered object, and for each workload a pod as its controller would create it, because it is the
pod that a policy for pods refuses. MutatingAdmissionPolicies and webhooks are not run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.check.policies.expressions import first_field
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import mapping, sequence, workloads
from elysium.model import RenderedObject

__all__ = ["Problem", "Refusal", "problems", "refusals"]

_GROUP = "admissionregistration.k8s.io"
_BATCH = 1000


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A validation that does not hold. `denied`: the API server refuses the object, otherwise it warns or notes it.

    `pod`: it is the pod of the object (a workload) that is concerned. `field` is what the expression names first.
    """

    policy: RenderedObject
    item: RenderedObject
    pod: bool
    denied: bool
    message: str
    field: tuple[str, ...]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """An expression of a policy that does not compile."""

    policy: RenderedObject
    path: tuple[str | int, ...]
    message: str


def problems(context: Context) -> Iterator[Problem]:
    """Every expression of every policy that does not compile."""
    for cluster, index in context.objects.items():
        policies = index.of_kind(_GROUP, "ValidatingAdmissionPolicy")
        if policies:
            answer = context.ask("policy.admit", _question(context, cluster, index))
            for policy, found in zip(policies, answer["problems"], strict=True):
                for problem in found:
                    yield Problem(policy=policy, path=tuple(problem["path"]), message=problem["message"])


def refusals(context: Context) -> Iterator[tuple[Refusal, ...]]:
    """For each cluster with policies, what they have against its objects."""
    for cluster, index in context.objects.items():
        if index.of_kind(_GROUP, "ValidatingAdmissionPolicyBinding"):
            found = {_identity(refusal): refusal for refusal in _refusals(context, cluster, index)}
            yield tuple(found.values())


def _refusals(context: Context, cluster: str, index: ObjectIndex) -> Iterator[Refusal]:
    policies = index.of_kind(_GROUP, "ValidatingAdmissionPolicy")
    own = context.settings.cluster.get(cluster)
    asked = _question(context, cluster, index)
    asked["namespaces"] = {item.name: msgspec.Raw(item.raw) for item in index.of_kind("", "Namespace")}
    asked["params"] = _params(index, policies)
    definitions = index.of_kind("apiextensions.k8s.io", "CustomResourceDefinition")
    asked["definitions"] = [msgspec.Raw(item.raw) for item in definitions]
    asked["flux"] = _minor_of((own.flux if own else "") or context.render.flux)
    requests = list(_requests(index, policies))
    for start in range(0, len(requests), _BATCH):
        batch = requests[start : start + _BATCH]
        answer = context.ask("policy.admit", {**asked, "requests": [request for _, _, request in batch]})
        for decision in answer["decisions"]:
            item, pod, _ = batch[decision["request"]]
            policy = policies[decision["policy"]]
            yield Refusal(
                policy=policy,
                item=item,
                pod=pod,
                denied="Deny" in decision["actions"],
                message=" ".join(decision["message"].split()),
                field=() if pod else first_field(_expression(index.body(policy), decision["validation"])),
            )


def _identity(refusal: Refusal) -> tuple[str, int, bool, bool, str]:
    """Several bindings of a policy may say the same."""
    return refusal.policy.name, id(refusal.item), refusal.pod, refusal.denied, refusal.message


def _question(context: Context, cluster: str, index: ObjectIndex) -> dict[str, Any]:
    """The policies with their bindings."""
    bindings = _bindings(index)
    policies = [
        {
            "policy": msgspec.Raw(policy.raw),
            "bindings": [msgspec.Raw(item.raw) for item in bindings.get(policy.name, ())],
        }
        for policy in index.of_kind(_GROUP, "ValidatingAdmissionPolicy")
    ]
    return {"kubernetes": _kubernetes(context, cluster), "policies": policies}


def _expression(policy: dict[str, Any], number: int) -> str:
    validations = sequence(mapping(policy.get("spec")).get("validations"))
    return str(mapping(validations[number]).get("expression")) if number < len(validations) else ""


def _bindings(index: ObjectIndex) -> dict[str, list[RenderedObject]]:
    found: dict[str, list[RenderedObject]] = {}
    for item in index.of_kind(_GROUP, "ValidatingAdmissionPolicyBinding"):
        name = mapping(index.body(item).get("spec")).get("policyName")
        if isinstance(name, str):
            found.setdefault(name, []).append(item)
    return found


def _params(index: ObjectIndex, policies: Iterable[RenderedObject]) -> dict[str, list[msgspec.Raw]]:
    found: dict[str, list[msgspec.Raw]] = {}
    for policy in policies:
        kind = mapping(mapping(index.body(policy).get("spec")).get("paramKind"))
        version, name = str(kind.get("apiVersion") or ""), str(kind.get("kind") or "")
        group = version.rpartition("/")[0]
        items = index.of_kind(group, name) if name else []
        found[f"{version}/{name}"] = [msgspec.Raw(item.raw) for item in items if item.api_version == version]
    return found


def _requests(
    index: ObjectIndex, policies: Iterable[RenderedObject]
) -> Iterator[tuple[RenderedObject, bool, dict[str, Any]]]:
    """What is created: objects of the groups that some policy is about, and the pods of workloads."""
    groups = _groups(index, policies)
    plurals = _plurals(index)
    for (group, kind), items in index.kinds.items():
        if not ({"*", group} & groups):
            continue
        for item in items:
            resource = plurals.get((group, kind), "")
            yield item, False, {"object": msgspec.Raw(item.raw), "namespace": item.namespace, "resource": resource}
    if not ({"*", ""} & groups):
        return
    limited = {item.namespace for item in index.of_kind("", "LimitRange")}
    for workload in workloads(index):
        if workload.item.kind != "Pod":
            metadata = {"generateName": f"{workload.item.name}-", "namespace": workload.namespace}
            metadata |= {"labels": workload.labels, "annotations": workload.annotations}  # type: ignore[dict-item]
            pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": workload.spec}
            asked = {"object": pod, "namespace": workload.namespace, "limited": workload.namespace in limited}
            yield workload.item, True, asked


def _groups(index: ObjectIndex, policies: Iterable[RenderedObject]) -> set[str]:
    found: set[str] = set()
    for policy in policies:
        rules = sequence(mapping(mapping(index.body(policy).get("spec")).get("matchConstraints")).get("resourceRules"))
        for rule in rules:
            found |= {group for group in sequence(mapping(rule).get("apiGroups")) if isinstance(group, str)}
        if not rules:
            found.add("*")
    return found


def _plurals(index: ObjectIndex) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for item in index.of_kind("apiextensions.k8s.io", "CustomResourceDefinition"):
        spec = mapping(index.body(item).get("spec"))
        names = mapping(spec.get("names"))
        found[str(spec.get("group")), str(names.get("kind"))] = str(names.get("plural") or "")
    return found


def _kubernetes(context: Context, cluster: str) -> str:
    own = context.settings.cluster.get(cluster)
    return _minor_of((own.kubernetes if own else "") or context.render.kubernetes)


def _minor_of(version: str) -> str:
    return ".".join(version.removeprefix("v").split(".")[:2])
