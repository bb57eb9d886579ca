"""There and back again: what a way back restores, what Git or Kubernetes keeps on purpose, and what is lost."""

from __future__ import annotations

from pathlib import Path

from elysium.api import RehearsalOptions, Workspace
from elysium.rehearse import Phase, Rehearsal
from elysium.rehearse.judging import exit_code
from tests.gitting import commit
from tests.repositories import CLUSTER, kustomization, write_repository

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"
CONFIGURATION = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: site, namespace: web}\ndata: {color: blue}\n"
CLAIM = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: files
  namespace: web
  annotations: {kustomize.toolkit.fluxcd.io/force: enabled}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: fast
  resources: {requests: {storage: 1Gi}}
"""
DATABASE = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: database, namespace: web}
spec:
  serviceName: database
  selector: {matchLabels: {app: database}}
  template:
    metadata: {labels: {app: database}}
    spec:
      containers: [{name: database, image: "registry.example.org/database:1.0.0"}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""
KEPT = CONFIGURATION.replace("name: site, namespace: web", "name: kept, namespace: web, annotations: {KEEP: disabled}")
SETTINGS = f'kubernetes = "1.36"\n[cluster."{CLUSTER}"]\nstorage-classes = ["standard", "fast"]\n'


def there_and_back(root: Path, *heads: dict[str, str]) -> Rehearsal:
    """A rehearsal from a Namespace with a ConfigMap and a claim to a head, and back."""
    root.mkdir()
    files = {f"{CLUSTER}/web.yaml": kustomization("web", "./apps/web"), "apps/web/namespace.yaml": NAMESPACE}
    write_repository(root, {**files, "elysium.toml": SETTINGS, "apps/web/site.yaml": CONFIGURATION})
    write_repository(root, {"apps/web/claim.yaml": CLAIM})
    commit(root)
    for head in heads:
        write_repository(root, head)
    with Workspace(root) as workspace:
        return workspace.rehearse("HEAD", options=RehearsalOptions(rollback=True))


def test_what_changed_comes_back_and_what_was_added_goes(tmp_path: Path) -> None:
    found = there_and_back(
        tmp_path / "home",
        {
            "apps/web/site.yaml": CONFIGURATION.replace("blue", "green"),
            "apps/web/more.yaml": CONFIGURATION.replace("name: site", "name: more"),
        },
    )
    assert (found.summary.leftovers, exit_code(found)) == ((), 0)
    back = {str(item.object): item.action.value for item in found.verdicts if item.phase is Phase.ROLLBACK}
    assert back["ConfigMap/web/site"] == "configured"
    assert back["ConfigMap/web/more"] == "pruned"


def test_what_is_kept_on_purpose_is_listed_for_cleaning_up_and_is_no_failure(tmp_path: Path) -> None:
    kept = KEPT.replace("KEEP", "kustomize.toolkit.fluxcd.io/prune")
    found = there_and_back(tmp_path / "home", {"apps/web/database.yaml": DATABASE, "apps/web/kept.yaml": kept})
    left = "\n".join(found.summary.leftovers)
    assert "PersistentVolumeClaim/web/data-database-0 stays: claims that a StatefulSet made stay" in left
    assert "ConfigMap/web/kept stays: kustomize.toolkit.fluxcd.io/prune: disabled keeps it" in left
    assert (len(found.summary.leftovers), found.summary.unrestored, exit_code(found)) == (2, 0, 0)


def test_a_claim_that_was_made_anew_does_not_come_back(tmp_path: Path) -> None:
    found = there_and_back(
        tmp_path / "home",
        {"apps/web/claim.yaml": CLAIM.replace("storageClassName: fast", "storageClassName: standard")},
    )
    head = {str(item.object): item for item in found.verdicts if item.phase is Phase.HEAD}
    assert head["PersistentVolumeClaim/web/files"].action.value == "recreated"
    assert "its data is gone" in head["PersistentVolumeClaim/web/files"].hint
    [lost] = found.summary.leftovers
    assert lost.startswith("PersistentVolumeClaim/web/files is another one: it was deleted and made anew")
    assert (found.summary.unrestored, exit_code(found)) == (1, 1)


def test_base_and_way_back_are_the_same_where_nothing_changes(tmp_path: Path) -> None:
    found = there_and_back(tmp_path / "home")
    for phase in Phase:
        actions = {item.action.value for item in found.verdicts if item.phase is phase}
        assert actions == ({"created"} if phase is Phase.BASE else {"unchanged"})
