"""A plan of two phases with everything that an export has to carry, and the states that verifying it may give."""

from __future__ import annotations

from elysium.plans.document.parsing import parse
from elysium.plans.progress.verification import ItemResult, PartState, Verification
from elysium.plans.types import Mark, PartKind, Plan

__all__ = ["PLAN", "plan", "verification"]

PLAN = """\
# Moving the wiki

<!-- not ours -->
Status codes: ✅ complete • 🟡 partial • ⏳ pending • 💤 deferred

## Progress snapshot

- Phase 0 (Groundwork): ⏳ Not started
- Phases 0 & 1: ✅ Complete

## Phase 0 – Groundwork ⏳ <!-- plan: due=2026-11-01 -->

**Platform team**

- [ ] Write the namespace <!-- plan: id=NS check="exists apps/base/wiki/namespace.yaml" -->
- ✅ Seal the `password`, see <https://wiki.example.org> <!-- plan: id=SEAL due=2026-10-01 manual="who has it" -->
  ```sh
  kubeseal < secret.yaml
  ```

Exit criteria: the namespace is there; the secret is sealed.

---

## Phase 1 – Go live

**Alice Ötzi**

- [x] Point the name at the new place <!-- plan: id=DNS needs=NS,SEAL due=2026-12-24 -->
  - [ ] lower the time to live
- 💤 Remove the old one <!-- plan: id=OLD deferred="nobody asked for it for a month" -->

Exit criteria: everybody reads the new one.
"""


def plan(text: str = PLAN) -> Plan:
    """The plan of a text."""
    return parse(text, "docs/wiki.md")


def verification(of: Plan, items: dict[str, Mark], phases: dict[str, Mark] | None = None) -> Verification:
    """What verifying would give with these states of items and phases."""
    places = [place for place in of.places() if place.item.id in items]
    parts = [part for part in of.all_parts() if part.kind is PartKind.PHASE and part.number in (phases or {})]
    return Verification(
        plan=of.path,
        title=of.title,
        kind=of.kind,
        commit="",
        items=tuple(
            ItemResult(id=place.item.id, title=place.item.title, state=items[place.item.id], line=place.item.line)
            for place in places
        ),
        parts=tuple(
            PartState(
                kind=part.kind, number=part.number, title=part.title, state=(phases or {})[part.number],
                line=part.line, claims=part.claims,
            )
            for part in parts
        ),
    )  # fmt: skip
