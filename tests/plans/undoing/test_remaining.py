"""What a rollback does not bring back."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.compare import compare
from elysium.model import Render
from elysium.plans.undoing.remaining import Remain, remaining
from tests.repositories import CLUSTER, helm_release, kustomization, write_repository

APPS = f"{CLUSTER}/apps.yaml"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: wiki}\n"
CLASS = """\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: example.org/disk
"""


def claim(size: str = "1Gi", extra: str = "", name: str = "data") -> str:
    return f"""\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: {name}, namespace: wiki{extra}}}
spec: {{accessModes: [ReadWriteOnce], storageClassName: fast, resources: {{requests: {{storage: {size}}}}}}}
"""


def stateful_set(policy: str = "", size: str = "1Gi") -> str:
    return f"""\
apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: db, namespace: wiki}}
spec:
  serviceName: db
  {policy}
  selector: {{matchLabels: {{app: db}}}}
  template:
    metadata: {{labels: {{app: db}}}}
    spec: {{containers: [{{name: db, image: "postgres:17"}}]}}
  volumeClaimTemplates:
    - metadata: {{name: data}}
      spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: {size}}}}}}}
"""


DELETED = "persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Retain}"
JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: wiki}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: a, image: "migrate:1"}]}
"""


def crd(*versions: str) -> str:
    listed = "".join(
        f"    - {{name: {name}, served: true, storage: {str(name == versions[-1]).lower()}, "
        f"schema: {{openAPIV3Schema: {{type: object}}}}}}\n"
        for name in versions
    )
    return f"""\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: pages.example.org}}
spec:
  group: example.org
  scope: Namespaced
  names: {{kind: Page, plural: pages}}
  versions:
{listed}"""


def rendered(root: Path) -> Render:
    with Workspace(root, options=Options(workers=1)) as workspace:
        return workspace.render()


def told(root: Path, before: dict[str, str], after: dict[str, str], extra: str = "") -> list[Remain]:
    """What remains when `apps` goes from one set of files to the other and back."""
    sides = []
    for number, files in enumerate((before, after)):
        place = root / str(number)
        listed = "".join(f"\n- {name}" for name in sorted(files)) or " []"
        write_repository(
            place, {APPS: kustomization("apps", "./apps", extra).replace("  prune: true\n", "", bool(extra))}
        )
        write_repository(place, {"apps/kustomization.yaml": f"resources:{listed}\n"})
        write_repository(place, {f"apps/{name}": text for name, text in files.items()})
        sides.append(rendered(place))
    return list(remaining(compare(*sides), *sides))


def words(found: list[Remain]) -> list[tuple[str, str]]:
    return [(item.kind.value, str(item.object)) for item in found]


def test_a_claim_that_is_pruned_loses_its_data_as_its_class_says(repository: Path) -> None:
    found = told(repository / "a", {"class.yaml": CLASS}, {"class.yaml": CLASS, "claim.yaml": claim()})
    assert words(found) == [("lost", "PersistentVolumeClaim/wiki/data")]
    assert found[0].reason == "it is deleted, and class fast deletes the volume with its data"
    assert (found[0].file, found[0].line) == ("apps/claim.yaml", 1)
    retained = {"class.yaml": f"{CLASS}reclaimPolicy: Retain\n"}
    [found_retained] = told(repository / "b", retained, {**retained, "claim.yaml": claim()})
    assert "class fast retains the volume" in found_retained.reason
    [nowhere] = told(repository / "c", {}, {"claim.yaml": claim()})
    assert "unless class fast, which Git does not have, retains volumes" in nowhere.reason


@pytest.mark.parametrize(
    ("annotation", "extra", "reason"),
    [
        (", annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}", "", "Flux is told to keep it"),
        ("", "prune: false", "ks/flux-system/apps has no `prune: true`: it deletes nothing"),
    ],
)
def test_what_nothing_prunes_stays_and_has_a_command(
    repository: Path, annotation: str, extra: str, reason: str
) -> None:
    found = told(repository, {}, {"claim.yaml": claim(extra=annotation)}, extra)
    assert words(found) == [("stays", "PersistentVolumeClaim/wiki/data")]
    assert found[0].reason.startswith(reason)
    assert found[0].command == "kubectl delete persistentvolumeclaim data --namespace wiki"


def test_the_claims_of_a_stateful_set_stay_unless_it_or_the_namespace_says_otherwise(repository: Path) -> None:
    here = {"namespace.yaml": NAMESPACE}
    found = told(repository / "a", here, {**here, "db.yaml": stateful_set()})
    assert words(found) == [("stays", "PersistentVolumeClaim/wiki/data-db-0")]
    assert found[0].command == "kubectl delete persistentvolumeclaim data-db-0 --namespace wiki"
    found = told(repository / "b", here, {**here, "db.yaml": stateful_set(DELETED)})
    assert words(found) == [("lost", "PersistentVolumeClaim/wiki/data-db-0")]
    found = told(repository / "c", {}, {**here, "db.yaml": stateful_set()})
    assert words(found) == [("lost", "Namespace/wiki"), ("lost", "PersistentVolumeClaim/wiki/data-db-0")]
    assert found[1].reason.startswith("it goes with its Namespace")


