"""Plans of the example: drafted, carried out and verified; what is left are people's words and other machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gitting import commit, git
from tests.plans.deploying.samples import apply, repository
from tests.plans.kinds.planning import contradicted, drafted, failures, linted, verified
from tests.scaffold.harness import scaffold

_PREVIEWS = {
    "owners": "repository=ann,cluster=bob",
    "domain": "preview.kyrion.example.com",
    "edge-address": "203.0.113.7",
    "node-address": "10.0.0.5",
    "registry": "ghcr.io/example/shop",
    "tls": "edge",
}


@pytest.fixture
def kyrion(tmp_path: Path, warm_cache: Path) -> Path:
    return repository(tmp_path)


def test_a_controller_is_planned_scaffolded_and_verified(kyrion: Path) -> None:
    answers = {"owner": "alice", "why": "records are made by hand", "provider": "cloudflare"}
    plan = drafted(kyrion, "infrastructure", "external-dns", answers)
    assert git(kyrion, "status", "--porcelain") == ""
    assert linted(plan) == []
    before = failures(verified(kyrion, plan))
    assert before["S1-1"].startswith("there is no infrastructure/controllers/external-dns")
    assert before["architecture-namespace-external-dns"]
    items = {place.item.id: place.item for place in plan.places()}
    assert "the repository has it" in items["requirements-need-1"].title
    apply(kyrion, plan)
    assert failures(verified(kyrion, plan)) == {}
    assert contradicted(kyrion, plan) == []


def test_what_a_chart_makes_is_not_denied_where_the_chart_is_not_at_hand(kyrion: Path) -> None:
    answers = {"owner": "alice", "provider": "cloudflare"}
    plan = drafted(kyrion, "infrastructure", "external-dns", answers, mapped=False)
    items = {place.item.id: place.item for place in plan.places()}
    assert "as far as it is known here" in items["architecture-services"].title
    assert [str(check) for check in items["architecture-services"].checks] == ["unit hr/external-dns/external-dns"]
    assert linted(plan) == []


@pytest.mark.parametrize("name", ["cert-manager", "loki", "kind", "ingress-nginx"])
def test_any_component_of_the_platform_can_be_planned(tmp_path: Path, warm_cache: Path, name: str) -> None:
    root = scaffold(tmp_path / "fresh")
    commit(root, "Begin")
    plan = drafted(root, "infra", name, {"owner": "alice"})
    lints = {finding.lint for finding in linted(plan)}
    assert lints == ({"unmaintained-tool"} if name == "ingress-nginx" else set())
    assert plan.components[0].name == name


def test_a_change_that_would_break_a_unit_says_so(kyrion: Path) -> None:
    plan = drafted(kyrion, "infrastructure", "tempo", {"owner": "alice"})
    items = {place.item.id: place.item for place in plan.places()}
    assert "which this change would break" in items["requirements-blocked-1"].title


def test_folders_move_and_no_object_changes(kyrion: Path) -> None:
    plan = drafted(kyrion, "refactoring", "regroup", {"owner": "alice", "moves": "apps/base/mealie>apps/base/recipes"})
    assert linted(plan) == []
    assert set(failures(verified(kyrion, plan))) == {"S2-moved", "S2-listed", "S2-prune"}
    git(kyrion, "mv", "apps/base/mealie", "apps/base/recipes")
    listing = kyrion / "apps/base/kustomization.yaml"
    listing.write_text(listing.read_text().replace("- mealie", "- recipes"))
    assert set(failures(verified(kyrion, plan))) == {"S2-prune"}
    namespace = kyrion / "apps/base/recipes/namespace.yaml"
    namespace.write_text(namespace.read_text().replace("  name: mealie", "  name: recipes"))
    assert "Namespace/mealie (removed)" in failures(verified(kyrion, plan))["S3-equal"]


def test_previews_are_planned_and_scaffolded(kyrion: Path) -> None:
    plan = drafted(kyrion, "preview-environments", "previews", _PREVIEWS)
    assert linted(plan) == []
    assert failures(verified(kyrion, plan)).keys() >= {"P3.namespace", "P4.chart", "P5.deploy", "P6.smoke"}
    apply(kyrion, plan)
    found = verified(kyrion, plan)
    assert set(failures(found)) == {"P0.rollback", "P0-exit-2"}
    assert contradicted(kyrion, plan) == []
    exits = {item.id: item for item in found.items if item.id.startswith("P5-exit")}
    assert exits["P5-exit-3"].result == "pass"  # the rehearsal of a pull request's whole life
    assert exits["P5-exit-2"].reason.startswith("nobody has attested it")  # the log of a real one


def test_a_repository_is_brought_into_a_cluster(kyrion: Path) -> None:
    plan = drafted(kyrion, "cluster-adoption", "shop", {"owner": "alice", "charts": "api,web"})
    assert linted(plan) == []
    assert failures(verified(kyrion, plan)).keys() >= {"P0.sheet", "P0.5.api", "P1.api", "P2.config", "P7.lint"}
    apply(kyrion, plan)
    left = failures(verified(kyrion, plan))
    assert left.keys() <= {"P2.readme", "P7.caches", "P7.valid", "completion-4"}
    assert contradicted(kyrion, plan) == []
