"""Two renders side by side."""

from __future__ import annotations

from typing import Any

import pytest

from elysium.compare import Category, Change, Comparison, Difference, compare, described
from elysium.model import ObjectId
from tests.compare.renders import made, manifest, render, unit, unit_id

POD = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "app", "image": "nginx:1"}]}}


def one(before: list[Any], after: list[Any]) -> Difference:
    """The only difference between what `apps` makes on each side."""
    found = between(before, after).objects
    assert len(found) == 1, found
    return found[0]


def between(before: list[Any], after: list[Any]) -> Comparison:
    return compare(render(unit("apps", *map(made, before))), render(unit("apps", *map(made, after))))


def stateful_set(replicas: int = 1, size: str = "1Gi", **template: Any) -> dict[str, Any]:
    claim = {"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": size}}, **template}}
    spec = {"replicas": replicas, "template": POD, "serviceName": "db", "volumeClaimTemplates": [claim]}
    return manifest("StatefulSet", "db", api="apps/v1", spec=spec)


def test_what_comes_and_goes_is_named_with_where_it_is_made() -> None:
    service = manifest("Service", "db", spec={"ports": [{"port": 5432, "name": "sql"}]})
    added = one([], [service])
    assert (added.change, added.category) == (Change.ADDED, Category.SERVICE)
    assert added.object == ObjectId("", "Service", "db", "db")
    assert added.after.units == (unit_id("apps"),)
    assert added.item is not None
    assert added.item.origin.file == "apps.yaml"
    assert described(added) == "Service/db/db is added: ClusterIP, port 5432/TCP (sql)"
    assert one([service], []).change is Change.REMOVED


def test_a_change_says_which_fields() -> None:
    found = one([manifest("ConfigMap", "a", data={"x": "1"})], [manifest("ConfigMap", "a", data={"x": "2"})])
    assert [(item.path, item.before, item.after) for item in found.fields] == [("data.x", '"1"', '"2"')]
    assert described(found) == 'ConfigMap/db/a changes: data.x "1" → "2"'


@pytest.mark.parametrize("state", ["failed", "unknown", "suspended"])
def test_what_a_unit_without_a_result_makes_is_unknown_and_not_deleted(state: str) -> None:
    good = render(unit("apps", made(manifest("Namespace", "db", namespace=""))))
    found = compare(good, render(unit("apps", state=state)))
    [difference] = found.objects
    assert difference.change is Change.UNKNOWN
    assert "apps is broken" in difference.after.unknown
    assert "apps is broken" in described(difference)
    assert [str(item.unit) for item in found.unknown] == ["ks/flux-system/apps"]
    assert not found.certain


def test_what_is_below_a_unit_without_a_result_is_unknown_too() -> None:
    child = unit("child", made(manifest("Service", "db"), "child"), parent=unit_id("apps"))
    found = compare(render(unit("apps"), child), render(unit("apps", state="failed")))
    assert [item.change for item in found.objects] == [Change.UNKNOWN]
    assert "ks/flux-system/apps, which makes ks/flux-system/child, is failed" in found.objects[0].after.unknown
    states = {item.unit.name: (item.before, item.after) for item in found.units}
    assert states == {"apps": ("rendered", "failed"), "child": ("rendered", "unknown")}


def test_a_unit_that_is_taken_away_takes_its_objects_along() -> None:
    child = unit("child", made(manifest("Service", "db"), "child"), parent=unit_id("apps"), depends_on=(unit_id("a"),))
    found = compare(render(unit("apps"), child), render(unit("apps")))
    assert [item.change for item in found.objects] == [Change.REMOVED]
    assert [(item.before, item.after) for item in found.units] == [("rendered", "")]
    assert [(str(item), item.change) for item in found.dependencies] == [
        ("dependency:ks/flux-system/child>ks/flux-system/a", Change.REMOVED)
    ]


def test_an_object_that_another_unit_makes_has_moved() -> None:
    body = manifest("Service", "db")
    before, after = render(unit("a", made(body, "a"))), render(unit("b", made(body, "b")))
    [found] = compare(before, after).objects
    assert (found.change, found.moves) == (Change.MOVED, True)
    assert described(found).endswith("ks/flux-system/a → ks/flux-system/b")


