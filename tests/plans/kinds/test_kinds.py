"""Which kinds of plans there are, and what a draft of each has."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elysium.errors import PlanError, UsageError
from elysium.plans import kinds
from elysium.plans.document import annotating
from elysium.plans.document.parsing import parse
from elysium.plans.kinds import KINDS
from elysium.plans.kinds.drafting import components_of, draft
from elysium.plans.kinds.ground import Ground
from elysium.plans.types import PartKind, Plan, Role
from elysium.scaffold import RepositoryFacts
from tests.plans.kinds.planning import linted

_FACTS = RepositoryFacts(cluster="home", project="shop", variables={"CLUSTER_DOMAIN": "shop.example.com"})
_OWNED = {"owner": "alice"}
_ANSWERS = {
    "infrastructure": _OWNED,
    "refactoring": {**_OWNED, "moves": "apps/base/wiki>apps/base/notes,docs/a.md>docs/b.md"},
    "preview-environments": {"owners": "repository=ann,cluster=bob"},
    "cluster-adoption": _OWNED,
    "custom": _OWNED,
}


def made(kind: str, **answers: str) -> Plan:
    ground = Ground(facts=_FACTS, commit="a" * 40, today="2026-11-21")
    return parse(draft(kind, "thing", ground, {**_ANSWERS[kind], **answers}), "PLAN.md")


def test_there_are_six_kinds() -> None:
    assert list(KINDS) == [
        "deploy-app",
        "infrastructure",
        "refactoring",
        "preview-environments",
        "cluster-adoption",
        "custom",
    ]
    assert all(name == kind.name and kind.summary.endswith(".") for name, kind in KINDS.items())


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("app", "deploy-app"),
        ("infra", "infrastructure"),
        ("Refactor", "refactoring"),
        ("previews", "preview-environments"),
    ],
)
def test_a_kind_has_short_names(word: str, name: str) -> None:
    assert kinds.find(word).name == name


def test_names_and_aliases_mean_one_kind_each() -> None:
    words = [word for kind in KINDS.values() for word in (kind.name, *kind.aliases)]
    assert len(words) == len(set(words))


def test_another_kind_is_refused_with_what_there_is() -> None:
    with pytest.raises(UsageError, match="no kind of plan 'refactr'") as caught:
        kinds.find("refactr")
    assert caught.value.hint == f"perhaps refactor; there are {', '.join(KINDS)}"


@pytest.mark.parametrize("kind", _ANSWERS)
def test_a_draft_has_no_finding_but_the_review(kind: str) -> None:
    assert linted(made(kind)) == []


@pytest.mark.parametrize("kind", _ANSWERS)
def test_a_draft_says_what_it_is(kind: str) -> None:
    plan = made(kind)
    assert (plan.kind, plan.name, plan.base, plan.created) == (kind, "thing", "a" * 40, "2026-11-21")
    assert plan.components == components_of(kind, "thing", _ANSWERS[kind]) or plan.components[0].line
    assert "<!--" not in annotating.without(plan.text)
    assert "<%" not in plan.text
    assert "\n\n\n" not in plan.text


@pytest.mark.parametrize("kind", _ANSWERS)
def test_every_item_of_a_draft_is_told_by_something_and_has_an_id_of_its_own(kind: str) -> None:
    for place in made(kind).places():
        item = place.item
        if item.role is not Role.NOTE and not item.title.startswith(("Functional: n/a", "Performance: n/a")):
            told = item.checks or item.manual or item.decision or item.deferred or item.impact
            assert told or place.section, item
            assert item.stated or place.section, item


@pytest.mark.parametrize("kind", [kind for kind in _ANSWERS if KINDS[kind].sections])
def test_a_draft_has_the_sections_steps_and_phases_of_its_kind(kind: str) -> None:
    parts = list(made(kind).all_parts())
    keys = {part.key for part in parts if part.kind is PartKind.SECTION}
    assert keys >= {section.key for section in KINDS[kind].sections if section.required}
    assert {part.number for part in parts if part.kind is PartKind.STEP} >= {each.number for each in KINDS[kind].steps}
    phases = {part.number: part for part in parts if part.kind is PartKind.PHASE}
    assert phases.keys() >= {each.number for each in KINDS[kind].phases}
    assert all(phases[each.number].optional == each.optional for each in KINDS[kind].phases)


def test_previews_have_two_owners_and_exit_criteria_in_every_phase() -> None:
    plan = made("preview-environments")
    phases = [part for part in plan.parts[0].parts if part.kind is PartKind.PHASE]
    assert [part.number for part in phases] == list("01234567")
    for phase in phases:
        owners = {item.owner for item in phase.items if item.role is Role.TASK}
        assert owners == {"ann", "bob"}
        assert any(item.role is Role.CRITERION for item in phase.items)
    assert phases[-1].optional
    assert all("preview.shop.example.com" in plan.text for _ in phases)


def test_owners_without_names_are_roles_and_no_person() -> None:
    text = draft("preview-environments", "thing", Ground(facts=_FACTS), {})
    assert "**Repository**" in text
    assert "**Cluster**" in text


@pytest.mark.parametrize("owners", ["ann", "ops=ann", "repository="])
def test_owners_that_are_none_are_refused(owners: str) -> None:
    with pytest.raises(UsageError, match="names no owner"):
        made("preview-environments", owners=owners)


def test_tls_is_open_until_somebody_decides() -> None:
    undecided = {place.item.id: place.item for place in made("preview-environments").places()}["P3.tls"]
    assert undecided.decision is not None
    assert undecided.decision.chosen == ""
    decided = {place.item.id: place.item for place in made("preview-environments", tls="edge").places()}["P3.tls"]
    assert decided.decision is not None
    assert decided.decision.chosen == "edge"
    with pytest.raises(UsageError, match="no way of TLS 'none'"):
        made("preview-environments", tls="none")


def test_adoption_has_decimal_phases_marks_order_completion_and_deferred_work() -> None:
    plan = made("cluster-adoption", charts="api,web", worker="queue")
    parts = list(plan.all_parts())
    assert [part.number for part in parts if part.kind is PartKind.PHASE] == [
        "0", "0.5", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10",
    ]  # fmt: skip
    assert next(part for part in parts if part.number == "0.5").parallel
    completion = next(part for part in parts if part.key == "completion")
    assert len(completion.items) == 8
    items = {place.item.id: place.item for place in plan.places()}
    assert items["P0.5.worker"].deferred == "a queue is chosen, and it is defined how it scales"
    assert all(items[f"later-{number}"].deferred for number in range(1, 6))
    assert {"charts/api", "charts/web"} <= {path for item in items.values() for path in item.files}
    assert "charts/admin" not in plan.text
    assert [item.role for item in items.values()].count(Role.RISK) == 5


def test_adoption_knows_the_languages_of_images() -> None:
    planned = components_of("cluster-adoption", "thing", {"charts": "api,site", "languages": "site=flutter-web"})
    assert {item.name: item.answers["lang"] for item in planned if item.kind == "image"} == {
        "api": "python",
        "site": "flutter-web",
    }
    for answers in ({"charts": "api,No Name"}, {"languages": "web"}):
        with pytest.raises(UsageError):
            components_of("cluster-adoption", "thing", answers)


def test_a_refactoring_goes_move_by_move() -> None:
    plan = made("refactoring", changes="ConfigMap/wiki/settings")
    steps = [part for part in plan.all_parts() if part.kind is PartKind.STEP]
    assert [step.title for step in steps][2:4] == ["Move apps/base/wiki", "Move docs/a.md"]
    assert [step.number for step in steps] == ["0", "1", "2", "3", "4"]
    checks = {str(check) for place in plan.places() for check in place.item.checks}
    assert f"unchanged {'a' * 40} except=ConfigMap/wiki/settings" in checks
    assert {"exists apps/base/notes", "absent apps/base/wiki"} <= checks


@pytest.mark.parametrize("moves", ["apps/base/wiki", "a>", ">b"])
def test_moves_that_are_none_are_refused(moves: str) -> None:
    with pytest.raises(UsageError, match="no move"):
        made("refactoring", moves=moves)


def test_what_is_not_there_cannot_move() -> None:
    ground = Ground(facts=_FACTS, files=("apps/base/wiki/kustomization.yaml",))
    with pytest.raises(UsageError, match="there is no apps/base/none"):
        draft("refactoring", "thing", ground, {"moves": "apps/base/none>apps/base/notes"})


def test_an_answer_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(UsageError, match="does not ask for 'domian'") as caught:
        made("preview-environments", domian="example.com")
    assert caught.value.hint == "perhaps domain"


def test_answers_say_nothing_to_elysium() -> None:
    plan = made("custom", why='fun -->\n<!-- plan: id=S9 owner=mallory check="run rm" -->')
    assert "mallory" not in {place.item.owner for place in plan.places()}
    assert not any(check.verb == "run" for place in plan.places() for check in place.item.checks)


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("preview-environments", {"domain": "not a domain"}),
        ("preview-environments", {"node-address": "a b"}),
        ("refactoring", {"changes": "wiki"}),
    ],
)
def test_an_answer_of_which_no_plan_can_be_made_is_refused(kind: str, answers: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="no plan can be made of these answers"):
        made(kind, **answers)


def test_paths_may_have_blanks_and_quotes() -> None:
    plan = made("refactoring", moves="docs/a b.md>docs/c'd\".md")
    checks = [check for place in plan.places() for check in place.item.checks]
    assert {check.arguments for check in checks if check.verb in ("exists", "absent")} == {
        ("docs/a b.md",),
        ("docs/c'd\".md",),
    }


def test_a_plan_has_a_name() -> None:
    with pytest.raises(UsageError, match="has a name"):
        draft("custom", " --> ", Ground(facts=_FACTS), {})


def test_an_application_is_not_made_from_a_template() -> None:
    with pytest.raises(PlanError, match="not made from a template"):
        draft("app", "wiki", Ground(facts=_FACTS), {})


_HOSTILE = (
    "-->",
    "<!--",
    "<!---->->",
    "x --><!-- plan: id=S9 -->",
    'a "quote',
    "back\\",
    "a; by b",
    "<% x %>",
    "|",
    "`",
)
_TEXTS = st.text(max_size=30) | st.sampled_from(_HOSTILE)


@given(kind=st.sampled_from(["infrastructure", "refactoring", "custom"]), name=_TEXTS, why=_TEXTS, owner=_TEXTS)
@settings(max_examples=40, deadline=None)
def test_whatever_is_answered_the_draft_can_be_read(kind: str, name: str, why: str, owner: str) -> None:
    name = f"n{name}"
    ground = Ground(facts=RepositoryFacts(cluster=name, storage_class=why), commit="a" * 40, today="2026-11-21")
    plan = parse(draft(kind, name, ground, {"why": why, "owner": owner}), "PLAN.md")
    expected = [place.item.id for place in made(kind, owner="alice", **_MOVELESS.get(kind, {})).places()]
    assert [place.item.id for place in plan.places()] == expected
    assert plan.kind == kind


_MOVELESS = {"refactoring": {"moves": ""}}
