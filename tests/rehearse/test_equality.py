"""What a rehearsal applies is what `elysium render` prints: each object on the server has every rendered field.

What the server has beside that are its own defaults: no field of them is in the rendered object. `DEFAULTS` and
`WRITTEN` name each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from elysium.api import Options, Workspace
from elysium.cluster.opening import open_server
from elysium.evaluate import declared_nodes
from elysium.model import Render, RenderedObject, Unit
from elysium.rehearse.facts import gather
from elysium.rehearse.preparing import prepare
from elysium.rehearse.rehearsing import Course, Outcome, rehearse_cluster
from elysium.rehearse.types import Phase

pytestmark = pytest.mark.timeout(300)
KYRION = Path(__file__).resolve().parents[2] / "examples" / "kyrion"
CLUSTER = "clusters/kyrion"
_DECIMAL = {"": 1, "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "k": 10**3, "M": 10**6, "G": 10**9}
_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
SUFFIXES: dict[str, Decimal | int] = {**_DECIMAL, "T": 10**12, **_BINARY}
QUANTITY = re.compile(r"([+-]?[0-9.]+)([a-zA-Z]*)")
QUANTITIES = ("cpu", "memory", "storage", "ephemeral-storage", "pods", "sizeLimit", "divisor", "requests", "limits")
KEYS = ("mountPath", "containerPort", "port", "name", "key", "ip")
DEFAULTS: dict[str, tuple[Any, ...]] = {
    "preemptionPolicy": ("PreemptLowerPriority",), "allocateLoadBalancerNodePorts": (True,), "apiVersion": ("v1",),
    "reconcileStrategy": ("ChartVersion",), "version": ("*",), "conversion": ({"strategy": "None"},),
    "digestReflectionPolicy": ("Never",), "exclusionList": (["^.*\\.sig$"],), "externalTrafficPolicy": ("Cluster",),
    "internalTrafficPolicy": ("Cluster",), "failedJobsHistoryLimit": (1,), "successfulJobsHistoryLimit": (3,),
    "force": (False,), "suspend": (False,), "optional": (False,), "fsGroupPolicy": ("ReadWriteOnceWithFSType",),
    "interval": ("10m",), "ipFamilyPolicy": ("SingleStack",), "ipFamilies": (["IPv4"],), "provider": ("generic",),
    "imagePullPolicy": ("IfNotPresent",), "terminationMessagePath": ("/dev/termination-log",),
    "terminationMessagePolicy": ("File",), "dnsPolicy": ("ClusterFirst",), "restartPolicy": ("Always",),
    "schedulerName": ("default-scheduler",), "terminationGracePeriodSeconds": (30,), "defaultMode": (420,),
    "securityContext": ({},), "podManagementPolicy": ("OrderedReady",), "progressDeadlineSeconds": (600,),
    "persistentVolumeClaimRetentionPolicy": ({"whenDeleted": "Retain", "whenScaled": "Retain"},),
    "replicas": (1,), "revisionHistoryLimit": (10,), "requiresRepublish": (False,), "seLinuxMount": (False,),
    "sessionAffinity": ("None",), "storageCapacity": (False,), "volumeMode": ("Filesystem",), "type": ("ClusterIP", "",
    "RollingUpdate"), "scheme": ("HTTP",), "failureThreshold": (3,), "successThreshold": (1,), "timeoutSeconds": (1,),
    "periodSeconds": (10,), "kind": ("PersistentVolumeClaim",), "spec.jobTemplate.metadata": ({},),
    "strategy": ({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},),
    "strategy.rollingUpdate": ({"maxSurge": "25%", "maxUnavailable": "25%"},),
    "updateStrategy": ({"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},),
    "updateStrategy.rollingUpdate": ({"maxSurge": 0, "maxUnavailable": 1},),
    "volumeClaimTemplates[].status": ({"phase": "Pending"},), "spec.finalizers": (["kubernetes"],),
}  # fmt: skip
"""What the API server, or the schema of Flux's definitions, fills in where nothing was said, by the end of the path."""