def test_a_unit_that_builds_again_what_another_builds_is_no_change_of_the_object() -> None:
    body = manifest("ConfigMap", "a", data={"x": "1"})
    other = manifest("ConfigMap", "a", data={"x": "2"})
    before = render(unit("a", made(body, "a")))
    after = render(unit("a", made(body, "a")), unit("b", made(other, "b")))
    [found] = compare(before, after).objects
    assert (found.change, found.fields) == (Change.MOVED, ())


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        (
            manifest("Deployment", "a", api="apps/v1", spec={"selector": {"matchLabels": {"a": "b"}}}),
            manifest("Deployment", "a", api="apps/v1", spec={"selector": {"matchLabels": {"a": "c"}}}),
            ("spec.selector.matchLabels.a",),
        ),
        (
            manifest("Job", "a", api="batch/v1", spec={"template": POD, "parallelism": 1}),
            manifest("Job", "a", api="batch/v1", spec={"template": {**POD, "x": 1}, "parallelism": 2}),
            ("spec.template.x",),
        ),
        (
            manifest("Service", "a", spec={"clusterIP": "10.0.0.1"}),
            manifest("Service", "a", spec={"clusterIP": "None"}),
            ("spec.clusterIP",),
        ),
        (
            manifest("Service", "a", spec={"clusterIP": "10.0.0.1"}),
            manifest("Service", "a", spec={"type": "ExternalName"}),
            (),
        ),
        (
            manifest("PersistentVolumeClaim", "a", spec={"storageClassName": "slow"}),
            manifest("PersistentVolumeClaim", "a", spec={"storageClassName": "fast"}),
            ("spec.storageClassName",),
        ),
        (
            manifest("PersistentVolumeClaim", "a", spec={"resources": {"requests": {"storage": "1Gi"}}}),
            manifest("PersistentVolumeClaim", "a", spec={"resources": {"requests": {"storage": "2Gi"}}}),
            (),
        ),
        (
            manifest("ConfigMap", "a", immutable=True, data={"x": "1"}),
            manifest("ConfigMap", "a", immutable=True, data={"x": "2"}),
            ("data.x",),
        ),
        (stateful_set(size="1Gi"), stateful_set(size="2Gi"), ("spec.volumeClaimTemplates",)),
    ],
)
def test_what_cannot_be_changed_is_made_anew(before: dict[str, Any], after: dict[str, Any], paths: Any) -> None:
    found = one([before], [after])
    assert found.change is (Change.RECREATED if paths else Change.CHANGED)
    assert len(found.immutable) == len(paths)
    assert all(path.startswith(wanted) for path, wanted in zip(found.immutable, paths, strict=True))


def test_the_claims_of_a_stateful_set_come_with_it_and_with_its_pods() -> None:
    found = between([], [stateful_set(2)]).objects
    assert [(str(item.object), item.change) for item in found if item.owner] == [
        ("PersistentVolumeClaim/db/data-db-0", Change.ADDED),
        ("PersistentVolumeClaim/db/data-db-1", Change.ADDED),
    ]
    assert {item.category for item in found if item.owner} == {Category.VOLUME}
    scaled = between([stateful_set(1)], [stateful_set(2)]).objects
    assert [str(item.object) for item in scaled if item.owner] == ["PersistentVolumeClaim/db/data-db-1"]
    assert len(between([], [stateful_set(10**12)]).objects) < 100


def test_a_generated_name_with_another_hash_is_a_rename() -> None:
    generated = {"unit": "apps", "generator": "ConfigMapGenerator"}
    before = made(manifest("ConfigMap", "settings-4h2mbtbbt6", data={"a": "1"}), **generated)
    after = made(manifest("ConfigMap", "settings-t2tg9k2fhf", data={"a": "2"}), **generated)
    [found] = compare(render(unit("apps", before)), render(unit("apps", after))).objects
    assert found.change is Change.RENAMED
    assert (found.object.name, found.was and found.was.name) == ("settings-t2tg9k2fhf", "settings-4h2mbtbbt6")
    assert [item.path for item in found.fields] == ["data.a"]
    by_hand = between([manifest("ConfigMap", before.name)], [manifest("ConfigMap", after.name)]).objects
    assert {item.change for item in by_hand} == {Change.ADDED, Change.REMOVED}


def test_ciphertext_alone_says_nothing() -> None:
    def sealed(**data: str) -> dict[str, Any]:
        return manifest("SealedSecret", "login", api="bitnami.com/v1alpha1", spec={"encryptedData": data})

    assert one([sealed(a="AgA1")], [sealed(a="AgB2")]).change is Change.RESEALED
    changed = one([sealed(a="AgA1")], [sealed(a="AgA1", b="AgB2")])
    assert changed.change is Change.CHANGED
    assert described(changed) == "SealedSecret/db/login changes: spec.encryptedData.b"
    added = one([], [sealed(a="AgA1")])
    assert added.produces == ObjectId("", "Secret", "db", "login")
    assert "AgA1" not in described(added)


def test_images_and_units_are_compared() -> None:
    def deployment(image: str) -> dict[str, Any]:
        pod = {"spec": {"containers": [{"name": "app", "image": image}]}}
        return manifest("Deployment", "web", api="apps/v1", spec={"template": pod})

    found = between([deployment("nginx:1")], [deployment("nginx:2")])
    assert [(item.image, item.change) for item in found.images] == [
        ("nginx:1", Change.REMOVED),
        ("nginx:2", Change.ADDED),
    ]
    assert found.images[0].users == (ObjectId("apps", "Deployment", "db", "web"),)


def test_a_dependency_of_a_unit_without_a_result_is_unknown_only_where_it_is_not_said() -> None:
    before = render(unit("apps", depends_on=(unit_id("a"), unit_id("b"))))
    after = render(unit("apps", state="failed", depends_on=(unit_id("a"),)))
    assert [(str(item.target), item.change) for item in compare(before, after).dependencies] == [
        ("ks/flux-system/b", Change.UNKNOWN)
    ]


def test_a_unit_that_is_unknown_on_both_sides_says_whether_its_definition_is_the_same() -> None:
    group = "kustomize.toolkit.fluxcd.io/v1"
    definition = made(manifest("Kustomization", "apps", api=group, namespace="flux-system"), "flux-system")
    side = render(unit("apps", state="unknown"), root=[definition])
    found = compare(side, side)
    assert not found
    assert [(item.unit.name, item.same) for item in found.unknown] == [("apps", True)]
    found = compare(render(unit("apps", state="unknown")), side)
    assert [(item.unit.name, item.same) for item in found.unknown] == [("apps", False)]
