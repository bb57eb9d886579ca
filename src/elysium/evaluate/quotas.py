"""Whether what a namespace is to hold fits into its ResourceQuotas.

A quota never refuses a Deployment, it refuses pods: everything applies well, and some pods never come. So the answer
distinguishes what fits always, what fits except while something rolls out, scales or runs, and what does not fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import partial

import msgspec

from elysium.evaluate.claims import Claim, claims
from elysium.evaluate.demand import Amounts, Resources, declared, overhead, pod_demand, quantities, with_defaults
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.limit_ranges import defaults
from elysium.evaluate.nodes import Node
from elysium.evaluate.outsiders import other_pod_makers
from elysium.evaluate.quantities import ZERO, Quantity
from elysium.evaluate.quota_usage import ONE, claim_usage, counted_as, in_scope, pod_usage, service_usage
from elysium.evaluate.rollouts import PodCount, pod_count
from elysium.evaluate.workloads import Path, Workload, mapping, workloads
from elysium.model import RenderedObject

__all__ = ["Missing", "Outcome", "QuotaLine", "Share", "missing_values", "quota_lines"]

_Shares = dict[str, list["Share"]]
_REQUIRED = ("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory")


class Outcome(StrEnum):
    """Whether one line of a quota is enough."""

    FITS = "fits"
    FITS_EXCEPT_AT_TIMES = "fits except at times"
    EXCEEDED = "exceeded"
    UNKNOWN = "unknown"


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """What one object takes of a line: always (`steady`), at the most when scaled (`peak`), and at times.

    `surge` comes on top during a rollout (`step`: what it cannot do without); `transient` while a job runs.
    """

    item: RenderedObject
    steady: Quantity = ZERO
    peak: Quantity = ZERO
    surge: Quantity = ZERO
    transient: Quantity = ZERO
    step: Quantity = ZERO


class QuotaLine(msgspec.Struct, frozen=True, kw_only=True):
    """One resource of a ResourceQuota. `steady` and `peak` are sums; `unknown` says what could not be counted."""

    quota: RenderedObject
    resource: str
    hard: Quantity
    outcome: Outcome
    steady: Quantity
    peak: Quantity
    shares: tuple[Share, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def at_times(self) -> tuple[Share, ...]:
        """The objects that do not get what they ask for while they roll out or run: with one at a time."""
        return tuple(
            share
            for share in self.shares
            if self.steady + share.transient > self.hard or self.steady + share.step > self.hard
        )


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A container without a value that a quota demands: the API server refuses its pods."""

    quota: RenderedObject
    workload: Workload
    container: str
    path: Path
    resources: tuple[str, ...]


def quota_lines(index: ObjectIndex, nodes: Sequence[Node] = ()) -> Iterator[QuotaLine]:
    """Every line of every ResourceQuota of a cluster. `nodes` tell how many pods DaemonSets have.

    Computed once for an index: a cluster has its nodes.
    """
    found: tuple[QuotaLine, ...] | None = index.__dict__.get("quota_lines")
    if found is None:
        found = tuple(_lines(index, nodes))
        index.__dict__["quota_lines"] = found
    yield from found


def _lines(index: ObjectIndex, nodes: Sequence[Node]) -> Iterator[QuotaLine]:
    for quota in index.of_kind("", "ResourceQuota"):
        spec = mapping(index.body(quota).get("spec"))
        hard, _ = quantities(spec.get("hard"))
        shares, unknown = _shares(index, quota, nodes)
        for resource, amount in hard.items():
            yield _line(quota, resource, amount, tuple(shares.get(resource, ())), unknown)


def _line(
    quota: RenderedObject, resource: str, hard: Quantity, shares: tuple[Share, ...], unknown: tuple[str, ...]
) -> QuotaLine:
    steady = sum((share.steady for share in shares), ZERO)
    peak = sum((share.peak for share in shares), ZERO)
    build = partial(QuotaLine, quota=quota, resource=resource, hard=hard, steady=steady, peak=peak, unknown=unknown)
    ordered = tuple(sorted(shares, key=lambda share: (-share.peak.nano, str(share.item))))
    line = build(shares=ordered, outcome=Outcome.FITS)
    if steady > hard:
        return build(shares=ordered, outcome=Outcome.EXCEEDED)
    if peak > hard or line.at_times:
        return build(shares=ordered, outcome=Outcome.FITS_EXCEPT_AT_TIMES)
    return build(shares=ordered, outcome=Outcome.UNKNOWN) if unknown else line


