"""How a unit is reconciled, read from the object that defines it."""

from __future__ import annotations

from typing import Any

from elysium.model import ObjectId, UnitId, UnitKind
from elysium.rehearse.specification import defining_object, read_specification

APPS = UnitId("clusters/test", UnitKind.KUSTOMIZATION, "flux-system", "apps")
WIKI = UnitId("clusters/test", UnitKind.HELM_RELEASE, "wiki", "wiki")
SET = UnitId("clusters/test", UnitKind.RESOURCE_SET, "flux-system", "tenants")


def kustomization(**spec: Any) -> dict[str, Any]:
    return {"spec": {"sourceRef": {"kind": "GitRepository", "name": "flux-system"}, **spec}}


def test_a_kustomization_has_the_controllers_defaults() -> None:
    found = read_specification(APPS, kustomization(prune=True))
    assert (found.controller, found.account, found.force, found.waits) == ("kustomize-controller", "", False, False)
    assert found.prune and not found.orphan
    assert found.needs == (ObjectId("source.toolkit.fluxcd.io", "GitRepository", "flux-system", "flux-system"),)


def test_the_account_is_impersonated_in_the_namespace_of_the_unit() -> None:
    found = read_specification(APPS, kustomization(serviceAccountName="tenant"))
    assert found.account == "system:serviceaccount:flux-system:tenant"


def test_without_prune_a_deleted_kustomization_leaves_its_objects() -> None:
    assert read_specification(APPS, kustomization(prune=False)).orphan
    assert not read_specification(APPS, kustomization(prune=False, deletionPolicy="Delete")).orphan
    assert read_specification(APPS, kustomization(prune=True, deletionPolicy="Orphan")).orphan


def test_wait_takes_the_place_of_health_checks() -> None:
    checks = [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "wiki", "namespace": "wiki"}]
    found = read_specification(APPS, kustomization(healthChecks=checks))
    assert found.health_checks == (ObjectId("apps", "Deployment", "wiki", "wiki"),)
    assert not read_specification(APPS, kustomization(healthChecks=checks, wait=True)).health_checks


def test_variables_have_to_be_there_unless_they_are_optional() -> None:
    references = [{"kind": "ConfigMap", "name": "vars"}, {"kind": "Secret", "name": "more", "optional": True}]
    found = read_specification(APPS, kustomization(postBuild={"substituteFrom": references}))
    assert ObjectId("", "ConfigMap", "flux-system", "vars") in found.needs
    assert len(found.needs) == 2


def test_a_dependency_with_an_expression_is_not_awaited() -> None:
    entries = [{"name": "infra", "readyExpr": "dep.metadata.generation > 0"}, {"name": "base"}]
    found = read_specification(APPS, kustomization(dependsOn=entries))
    assert [item.name for item in found.ready_by_expression] == ["infra"]


def test_a_unit_of_another_cluster_is_elsewhere() -> None:
    found = read_specification(APPS, kustomization(kubeConfig={"secretRef": {"name": "remote"}}))
    assert found.elsewhere


def test_a_release_is_named_as_helm_controller_names_it() -> None:
    body = {"spec": {"targetNamespace": "apps", "install": {"createNamespace": True, "crds": "Skip"}}}
    release = read_specification(WIKI, body).release
    assert release is not None
    assert (release.name, release.namespace, release.storage_namespace) == ("apps-wiki", "apps", "wiki")
    assert (release.install_crds, release.upgrade_crds, release.create_namespace) == ("Skip", "Create", True)


def test_a_release_waits_for_its_objects_unless_it_is_told_not_to() -> None:
    assert read_specification(WIKI, {"spec": {}}).waits
    assert not read_specification(WIKI, {"spec": {"install": {"disableWait": True}}}).waits


def test_a_resource_set_is_applied_by_its_operator() -> None:
    assert read_specification(SET, {"spec": {"wait": True}}).controller == "flux-operator"


def test_what_cannot_be_read_counts_as_absent() -> None:
    assert read_specification(APPS, {"spec": {"force": "perhaps"}}).force is False


def test_the_defining_object_is_the_one_of_fluxs_group() -> None:
    assert str(defining_object(APPS)) == "Kustomization/flux-system/apps"
    assert defining_object(WIKI).group == "helm.toolkit.fluxcd.io"


def test_a_unit_awaits_the_units_that_it_makes_only_where_it_says_so() -> None:
    checks = [{"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "name": "wiki", "namespace": "wiki"}]
    assert read_specification(APPS, kustomization(wait=True)).awaits(WIKI)
    assert read_specification(APPS, kustomization(healthChecks=checks)).awaits(WIKI)
    other = [{**checks[0], "name": "other"}]
    assert not read_specification(APPS, kustomization(healthChecks=other)).awaits(WIKI)
    assert not read_specification(APPS, kustomization()).awaits(WIKI)
