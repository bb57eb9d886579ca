"""What a plan says where the unit that would apply the application is not known offline."""

from __future__ import annotations

from pathlib import Path

from elysium.plans.types import Plan
from tests.gitting import commit
from tests.plans.deploying.samples import APPLICATIONS, planned, repository

REMOTE = "https://github.com/example/definitions//crds?ref=0123456789abcdef0123456789abcdef01234567"


def _unknown(place: Path) -> Path:
    """The example, with something among its applications that was never fetched."""
    root = repository(place)
    listed = root / "apps/kyrion/kustomization.yaml"
    text = listed.read_text(encoding="utf-8")
    listed.write_text(text.replace("resources:\n", f"resources:\n  - {REMOTE}\n", 1), encoding="utf-8")
    commit(root, "Take definitions from elsewhere")
    return root


def _declared(plan: Plan) -> set[str]:
    return {impact for place in plan.places() for impact in place.item.impact}


def test_the_objects_of_the_new_folder_are_planned_all_the_same(tmp_path: Path) -> None:
    plan = planned(_unknown(tmp_path), APPLICATIONS["wiki"])
    assert {"Namespace//wiki", "HelmRelease/wiki/wiki"} <= _declared(plan)
    assert "ks/flux-system/apps" in plan.text
