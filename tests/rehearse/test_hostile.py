"""Repositories that would keep a rehearsal from ending, or from meaning anything: each ends with a verdict."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest

from elysium.api import Options, Workspace
from elysium.api.rehearsing import RehearsalOptions, rehearse
from elysium.errors import ClusterError, RepositoryError
from elysium.model import Failure, UnitState
from elysium.rehearse import replaying
from elysium.rehearse.preparing import Prepared
from elysium.rehearse.scenario import stage
from elysium.rehearse.types import Phase, Rehearsal
from tests.gitting import commit
from tests.rehearse.case_harness import SETTINGS, SYNC
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n---\n"
POLICY = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: nothing}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*/*"]}]
  validations: [{expression: "false", message: "nothing at all"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: nothing}
spec: {policyName: nothing, validationActions: [Deny]}
---
"""
HUGE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: huge, namespace: web}
spec:
  replicas: 1000000
  selector: {matchLabels: {app: huge}}
  template:
    metadata: {labels: {app: huge}}
    spec: {containers: [{name: huge, image: "example/huge:1"}]}
---
"""
SERVICES = """\
apiVersion: v1
kind: Service
metadata: {name: k3s, namespace: web}
spec: {clusterIP: 10.43.0.10, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: both, namespace: web}
spec: {ipFamilyPolicy: RequireDualStack, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: six, namespace: web}
spec: {ipFamilies: [IPv6], clusterIP: "fd00:10:43::10", ports: [{port: 80}]}
---
"""


UNKNOWN_UNIT = """\
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: tenants, namespace: flux-system}
spec:
  resources:
    - {apiVersion: v1, kind: ConfigMap, metadata: {name: tenant, namespace: web}}
---
"""


def rehearsed(root: Path, base: str, head: str, *, controllers: bool = True) -> Rehearsal:
    """One unit, at two commits."""
    common = {
        "elysium.toml": SETTINGS,
        f"{CLUSTER}/flux-system/gotk-sync.yaml": SYNC,
        f"{CLUSTER}/web.yaml": kustomization("web", "./apps"),
    }
    for text in (base, head):
        write_repository(root, common | {"apps/all.yaml": text})
        commit(root, "change")
    with Workspace(root, options=Options()) as workspace:
        return rehearse(workspace, "HEAD~1", "HEAD", options=RehearsalOptions(controllers=controllers))


def test_a_policy_that_refuses_everything_is_a_refusal_and_no_error(tmp_path: Path) -> None:
    base = NAMESPACE + POLICY + config_map("web", "web", "{a: one}")
    found = rehearsed(tmp_path, base, base.replace("a: one", "a: two"))
    refused = {item.object.name: item.cause for item in found.verdicts if item.refused}
    assert refused["web"] == "policy"
    assert not [item for item in found.verdicts if item.refused and item.phase is Phase.BASE]


def test_a_million_pods_end_soon_and_are_no_refusal(tmp_path: Path) -> None:
    started = time.monotonic()
    found = rehearsed(tmp_path, NAMESPACE, NAMESPACE + HUGE)
    assert time.monotonic() - started < 60
    assert not [item for item in found.workloads if item.object.name == "huge"]
    [unsettled] = [item for item in found.unknown if item.code == "unsettled"]
    assert unsettled.message.startswith("Deployment/web/huge (")
    assert found.summary.new == 0


def test_addresses_of_the_real_cluster_are_taken_every_time_and_without_controllers_that_is_told(
    tmp_path: Path,
) -> None:
    found = rehearsed(tmp_path, NAMESPACE, NAMESPACE + SERVICES, controllers=False)
    assert [item.message for item in found.verdicts if item.refused] == []
    assert [item.code for item in found.unknown] == ["controllers"]


def test_a_unit_whose_kind_is_defined_nowhere_is_unknown_and_not_stuck(tmp_path: Path) -> None:
    found = rehearsed(tmp_path, NAMESPACE, NAMESPACE + UNKNOWN_UNIT, controllers=False)
    assert (found.workloads, found.summary.new) == ((), 0)
    [left_out] = [item for item in found.unknown if item.code == "unit"]
    assert left_out.unit is not None and left_out.unit.name == "tenants"


def test_a_revision_without_a_cluster_is_named_and_not_its_place_in_the_cache(tmp_path: Path) -> None:
    write_repository(tmp_path, {"README.md": "nothing"})
    commit(tmp_path, "nothing")
    write_repository(tmp_path, {f"{CLUSTER}/flux-system/gotk-sync.yaml": SYNC})
    commit(tmp_path, "a cluster")
    with Workspace(tmp_path, options=Options()) as workspace, pytest.raises(RepositoryError, match="no Flux") as raised:
        rehearse(workspace, "HEAD~1", "HEAD")
    assert raised.value.subject.startswith(f"{tmp_path} at ")


def test_what_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "_LONGEST", 0.0)
    with pytest.raises(ClusterError, match="not replayed within 0 minutes"):
        rehearsed(tmp_path, NAMESPACE, NAMESPACE, controllers=False)


def test_what_takes_too_long_to_render_is_unknown_and_no_failure_of_flux(tmp_path: Path) -> None:
    write_repository(tmp_path, {f"{CLUSTER}/flux-system/gotk-sync.yaml": SYNC})
    with Workspace(tmp_path, options=Options()) as workspace:
        render = workspace.render()
    failure = Failure(code="exceeded", message="the request took longer than 30s")
    units = [msgspec.structs.replace(unit, state=UnitState.FAILED, failure=failure) for unit in render.units]
    slow = msgspec.structs.replace(render, units=tuple(units))
    scenario = stage(slow, CLUSTER, Phase.HEAD, lambda item: Prepared(raw=item.raw))
    assert scenario.failed == () and scenario.beyond == {unit.id for unit in units}
    assert {item.code for item in scenario.unknown} == {"unit"}
