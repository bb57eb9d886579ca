"""The declared impact against the difference between two renders."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.compare import Category
from elysium.model import Render
from elysium.plans.document.parsing import parse
from elysium.plans.effects.declaring import DeclaredGroup, declare
from elysium.plans.effects.impact import ImpactEntry, Standing, impact
from elysium.plans.types import Plan
from tests.gitting import commit
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

INFRA = f"{CLUSTER}/infra.yaml"
APPS = f"{CLUSTER}/apps.yaml"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: db}\n"
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: db, namespace: db}
spec:
  ports: [{name: sql, port: 5432}]
  selector: {app: db}
"""
SEALED = """\
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: login, namespace: db}
spec: {encryptedData: {password: AgA1}}
"""
STATEFUL_SET = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "postgres:17"}]}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""
BASE = {
    INFRA: kustomization("infra", "./infra"),
    APPS: kustomization("apps", "./apps"),
    "infra/a.yaml": config_map("a", "default", "{x: y}"),
    "apps/a.yaml": config_map("b", "default", "{x: y}"),
}
HEAD = {
    APPS: kustomization("apps", "./apps", "dependsOn: [{name: infra}]"),
    "apps/namespace.yaml": NAMESPACE,
    "apps/service.yaml": SERVICE,
    "apps/login.yaml": SEALED,
    "apps/db.yaml": STATEFUL_SET,
    "apps/policy.yaml": config_map("settings", "db", "{x: y}"),
}
EVERYTHING = (
    "Namespace//db",
    "Service/db/db",
    "SealedSecret/db/login",
    "PersistentVolumeClaim/db/data-db-0",
    "dependency:ks/flux-system/apps>ks/flux-system/infra",
)


def rendered(root: Path, revision: str | None = None) -> Render:
    with Workspace(root, options=Options(workers=1, revision=revision)) as workspace:
        return workspace.render()


@pytest.fixture(scope="module")
def renders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Render, Render]:
    """The base at its commit, and the working tree with the application."""
    root = write_repository(tmp_path_factory.mktemp("impact"), BASE)
    base = commit(root)
    write_repository(root, HEAD)
    return rendered(root, base), rendered(root)


def told(renders: tuple[Render, Render], *declared: str) -> dict[str, ImpactEntry]:
    """What is said of each subject when one item declares these."""
    words = " ".join(f'impact="{text}"' for text in declared)
    text = f"# Plan\n\n## Architecture\n\n- Everything that comes <!-- plan: id=A1 {words} -->\n"
    return {entry.subject: entry for entry in impact(parse(text, "PLAN.md"), *renders)}


def errors(found: dict[str, ImpactEntry]) -> dict[str, str]:
    return {subject: entry.standing.value for subject, entry in found.items() if entry.is_error}


def test_a_plan_that_says_everything_has_no_error(renders: tuple[Render, Render]) -> None:
    found = told(renders, *EVERYTHING)
    assert errors(found) == {}
    assert {found[subject].standing for subject in EVERYTHING} == {Standing.DELIVERED}
    assert found["Service/db/db"].item == "A1"
    assert found["Service/db/db"].plan_line == 5
    assert found["StatefulSet/db/db"].standing is Standing.LISTED


def test_what_no_item_declares_is_an_error_with_its_place(renders: tuple[Render, Render]) -> None:
    found = told(renders)
    assert errors(found) == dict.fromkeys(EVERYTHING, "undeclared")
    service = found["Service/db/db"]
    assert (service.file, service.line) == ("apps/service.yaml", 1)
    assert service.message == "Service/db/db is added: ClusterIP, port 5432/TCP (sql); no item of the plan says so"
    dependency = found["dependency:ks/flux-system/apps>ks/flux-system/infra"]
    assert (dependency.file, dependency.category) == (APPS, Category.DEPENDENCY)
    assert found["PersistentVolumeClaim/db/data-db-0"].file == "apps/db.yaml"
    assert found["ConfigMap/db/settings"].standing is Standing.LISTED


def test_what_is_declared_and_not_there_is_an_error_at_the_line_of_the_plan(renders: tuple[Render, Render]) -> None:
    found = told(renders, *EVERYTHING, "Service/db/other", "Deployment/db/other")
    assert errors(found) == {"Service/db/other": "undelivered"}
    assert found["Service/db/other"].plan_line == 5
    assert "there is no such object" in found["Service/db/other"].message
    assert found["Deployment/db/other"].standing is Standing.LISTED


def test_what_is_declared_and_does_not_change_is_an_error(renders: tuple[Render, Render]) -> None:
    [same] = [entry for entry in impact(_plan("Service/db/db"), renders[1], renders[1]) if entry.is_error]
    assert "the same before and after" in same.message