WRITTEN = {
    "spec.clusterIP": "the server allocates addresses",
    "spec.clusterIPs": "the server allocates addresses",
    "spec.ports[].nodePort": "the server allocates node ports",
    "spec.volumeName": "the claim is bound",
    "spec.claimRef.apiVersion": "the volume is bound",
    "spec.claimRef.kind": "the volume is bound",
    "spec.claimRef.resourceVersion": "the volume is bound",
    "spec.claimRef.uid": "the volume is bound",
    "spec.template.spec.serviceAccount": "the old name of serviceAccountName, with its value",
    "spec.jobTemplate.spec.template.spec.serviceAccount": "the old name of serviceAccountName, with its value",
    "status": "controllers report",
    "metadata.uid": "identity",
    "metadata.creationTimestamp": "identity",
    "metadata.resourceVersion": "identity",
    "metadata.generation": "identity",
    "metadata.finalizers": "claims and volumes that are in use are protected",
    "metadata.labels.kubernetes.io/metadata.name": "the server names namespaces by a label",
    "metadata.labels.app.kubernetes.io/managed-by": "Helm marks what it owns",
    "metadata.annotations.meta.helm.sh/release-name": "Helm marks what it owns",
    "metadata.annotations.meta.helm.sh/release-namespace": "Helm marks what it owns",
    "metadata.annotations.deployment.kubernetes.io/revision": "the controller counts",
    "metadata.annotations.deprecated.daemonset.template.generation": "the server counts",
    "metadata.annotations.pv.kubernetes.io/bind-completed": "the claim is bound",
    "metadata.annotations.pv.kubernetes.io/bound-by-controller": "the claim is bound",
    "metadata.annotations.volume.beta.kubernetes.io/storage-provisioner": "the claim is bound",
    "metadata.annotations.volume.kubernetes.io/storage-provisioner": "the claim is bound",
    "metadata.annotations.volume.kubernetes.io/selected-node": "the claim is bound",
}
"""What the server and the controllers write by themselves, by the whole path, and why."""


class Held(msgspec.Struct, frozen=True):
    """What the server holds of the example, and how it got there."""

    render: Render
    outcome: Outcome
    stored: dict[str, dict[str, Any]]


class _Bodies(msgspec.Struct, frozen=True, kw_only=True):
    objects: tuple[dict[str, Any] | None, ...] = ()


@pytest.fixture(scope="module")
def held(warm_cache: Path) -> Held:
    with ExitStack() as stack, Workspace(KYRION, options=Options()) as workspace:
        render = workspace.render()
        own = workspace.settings.cluster[CLUSTER]
        facts = gather(CLUSTER, [render], workspace.settings, None, workspace.pool.call, root=KYRION)
        server, replayer = open_server(stack, warm_cache, notice=lambda text, done, total: None)
        course = Course(
            cluster=CLUSTER,
            facts=facts,
            controllers=server.controllers,
            nodes=declared_nodes(own.nodes),
            renders=((Phase.BASE, render),),
        )
        outcome = rehearse_cluster(course, replayer, lambda step: None)
        items = [item for unit in render.units for item in unit.objects]
        bodies = replayer.call("get", {"objects": [_reference(item) for item in items]}, _Bodies).objects
        stored = {str(item.id): body for item, body in zip(items, bodies, strict=True) if body is not None}
        return Held(render, outcome, stored)


def _reference(item: RenderedObject) -> dict[str, str]:
    group, _, version = item.api_version.rpartition("/")
    return {"group": group, "version": version, "kind": item.kind, "namespace": item.namespace, "name": item.name}


def _units() -> list[str]:
    with Workspace(KYRION, options=Options()) as workspace:
        return [str(unit.id) for unit in workspace.render().units]


def test_everything_of_the_example_is_applied(held: Held) -> None:
    assert [item for item in held.outcome.verdicts if item.action.value != "created"] == []
    hooks = {str(item.id) for unit in held.render.units for item in unit.objects if item.hook is not None}
    rendered = {str(item.id) for unit in held.render.units for item in unit.objects}
    assert rendered - hooks - held.stored.keys() == set()


@pytest.mark.parametrize("unit", _units())
def test_what_is_held_is_what_was_rendered(unit: str, held: Held) -> None:
    found = next(item for item in held.render.units if str(item.id) == unit)
    assert [difference for item in _lasting(found) for difference in _differences(item, held.stored)] == []


@pytest.mark.parametrize("unit", _units())
def test_what_is_held_beside_that_is_the_servers(unit: str, held: Held) -> None:
    found = next(item for item in held.render.units if str(item.id) == unit)
    more = [
        f"{item.id}: {path} is {value!r}"
        for item in _lasting(found)
        for path, value in _more(_expected(item), held.stored[str(item.id)], "")
        if path not in WRITTEN and not _by_default(path, value)
    ]
    assert more == []


def _by_default(path: str, value: Any) -> bool:
    return any(path == end or path.endswith(f".{end}") for end, values in DEFAULTS.items() if value in values)


