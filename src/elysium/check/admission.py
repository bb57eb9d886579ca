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
from elysium.check.expressions import first_field
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import mapping, sequence, workloads
from elysium.model import RenderedObject

__all__ = ["Admission", "Refusal", "admissions"]

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


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """What the policies of a cluster have to say; `problems` are expressions that do not compile, by policy."""

    problems: tuple[tuple[RenderedObject, tuple[str | int, ...], str], ...] = ()
    refusals: tuple[Refusal, ...] = ()


def admissions(context: Context) -> dict[str, Admission]:
    """For each cluster with policies, their answer. Computed once for a context."""
    found: dict[str, Admission] | None = context.__dict__.get("admissions")
    if found is None:
        found = {
            cluster: _admit(context, cluster, index)
            for cluster, index in context.objects.items()
            if index.of_kind(_GROUP, "ValidatingAdmissionPolicy")
        }
        context.__dict__["admissions"] = found
    return found


def _admit(context: Context, cluster: str, index: ObjectIndex) -> Admission:
    policies = index.of_kind(_GROUP, "ValidatingAdmissionPolicy")
    bindings = _bindings(index)
    asked: dict[str, Any] = {
        "kubernetes": _minor(context, cluster),
        "policies": [
            {
                "policy": msgspec.Raw(policy.raw),
                "bindings": [msgspec.Raw(item.raw) for item in bindings.get(policy.name, ())],
            }
            for policy in policies
        ],
    }
    problems = _problems(policies, context.ask("policy.admit", asked)["problems"])
    asked["namespaces"] = {item.name: msgspec.Raw(item.raw) for item in index.of_kind("", "Namespace")}
    asked["params"] = _params(index, policies)
    requests = list(_requests(index, policies)) if bindings else []
    refusals: list[Refusal] = []
    for start in range(0, len(requests), _BATCH):
        batch = requests[start : start + _BATCH]
        answer = context.ask("policy.admit", {**asked, "requests": [request for _, _, request in batch]})
        for decision in answer["decisions"]:
            item, pod, _ = batch[decision["request"]]
            policy = policies[decision["policy"]]
            refusal = Refusal(
                policy=policy,
                item=item,
                pod=pod,
                denied="Deny" in decision["actions"],
                message=" ".join(decision["message"].split()),
                field=() if pod else first_field(_expression(index.body(policy), decision["validation"])),
            )
            refusals.append(refusal)
    return Admission(problems=problems, refusals=tuple(dict.fromkeys(refusals)))


def _expression(policy: dict[str, Any], number: int) -> str:
    validations = sequence(mapping(policy.get("spec")).get("validations"))
    return str(mapping(validations[number]).get("expression")) if number < len(validations) else ""


def _problems(
    policies: list[RenderedObject], answers: list[list[dict[str, Any]]]
) -> tuple[tuple[RenderedObject, tuple[str | int, ...], str], ...]:
    return tuple(
        (policy, tuple(problem["path"]), problem["message"])
        for policy, found in zip(policies, answers, strict=True)
        for problem in found
    )


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


def _minor(context: Context, cluster: str) -> str:
    own = context.settings.cluster.get(cluster)
    version = (own.kubernetes if own else "") or context.render.kubernetes
    return ".".join(version.removeprefix("v").split(".")[:2])
