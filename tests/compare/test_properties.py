"""What holds for any two renders."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from elysium.compare import compare, described, described_dependency, described_image
from elysium.model import Render, Unit
from tests.compare.renders import made, manifest, render, unit, unit_id

KINDS = [
    ("v1", "ConfigMap"),
    ("v1", "Service"),
    ("v1", "Secret"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "Deployment"),
    ("bitnami.com/v1alpha1", "SealedSecret"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "Namespace"),
    ("batch/v1", "Job"),
    ("cert-manager.io/v1", "Certificate"),
    ("external-secrets.io/v1", "ExternalSecret"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("networking.k8s.io/v1", "Ingress"),
]
UNITS = ("a", "b", "c")
LEAVES = st.sampled_from(["1", "2", None, 3, ["x"], [{"name": "x", "v": 1}, {"name": "y"}]])
SIZES: list[Any] = ["1Gi", "2Gi", "x", 3, [], None]
ANNOTATIONS = LEAVES | st.just({"kustomize.toolkit.fluxcd.io/prune": "disabled"})
SPECS = st.fixed_dictionaries(
    {},
    optional={
        "clusterIP": st.sampled_from(["None", "10.0.0.1"]),
        "selector": LEAVES,
        "replicas": st.integers(-1, 3),
        "volumeClaimTemplates": st.sampled_from([[{"metadata": {"name": "data"}}], [{"metadata": {"name": "x"}}], [3]]),
        "encryptedData": st.dictionaries(st.sampled_from("ab"), st.sampled_from(["A", "B"])),
        "ports": LEAVES | st.just([{"port": {}, "nodePort": "x"}]),
        "rules": LEAVES,
        "versions": LEAVES | st.just([{"name": "v1", "storage": True}]),
        "resources": LEAVES | st.sampled_from([{"requests": {"storage": size}} for size in SIZES]),
        "persistentVolumeClaimRetentionPolicy": LEAVES | st.just({"whenDeleted": "Delete"}),
        "template": st.sampled_from([{"spec": {"containers": [{"name": "c", "image": "i:1"}]}}, {"spec": 1}, []]),
    },
)


@st.composite
def units(draw: st.DrawFn, name: str) -> Unit:
    objects = []
    for _ in range(draw(st.integers(0, 3))):
        api, kind = draw(st.sampled_from(KINDS))
        stem, hashed = draw(st.sampled_from(["x", "y"])), draw(st.sampled_from(["", "-4h2mbtbbt6", "-t2tg9k2fhf"]))
        body = manifest(kind, stem + hashed, api=api, spec=draw(SPECS | LEAVES), data=draw(LEAVES))
        body["metadata"]["annotations"] = draw(ANNOTATIONS)
        if draw(st.booleans()):
            body["immutable"] = True
        objects.append(made(body, name, generator="ConfigMapGenerator" if hashed else ""))
    distinct = tuple({item.id: item for item in objects}.values())
    state = draw(st.sampled_from(["rendered", "rendered", "failed", "unknown", "suspended"]))
    parents = [unit_id("flux-system"), *(unit_id(other) for other in UNITS if other < name)]
    return unit(
        name,
        *(distinct if state == "rendered" else ()),
        state=state,
        parent=draw(st.sampled_from(parents)),
        depends_on=tuple(map(unit_id, draw(st.sets(st.sampled_from(UNITS))))),
    )


@st.composite
def renders(draw: st.DrawFn) -> Render:
    return render(*(draw(units(name)) for name in draw(st.sets(st.sampled_from(UNITS)))))


@given(renders())
def test_a_render_does_not_differ_from_itself(one: Render) -> None:
    assert not compare(one, one)


@given(renders(), renders())
def test_the_other_direction_is_the_mirror_image(one: Render, other: Render) -> None:
    assert compare(one, other).mirrored == compare(other, one)
    assert compare(one, other).mirrored.mirrored == compare(one, other)


@given(renders(), renders(), st.randoms(use_true_random=False))
def test_order_does_not_matter(one: Render, other: Render, random: Random) -> None:
    mixed = []
    for item in one.units:
        objects = list(item.objects)
        random.shuffle(objects)
        mixed.append(msgspec.structs.replace(item, objects=tuple(objects)))
    random.shuffle(mixed)
    assert compare(msgspec.structs.replace(one, units=tuple(mixed)), other) == compare(one, other)


@given(renders(), renders())
def test_nothing_is_deleted_by_a_unit_without_a_result(one: Render, other: Render) -> None:
    broken = {item.id for item in other.units if item.failure}
    for difference in compare(one, other).objects:
        if difference.change.value == "removed":
            assert not broken & set(difference.before.units)


@given(renders(), renders())
def test_every_difference_can_be_told_in_one_line(one: Render, other: Render) -> None:
    found = compare(one, other)
    told = [described(item) for item in found.objects]
    told += [described_dependency(item) for item in found.dependencies]
    told += [described_image(item) for item in found.images]
    assert all(text and "\n" not in text for text in told)
