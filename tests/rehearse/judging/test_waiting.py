"""Deadlocks are told where they begin; who waits behind them names that place. Nobody is forgotten, nothing loops."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from elysium.model import ObjectId, UnitId, UnitKind
from elysium.rehearse.judging.waiting import Awaited, Waiting, stuck
from elysium.rehearse.judging.world import Placed
from elysium.rehearse.types import Phase, WorkloadState, WorkloadVerdict

WEB = ObjectId("apps", "Deployment", "web", "web")
ACCOUNT = ObjectId("", "ServiceAccount", "web", "web")


def unit(name: str) -> UnitId:
    return UnitId("clusters/test", UnitKind.KUSTOMIZATION, "flux-system", name)


def waits(name: str, *on: str, **more: object) -> Waiting:
    return Waiting(unit=unit(name), on_units=tuple(unit(item) for item in on), **more)  # type: ignore[arg-type]


def told(*items: Waiting, places: dict[ObjectId, Placed] | None = None, **more: object) -> dict[str, str]:
    verdicts = stuck({item.unit: item for item in items}, Phase.HEAD, places or {}, **more)  # type: ignore[arg-type]
    assert all(item.state is WorkloadState.NEVER_READY for item in verdicts)
    return {item.object.name: item.message for item in verdicts}


def test_who_waits_behind_a_refused_unit_names_it() -> None:
    messages = told(
        waits("infra", refused=True, reason='namespaces "nowhere" not found'),
        waits("apps", "data"),
        waits("data", "infra"),
    )
    assert messages == {
        "data": "ks/flux-system/data waits for ks/flux-system/infra, which is refused",
        "apps": (
            "ks/flux-system/apps waits for ks/flux-system/data, which waits for ks/flux-system/infra, which is refused"
        ),
    }


def test_a_unit_that_cannot_go_on_is_told_although_no_object_of_it_is_refused() -> None:
    reason = "timeout waiting for: [Namespace/shop status: 'Terminating']"
    assert told(waits("shop", refused=True, whole=True, reason=reason)) == {
        "shop": f"ks/flux-system/shop cannot be applied: {reason}"
    }


def test_a_cycle_is_told_once() -> None:
    messages = told(waits("a", "b"), waits("b", "c"), waits("c", "a"), waits("d", "c"))
    assert messages["a"] == (
        "ks/flux-system/a waits for ks/flux-system/b, which waits for ks/flux-system/c,"
        " which waits for ks/flux-system/a: a deadlock"
    )
    assert messages["b"].startswith("ks/flux-system/b is in the deadlock of ks/flux-system/a: waits for")
    assert messages["d"] == "ks/flux-system/d waits for ks/flux-system/c, which never becomes ready"


def test_a_unit_that_depends_on_itself_is_a_deadlock() -> None:
    assert told(waits("a", "a"))["a"] == "ks/flux-system/a waits for ks/flux-system/a: a deadlock"


def test_a_tier_that_waits_for_what_a_later_tier_brings() -> None:
    trouble = WorkloadVerdict(
        phase=Phase.HEAD,
        object=WEB,
        state=WorkloadState.REFUSED,
        message='error looking up service account web/web: serviceaccount "web" not found',
    )
    messages = told(
        waits("platform", on_objects=(Awaited(object=WEB, status="InProgress", message="Available: 0/1"),)),
        waits("accounts", "platform"),
        places={ACCOUNT: Placed(unit=unit("accounts"))},
        troubles=[trouble],
    )
    assert messages["platform"] == (
        "ks/flux-system/platform waits for Deployment/web/web (error looking up service account web/web: serviceaccount"
        ' "web" not found), and ServiceAccount/web/web comes with ks/flux-system/accounts, which waits for'
        " ks/flux-system/platform: a deadlock"
    )
    assert messages["accounts"].startswith("ks/flux-system/accounts is in the deadlock of ks/flux-system/platform")


def test_a_refused_tier_whose_definition_a_later_tier_brings() -> None:
    definition = ObjectId("apiextensions.k8s.io", "CustomResourceDefinition", "", "widgets.example.com")
    messages = told(
        waits("infra", refused=True, reason='no matches for kind "Widget" in version "example.com/v1"'),
        waits("apps", "infra"),
        places={definition: Placed(unit=unit("apps"))},
    )
    assert "CustomResourceDefinition/widgets.example.com comes with ks/flux-system/apps" in messages["infra"]
    assert messages["infra"].endswith(": a deadlock")


def test_a_source_that_a_later_tier_makes() -> None:
    settings = ObjectId("", "ConfigMap", "flux-system", "settings")
    messages = told(
        waits("infra", on_objects=(Awaited(object=settings, status="NotFound"),)),
        waits("apps", "infra"),
        places={settings: Placed(unit=unit("apps"))},
    )
    assert messages["infra"] == (
        "ks/flux-system/infra waits for ConfigMap/flux-system/settings, which comes with ks/flux-system/apps, which"
        " waits for ks/flux-system/infra: a deadlock"
    )
    alone = told(waits("infra", on_objects=(Awaited(object=settings, status="NotFound"),)))
    assert alone["infra"] == "ks/flux-system/infra waits for ConfigMap/flux-system/settings: it is not there"


def test_a_dependency_that_is_missing_is_not_one_that_is_suspended() -> None:
    messages = told(waits("a", "gone"), waits("b", "paused"), suspended=frozenset({unit("paused")}))
    assert messages["a"] == "ks/flux-system/a depends on ks/flux-system/gone, which does not exist"
    assert messages["b"] == "ks/flux-system/b waits for ks/flux-system/paused, which is suspended"


def test_a_unit_is_not_made_when_its_parent_is_refused() -> None:
    messages = told(waits("parent", refused=True, reason="no"), waits("child", parent=unit("parent")))
    assert messages["child"] == "ks/flux-system/child is created by ks/flux-system/parent, which is refused"


def test_the_place_is_where_the_unit_is_written() -> None:
    identity = ObjectId("kustomize.toolkit.fluxcd.io", "Kustomization", "flux-system", "a")
    place = Placed(unit=unit("flux-system"), file="clusters/test/apps.yaml", line=7)
    [verdict] = stuck({unit("a"): waits("a", "gone")}, Phase.BASE, {identity: place})
    assert (verdict.unit, verdict.file, verdict.line, verdict.object) == (unit("a"), place.file, 7, identity)


NAMES = [f"u{number}" for number in range(7)]


@st.composite
def graphs(draw: st.DrawFn) -> dict[UnitId, Waiting]:
    items = {}
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        parent = draw(st.none() | st.sampled_from(NAMES))
        items[unit(name)] = waits(
            name,
            *draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True)),
            refused=draw(st.booleans()),
            reason=draw(st.sampled_from(["", 'serviceaccount "web" not found', "no"])),
            parent=unit(parent) if parent else None,
            on_objects=draw(st.sampled_from([(), (Awaited(object=WEB, message='serviceaccount "web" not found'),)])),
        )
    return items


@given(graphs(), st.randoms(use_true_random=False))
def test_every_unit_is_told_once_in_any_order(waiting: dict[UnitId, Waiting], random: object) -> None:
    places = {ACCOUNT: Placed(unit=unit("u0"))}
    verdicts = stuck(waiting, Phase.HEAD, places)
    told = [item.unit for item in verdicts]
    assert told == sorted(set(told))
    assert set(told) <= set(waiting)
    assert all(waiting[other].refused for other in set(waiting) - set(told)), "only what is refused is told elsewhere"
    assert all(str(item.unit) in item.message for item in verdicts)
    shuffled = list(waiting.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert stuck(dict(shuffled), Phase.HEAD, places) == verdicts