def _more(wanted: Any, there: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The fields of `there` that are not in `wanted`; in maps of names each name."""
    if wanted is ... or wanted is None:
        return
    if isinstance(wanted, dict) and isinstance(there, dict):
        for key, value in there.items():
            below = f"{path}.{key}" if path else key
            if below in ("metadata.labels", "metadata.annotations"):
                yield from _more(wanted.get(key) or {}, value, below)
            elif key not in wanted:
                yield below, value
            else:
                yield from _more(wanted[key], value, below)
    elif isinstance(wanted, list) and isinstance(there, list):
        key = _key_of(wanted, there)
        by_key = {entry[key]: entry for entry in wanted} if key else {}
        for number, entry in enumerate(there):
            yield from _more(by_key.get(entry[key]) if key else wanted[number], entry, f"{path}[]")


def _lasting(unit: Unit) -> list[RenderedObject]:
    """Hooks come and go (Helm deletes them before they are made again, or when they are done)."""
    return [item for item in unit.objects if item.hook is None]


def _differences(item: RenderedObject, stored: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    for path, why in _missing(_expected(item), stored[str(item.id)], ""):
        yield f"{item.id}: {path}: {why}"


def _expected(item: RenderedObject) -> dict[str, Any]:
    """The rendered object, with what `preparing` documents that it changes: values of Secrets, webhooks, conversion.

    `stringData` is written only: the server moves it to `data`. The values themselves are placeholders, and stay
    unknown to everybody; that the keys are there is what counts.
    """
    raw = prepare(item, Phase.BASE).raw
    assert raw is not None, f"{item.id} is not sent at all"
    body: dict[str, Any] = msgspec.json.decode(raw)
    if item.kind == "Secret":
        keys = {**(body.pop("data", None) or {}), **(body.pop("stringData", None) or {})}
        body["data"] = dict.fromkeys(keys, ...)
    return body


def _missing(wanted: Any, there: Any, path: str) -> Iterator[tuple[str, str]]:
    """The fields of `wanted` that are not in `there`, or are otherwise."""
    if wanted is ...:
        return
    if isinstance(wanted, dict) and isinstance(there, dict):
        for key, value in wanted.items():
            if value is not None or key in there:
                yield from _missing(value, there.get(key), f"{path}.{key}" if path else key)
    elif isinstance(wanted, list) and isinstance(there, list):
        yield from _missing_of_list(wanted, there, path)
    elif not _same(wanted, there, path):
        yield path, f"{wanted!r} was rendered, {there!r} is held"


def _missing_of_list(wanted: list[Any], there: list[Any], path: str) -> Iterator[tuple[str, str]]:
    key = _key_of(wanted, there)
    if len(wanted) != len(there):
        yield path, f"{len(wanted)} entries were rendered, {len(there)} are held"
        return
    by_key = {entry[key]: entry for entry in there} if key else {}
    for number, entry in enumerate(wanted):
        other = by_key.get(entry[key]) if key else there[number]
        yield from _missing(entry, other, f"{path}[{entry[key] if key else number}]")


def _key_of(*lists: list[Any]) -> str:
    """The field that names the entries of both lists, if each has another one in either."""
    return next((key for key in KEYS if all(_names(key, entries) for entries in lists)), "")


def _names(key: str, entries: list[Any]) -> bool:
    values = [entry[key] for entry in entries if isinstance(entry, dict) and key in entry]
    return len(values) == len(entries) == len({str(value) for value in values}) > 0


def _same(wanted: Any, there: Any, path: str) -> bool:
    if type(wanted) is type(there) and wanted == there:
        return True
    return any(f".{word}" in path for word in QUANTITIES) and _quantity(wanted) == _quantity(there) is not None


def _quantity(value: Any) -> Decimal | None:
    found = QUANTITY.fullmatch(str(value))
    return Decimal(found[1]) * SUFFIXES[found[2]] if found and found[2] in SUFFIXES else None


def test_a_field_that_is_not_held_would_be_noticed() -> None:
    there = {"spec": {"replicas": 2, "limits": {"cpu": "1"}, "ports": [{"name": "a", "port": 1}, {"name": "b"}]}}
    wanted = {"spec": {"replicas": 1, "limits": {"cpu": "1000m"}, "ports": [{"name": "b", "port": 2}, {"name": "a"}]}}
    wanted["spec"]["more"] = "x"
    assert [path for path, _ in _missing(wanted, there, "")] == ["spec.replicas", "spec.ports[b].port", "spec.more"]