def _plan(*declared: str) -> Plan:
    words = " ".join(f'impact="{text}"' for text in declared)
    return parse(f"# Plan\n\n- It <!-- plan: id=A1 {words} -->\n")


@pytest.mark.parametrize(
    "declared",
    [
        ("Namespace//*", "Service/db/*", "Secret/db/login", "PersistentVolumeClaim/db/data-db-?"),
        ("Namespace//db", "Service/*/db", "SealedSecret/db/*", "PersistentVolumeClaim/*/*"),
    ],
)
def test_names_may_have_wildcards_and_a_secret_is_what_comes_of_it(
    renders: tuple[Render, Render], declared: tuple[str, ...]
) -> None:
    assert errors(told(renders, *declared, "dependency:*>ks/flux-system/infra")) == {}


def test_what_goes_has_to_be_declared_too(renders: tuple[Render, Render]) -> None:
    base, head = renders
    found = told((head, base))
    assert found["Service/db/db"].standing is Standing.UNDECLARED
    assert found["Service/db/db"].change == "removed"
    assert found["PersistentVolumeClaim/db/data-db-0"].standing is Standing.LISTED
    assert errors(told((head, base), *EVERYTHING)) == {}


def test_labels_need_no_declaration_and_ports_do(repository: Path) -> None:
    write_repository(repository, {APPS: kustomization("apps", "./apps"), "apps/service.yaml": SERVICE})
    base = rendered(repository)
    labelled = SERVICE.replace("namespace: db}", "namespace: db, labels: {a: b}}")
    write_repository(repository, {"apps/service.yaml": labelled})
    assert told((base, rendered(repository)))["Service/db/db"].standing is Standing.LISTED
    write_repository(repository, {"apps/service.yaml": labelled.replace("5432", "5433")})
    assert told((base, rendered(repository)))["Service/db/db"].standing is Standing.UNDECLARED


def test_a_unit_without_a_result_makes_nothing_certain(renders: tuple[Render, Render], repository: Path) -> None:
    broken = {"apps/kustomization.yaml": "resources: [missing.yaml]\n"}
    write_repository(repository, {**BASE, **HEAD, **broken})
    found = told((renders[1], rendered(repository)), "Service/db/db", "Service/db/other")
    assert errors(found) == {}
    assert found["Service/db/db"].standing is Standing.UNKNOWN
    assert found["Service/db/other"].standing is Standing.UNKNOWN
    assert found["Namespace//db"].standing is Standing.UNKNOWN
    assert found["ks/flux-system/apps"].standing is Standing.UNKNOWN


def test_the_declaration_of_a_difference_is_what_it_needs(renders: tuple[Render, Render]) -> None:
    groups = declare(*renders)
    assert [group.category.value for group in groups] == [
        "namespace", "service", "volume", "secret", "dependency", "workload", "image", "flux", "other",
    ]  # fmt: skip
    words = [entry.impact for group in groups for entry in group.entries if entry.impact]
    assert set(EVERYTHING) <= set(words)
    assert errors(told(renders, *words)) == {}
    assert _sentences(groups, Category.SECRET) == [
        "SealedSecret/db/login is added: it becomes Secret/db/login, keys password"
    ]
    assert _sentences(groups, Category.IMAGE) == ["postgres:17 is pulled by StatefulSet/db/db"]
    assert _sentences(groups, Category.DEPENDENCY) == ["ks/flux-system/apps waits for ks/flux-system/infra"]


def _sentences(groups: tuple[DeclaredGroup, ...], category: Category) -> list[str]:
    return [entry.sentence for group in groups if group.category is category for entry in group.entries]


def test_generated_secrets_are_declared_by_their_stem(repository: Path) -> None:
    write_repository(repository, {APPS: kustomization("apps", "./apps")})
    generated = "namespace: db\nsecretGenerator: [{name: login, literals: [password=first-of-all]}]\n"
    write_repository(repository, {"apps/kustomization.yaml": "resources: []\n"})
    base = rendered(repository)
    write_repository(repository, {"apps/kustomization.yaml": generated})
    first = rendered(repository)
    assert [entry.impact for group in declare(base, first) for entry in group.entries] == ["Secret/db/login-*"]
    assert errors(told((base, first), "Secret/db/login-*")) == {}
    write_repository(repository, {"apps/kustomization.yaml": generated.replace("first", "second")})
    second = rendered(repository)
    [(_, entry)] = told((first, second), "Secret/db/login").items()
    assert (entry.standing, entry.change) == (Standing.DELIVERED, "renamed")
    assert "first-of-all" not in str(told((first, second)))
