"""Which findings are the same at another time."""

from __future__ import annotations

import msgspec
import pytest

from elysium.check.identity import difference, of_finding, renamed
from elysium.model import Finding, ObjectReference, Severity, UnitId, UnitKind

FINDING = Finding(
    rule="schema",
    severity=Severity.ERROR,
    message="Deployment/web/shop: spec.template.spec.containers[0].ports: it is no list",
    object=ObjectReference(api_version="apps/v1", kind="Deployment", namespace="web", name="shop"),
    cluster="clusters/one",
    file="apps/shop.yaml",
    line=12,
)


def changed(**fields: object) -> Finding:
    return msgspec.structs.replace(FINDING, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"line": 99},
        {"cluster": "clusters/two"},
        {"severity": Severity.WARNING},
        {"message": FINDING.message.replace("[0]", "[3]")},
        {"hint": "another hint"},
        {"object": msgspec.structs.replace(FINDING.object, api_version="apps/v1beta1")},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_where_it_stands_makes_no_other_finding(fields: dict[str, object]) -> None:
    assert of_finding(changed(**fields)) == of_finding(FINDING)


@pytest.mark.parametrize(
    "fields",
    [{"rule": "values-schema"}, {"message": "another"}, {"file": "apps/other.yaml"}, {"object": None}],
    ids=lambda fields: next(iter(fields)),
)
def test_what_it_says_makes_another_finding(fields: dict[str, object]) -> None:
    assert of_finding(changed(**fields)) != of_finding(FINDING)


def test_lines_within_a_message_do_not_count() -> None:
    one = changed(message="line 3: did not find expected key (apps/shop.yaml:3)")
    two = changed(message="line 14: did not find expected key (apps/shop.yaml:14)")
    assert of_finding(one) == of_finding(two)


def test_what_a_chart_makes_is_one_finding_for_a_release() -> None:
    unit = UnitId("clusters/one", UnitKind.HELM_RELEASE, "web", "shop")
    fields = {"chart": "shop", "unit": unit, "severity": Severity.WARNING}
    one = changed(message="Deployment/web/shop has no limits", **fields)
    two = changed(message="Deployment/web/cache has no limits", **fields)
    assert of_finding(one) == of_finding(two)
    assert of_finding(one) != of_finding(changed(message="Deployment/web/shop has no limits"))


def test_the_number_of_equal_ones_counts() -> None:
    found = difference([FINDING, FINDING, changed(line=40)], [of_finding(FINDING)])
    assert len(found.known) == 1
    assert len(found.new) == 2
    assert found.gone == ()
    assert difference([], [of_finding(FINDING)] * 2).gone == (of_finding(FINDING),) * 2


def test_an_object_that_moves_takes_its_findings_along() -> None:
    moved = changed(file="apps/base/shop.yaml")
    found = difference([moved], [of_finding(FINDING)])
    assert (found.new, found.gone) == ((), ())
    without_object = [changed(object=None, file=name) for name in ("a.yaml", "b.yaml")]
    assert difference(without_object[1:], [of_finding(without_object[0])]).new == (without_object[1],)
    assert renamed(of_finding(without_object[0]), {"a.yaml": "b.yaml"}) == of_finding(without_object[1])
