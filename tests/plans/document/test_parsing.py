"""What a document says: phases, sections, steps, owners, roles, claims, components; and what it leaves unsaid."""

from __future__ import annotations

import textwrap

import pytest

from elysium.plans.document.parsing import parse
from elysium.plans.types import Item, Mark, Part, PartKind, Plan, Role


def read(text: str) -> Plan:
    return parse(textwrap.dedent(text).lstrip("\n"))


def items(plan: Plan) -> dict[str, Item]:
    return {place.item.id: place.item for place in plan.places()}


def parts(plan: Plan, kind: PartKind) -> list[Part]:
    return [part for part in plan.all_parts() if part.kind is kind]


_TWO_OWNERS = """
    # Moving the shop

    ## Phase 2 – Edge & names (Optional)

    **Platform**
    - Point the proxy at the node:
      ```sh
      proxy reload
      ```
      and look at it.
      - The old name stays
    - Write it down

    - Take the old one away

    **Application team**
    - None (nothing to do here).

    Exit criteria: names lead to the node; the old proxy is off.
"""


def test_owners_are_those_that_stand_above_the_list() -> None:
    found = items(read(_TWO_OWNERS))
    assert {name: item.owner for name, item in found.items()} == {
        "P2-1": "Platform",
        "P2-1.1": "Platform",
        "P2-2": "Platform",
        "P2-3": "",  # after a blank line nobody is named
        "P2-4": "Application team",
        "P2-exit-1": "",
        "P2-exit-2": "",
    }


def test_exit_criteria_of_one_paragraph_are_items() -> None:
    found = items(read(_TWO_OWNERS))
    assert [found[f"P2-exit-{n}"].text for n in (1, 2)] == ["names lead to the node", "the old proxy is off"]
    assert found["P2-exit-1"].role is Role.CRITERION
    assert found["P2-exit-1"].line == 19


def test_code_inside_of_an_entry_belongs_to_it() -> None:
    [code] = items(read(_TWO_OWNERS))["P2-1"].code
    assert (code.info, code.text, code.line) == ("sh", "proxy reload\n", 7)


def test_nothing_is_no_task() -> None:
    assert items(read(_TWO_OWNERS))["P2-4"].role is Role.NOTE


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("None", Role.NOTE),
        ("**Performance**: n/a, because nobody waits for it", Role.NOTE),
        ("Nothing runs as root", Role.TASK),
        ("None of the pods is privileged", Role.TASK),
    ],
)
def test_only_what_says_nothing_is_nothing(text: str, role: Role) -> None:
    assert items(parse(f"### Step 1: Go\n\n- {text}\n"))["S1-1"].role is role


def test_a_phase_has_number_title_and_asides() -> None:
    [phase] = parts(read(_TWO_OWNERS), PartKind.PHASE)
    assert (phase.number, phase.title, phase.optional, phase.parallel) == ("2", "Edge & names (Optional)", True, False)


@pytest.mark.parametrize(
    ("heading", "kind", "number", "key"),
    [
        ("### Step 3: Manage secrets", PartKind.STEP, "3", ""),
        ("#### Step 0 - Choose", PartKind.STEP, "0", ""),
        ("## Phase 0.5: Images (Parallel Track)", PartKind.PHASE, "0.5", ""),
        ("### 7. Rollback Plan", PartKind.SECTION, "7", "rollback"),
        ("## Flux GitOps Configuration", PartKind.SECTION, "", "flux"),
        ("## Completion Criteria for the first release", PartKind.SECTION, "", "completion"),
        ("## Monitoring & Alerting", PartKind.SECTION, "", "monitoring"),
        ("## Monitoring stack", PartKind.HEADING, "", ""),
        ("## Statuses", PartKind.HEADING, "", ""),
        ("## 12 monkeys", PartKind.HEADING, "12", ""),
    ],
)
def test_headings_are_told_by_their_words(heading: str, kind: PartKind, number: str, key: str) -> None:
    [part] = parse(f"{heading}\n").parts
    assert (part.kind, part.number, part.key) == (kind, number, key)