def test_a_namespace_and_a_definition_take_everything_along(repository: Path) -> None:
    found = told(repository, {}, {"namespace.yaml": NAMESPACE, "crd.yaml": crd("v1")})
    assert words(found) == [("lost", "Namespace/wiki"), ("lost", "CustomResourceDefinition/pages.example.org")]


def test_a_job_that_ran_stays_done(repository: Path) -> None:
    assert words(told(repository, {}, {"job.yaml": JOB})) == [("done", "Job/wiki/migrate")]
    found = told(repository / "b", {"job.yaml": JOB}, {"job.yaml": JOB.replace("migrate:1", "migrate:2")})
    assert words(found) == [("refused", "Job/wiki/migrate"), ("done", "Job/wiki/migrate")]


def test_what_was_removed_comes_back_empty(repository: Path) -> None:
    files = {"namespace.yaml": NAMESPACE, "claim.yaml": claim(), "crd.yaml": crd("v1"), "db.yaml": stateful_set()}
    assert words(told(repository / "a", files, {})) == [
        ("lost", "Namespace/wiki"),
        ("lost", "PersistentVolumeClaim/wiki/data"),
        ("lost", "CustomResourceDefinition/pages.example.org"),
    ]
    assert words(told(repository / "b", {"claim.yaml": claim()}, {}, "prune: false")) == []


def test_what_cannot_be_changed_back_is_refused(repository: Path) -> None:
    found = told(repository / "a", {"claim.yaml": claim("1Gi")}, {"claim.yaml": claim("1.5Gi")})
    assert [(item.kind.value, item.reason) for item in found] == [("refused", "a claim that has grown cannot shrink")]
    assert told(repository / "b", {"claim.yaml": claim("1Gi")}, {"claim.yaml": claim("1024Mi")}) == []
    [found_set] = told(repository / "c", {"db.yaml": stateful_set()}, {"db.yaml": stateful_set(size="2Gi")})
    assert "spec.volumeClaimTemplates" in found_set.reason
    [found_crd] = told(repository / "d", {"crd.yaml": crd("v1")}, {"crd.yaml": crd("v1", "v2")})
    assert "stored as v2" in found_crd.reason


def test_what_a_chart_makes_goes_as_helm_deletes_it(repository: Path) -> None:
    template = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {password: '{{ randAlphaNum 20 }}'}\n---\n"
        "apiVersion: v1\nkind: PersistentVolumeClaim\n"
        "metadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}\n"
        "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n"
    )
    for number in range(2):
        chart = {"charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n"}
        chart |= {"charts/app/templates/a.yaml": template}
        chart |= {"charts/app/crds/crd.yaml": crd("v1")}
        write_repository(repository / str(number), chart)
    found = told(repository, {}, {"release.yaml": helm_release("app", "wiki", "./charts/app")})
    assert words(found) == [
        ("lost", "Secret/wiki/login"),
        ("stays", "PersistentVolumeClaim/wiki/kept"),
        ("stays", "CustomResourceDefinition/pages.example.org"),
    ]
    assert found[0].reason == "where chart app generates values, they are others the next time"
    assert found[2].command == "kubectl delete customresourcedefinition.apiextensions.k8s.io pages.example.org"


def test_what_a_release_made_stays_with_a_release_that_nothing_prunes(repository: Path) -> None:
    template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    for number in range(2):
        chart = {"charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n"}
        write_repository(repository / str(number), {**chart, "charts/app/templates/a.yaml": template})
    found = told(repository, {}, {"release.yaml": helm_release("app", "wiki", "./charts/app")}, "prune: false")
    assert words(found) == [("stays", "ConfigMap/wiki/a"), ("stays", "HelmRelease/wiki/app")]
    assert found[0].reason.startswith("hr/wiki/app stays: ks/flux-system/apps has no `prune: true`")


def test_a_sealed_secret_comes_back_and_the_secret_of_a_certificate_stays(repository: Path) -> None:
    sealed = (
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: login, namespace: wiki}\n"
        "spec: {encryptedData: {password: AgA1}}\n"
    )
    certificate = (
        "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: tls, namespace: wiki}\n"
        "spec: {secretName: wiki-tls, dnsNames: [wiki.example.org], issuerRef: {name: ca}}\n"
    )
    found = told(repository, {}, {"login.yaml": sealed, "tls.yaml": certificate})
    assert [(item.kind.value, str(item.object), item.command) for item in found] == [
        ("stays", "Certificate/wiki/tls", "kubectl delete secret wiki-tls --namespace wiki")
    ]


def test_of_a_unit_without_a_result_nobody_can_tell(repository: Path) -> None:
    broken = {"namespace.yaml": NAMESPACE, "claim.yaml": claim(), "broken.yaml": "a: [\n"}
    found = told(repository, {"namespace.yaml": NAMESPACE}, broken)
    assert words(found) == [("unknown", "Namespace/wiki"), ("unknown", "Kustomization/flux-system/apps")]
    assert "ks/flux-system/apps is failed" in found[0].reason
    assert found[1].reason.startswith("what it makes is not known (failed: ")