def _shares(index: ObjectIndex, quota: RenderedObject, nodes: Sequence[Node]) -> tuple[_Shares, tuple[str, ...]]:
    """The shares in each line, and what is not known of them. Scoped quotas count pods alone."""
    found: _Shares = {}
    unknown = list(other_pod_makers(index, quota.namespace))
    spec = mapping(index.body(quota).get("spec"))
    for workload in _of_namespace(index, quota.namespace):
        count = pod_count(index, workload, nodes)
        resources = pod_demand(workload, defaults(index, workload.namespace), overhead(index, workload))
        if not in_scope(spec, workload, _containers(index, workload)):
            continue
        unknown += [f"{workload.item}: {count.unknown}"] if count.unknown else []
        unknown += [f"{workload.item}: its {name} is no quantity" for name in resources.unread]
        _add(found, workload.item, pod_usage(resources), count)
    if not spec.get("scopes") and not spec.get("scopeSelector"):
        _add_objects(index, quota.namespace, found)
    return found, tuple(unknown)


def _add(found: _Shares, item: RenderedObject, usage: Amounts, count: PodCount) -> None:
    for resource, amount in usage.items():
        share = Share(
            item=item,
            steady=amount * count.steady,
            peak=amount * count.peak,
            surge=amount * count.surge,
            transient=amount * count.transient,
            step=amount if count.surge and not count.unavailable else ZERO,
        )
        found.setdefault(resource, []).append(share)


def _add_objects(index: ObjectIndex, namespace: str, found: _Shares) -> None:
    """Claims, Services, and everything that is counted by its number."""
    once = PodCount(steady=1, peak=1)
    for claim in claims(index):
        if claim.item.namespace == namespace:
            _add(found, claim.item, claim_usage(index, claim), _claims_of(index, claim))
    for item in _by_namespace(index).get(namespace, ()):
        if item.kind == "Service" and item.api_version == "v1":
            _add(found, item, service_usage(index.body(item)), once)
        elif item.kind not in ("Pod", "PersistentVolumeClaim"):
            _add(found, item, dict.fromkeys(counted_as(item), ONE), once)


def _by_namespace(index: ObjectIndex) -> dict[str, list[RenderedObject]]:
    found: dict[str, list[RenderedObject]] | None = index.__dict__.get("by_namespace")
    if found is None:
        found = {}
        for unit in index.units:
            for item in unit.objects:
                found.setdefault(item.namespace, []).append(item)
        index.__dict__["by_namespace"] = found
    return found


def _claims_of(index: ObjectIndex, claim: Claim) -> PodCount:
    count = pod_count(index, claim.owner) if claim.owner else PodCount(steady=1, peak=1)
    return msgspec.structs.replace(count, surge=0)


def missing_values(index: ObjectIndex) -> Iterator[Missing]:
    """Every container that lacks what a quota demands and no LimitRange fills in.

    Only cpu and memory are demanded, of init containers too, and not of a pod with resources of its own (Kubernetes:
    `podEvaluator.Constraints`).
    """
    for quota in index.of_kind("", "ResourceQuota"):
        spec = mapping(index.body(quota).get("spec"))
        wanted = [name for name in _REQUIRED if name in mapping(spec.get("hard"))]
        for workload in _of_namespace(index, quota.namespace) if wanted else ():
            filled = _containers(index, workload)
            if workload.spec.get("resources") or not in_scope(spec, workload, filled):
                continue
            for container, resources in zip(workload.containers, filled, strict=True):
                lacking = tuple(name for name in wanted if name not in pod_usage(resources))
                known = not any(name.rpartition(".")[2] in resources.unread for name in lacking)
                if lacking and known:
                    yield Missing(
                        quota=quota,
                        workload=workload,
                        container=container.name,
                        path=container.path,
                        resources=lacking,
                    )


def _of_namespace(index: ObjectIndex, namespace: str) -> list[Workload]:
    found: dict[str, list[Workload]] | None = index.__dict__.get("workloads_by_namespace")
    if found is None:
        found = {}
        for workload in workloads(index):
            found.setdefault(workload.namespace, []).append(workload)
        index.__dict__["workloads_by_namespace"] = found
    return found.get(namespace, [])


def _containers(index: ObjectIndex, workload: Workload) -> list[Resources]:
    filled = defaults(index, workload.namespace)
    return [with_defaults(declared(container.body), filled) for container in workload.containers]