def test_numbered_headings_of_a_roadmap_are_phases() -> None:
    plan = read(
        """
        # Roadmap
        ## 0.5 Images
        Purpose: have them early.

        Tasks:
        - Build one

        Deliverables:
        - An image (✅ there)

        Decisions:
        - Base: slim

        Deferred:
        - The worker
        """
    )
    [phase] = parts(plan, PartKind.PHASE)
    assert phase.number == "0.5"
    roles = {item.text: item.role for item in items(plan).values()}
    assert roles == {
        "Build one": Role.TASK,
        "An image (✅ there)": Role.DELIVERABLE,
        "Base: slim": Role.DECISION,
        "The worker": Role.TASK,
    }
    assert items(plan)["P0.5-4"].deferred == "later"


def test_marks_are_claims_and_a_legend_is_none() -> None:
    plan = read(
        """
        ## Progress snapshot
        Codes: ✅ complete • 🟡 partial • ⏳ pending • 💤 deferred

        - Phase 1: ✅ done
        - Charts: ⏳ waiting (✅ agreed)
        - [x] ticked
        """
    )
    found = items(plan)
    assert [claim.mark for claim in found["snapshot-1"].claims] == [Mark.COMPLETE]
    assert [claim.mark for claim in found["snapshot-2"].claims] == [Mark.PENDING, Mark.COMPLETE]
    assert found["snapshot-3"].checkbox is True
    assert plan.parts[0].claims == ()


def test_an_annotation_says_what_the_words_do_not() -> None:
    plan = read(
        """
        <!-- plan:
        kind=deploy-app
        name=wiki
        base=0123456789abcdef0123456789abcdef01234567
        relies=apps/base/kustomization.yaml@sha256:abc
        component="app/wiki preset=x port=8080 reason=\\"a b\\""
        -->
        # Deploy a wiki

        ## How it goes <!-- plan: section=steps owner=alice due=2026-12-01 -->

        1. Write it <!-- plan: id=S1.1 needs=S0.1,S0.2 check="exists \\"a b.yaml\\"" check="exists c" file=c -->
        2. Look at it <!-- plan: id=S1.2 owner=bob manual="it is" attested="bob 2026-11-20 note 4 until 2027-11-20" -->
        3. Decide <!-- plan: id=S1.3 decided="left; by bob; 2026-11-20; because shorter; revisit more than 9 users" -->
        """
    )
    found = items(plan)
    assert (plan.kind, plan.name, plan.relies[0].digest) == ("deploy-app", "wiki", "sha256:abc")
    assert plan.components[0].answers == {"port": "8080", "reason": "a b"}
    assert plan.components[0].preset == "x"
    assert [check.arguments for check in found["S1.1"].checks] == [("a b.yaml",), ("c",)]
    assert found["S1.1"].needs == ("S0.1", "S0.2")
    assert (found["S1.1"].owner, found["S1.1"].due, found["S1.2"].owner) == ("alice", "2026-12-01", "bob")
    manual, decision = found["S1.2"].manual, found["S1.3"].decision
    assert manual is not None
    assert (manual.what, manual.by, manual.reference, manual.expires) == (
        "it is",
        "bob",
        "note 4",
        "2027-11-20",
    )
    assert decision is not None
    assert (decision.chosen, decision.by, decision.reason, decision.revisit) == (
        "left",
        "bob",
        "shorter",
        "more than 9 users",
    )


def test_code_says_nothing() -> None:
    plan = read(
        """
        # How plans are annotated

        Write `<!-- plan: id=x -->`.

        ```markdown
        - An item <!-- plan: id=y colour=red -->
        ```
        """
    )
    assert items(plan) == {}


def test_a_component_may_stand_in_the_open() -> None:
    plan = read(
        """
        # Deploy a wiki

        ```toml component
        kind = "app"
        name = "wiki"
        [answers]
        port = 8080
        expose = ["tailscale"]
        ```
        """
    )
    assert plan.components[0].answers == {"port": 8080, "expose": ["tailscale"]}


def test_lines_end_as_they_like() -> None:
    one, other = (parse(text) for text in ("# A\n\n- b\n  c\n- d\n", "# A\r\n\r\n- b\r\n  c\r\n- d\r\n"))
    assert [place.item.text for place in one.places()] == [place.item.text for place in other.places()]


def test_front_matter_is_no_heading() -> None:
    plan = read("---\ntitle: x\n---\n# The plan\n\n- item\n")
    assert plan.title == "The plan"
    assert [place.item.line for place in plan.places()] == [6]
