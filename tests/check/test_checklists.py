"""Checklists: every rule has its line, every line its rules, and the report begins with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elysium.check import Selection
from elysium.check.checklists import CHECKLISTS, line_of_rule, lines_of_rule, results
from elysium.check.rule import Topic
from elysium.cli.main import main
from elysium.model import Finding, Severity, Unit, UnitId, UnitKind, UnitState
from tests.gitting import commit
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

LINES = {"pre-commit": 8, "review": 7, "security": 5, "gitops": 7}


def test_the_checklists_have_the_lines_of_the_documents() -> None:
    assert {name: len(checklist.lines) for name, checklist in CHECKLISTS.items()} == LINES


@pytest.mark.parametrize("profile", LINES)
def test_every_rule_of_a_profile_has_its_line(profile: str) -> None:
    loaded = [rule.rule for rule in Selection(profile=profile).load()]
    without = [rule.id for rule in loaded if line_of_rule(CHECKLISTS[profile], rule.id, rule.topic) is None]
    assert without == []


@pytest.mark.parametrize("profile", LINES)
def test_every_line_has_rules_or_says_why_not(profile: str) -> None:
    checklist = CHECKLISTS[profile]
    loaded = [rule.rule for rule in Selection(profile=profile).load()]
    covered = {line.title for rule in loaded for line in lines_of_rule(checklist, rule.id, rule.topic)}
    assert [line.title for line in checklist.lines if line.title not in covered and not line.unchecked] == []


UNIT = Unit(id=UnitId("clusters/a", UnitKind.HELM_RELEASE, "web", "shop"), state=UnitState.UNKNOWN)
FAILED = Finding(rule="build-failure", severity=Severity.ERROR, message="a", unit=UNIT.id)


def states(profile: str, findings: list[Finding], units: list[Unit]) -> dict[str, str]:
    return {item.title: item.state for item in results(profile, findings, units)}


def test_builds_belong_to_the_line_of_their_kind() -> None:
    found = states("pre-commit", [FAILED], [])
    assert (found["helm template"], found["kustomize build"]) == ("found", "pass")


def test_a_build_that_is_unknown_passes_nothing() -> None:
    found = {item.title: item for item in results("pre-commit", [], [UNIT])}
    assert (found["helm template"].state, found["helm template"].reason) == ("unknown", "1 unit is unknown offline")
    assert found["kustomize build"].state == "pass"
    assert found["limits"].state == "pass"
    assert "unknown" in found["limits"].reason


def test_own_policies_have_a_line_too() -> None:
    own = Finding(rule="no-latest", severity=Severity.ERROR, message="a")
    assert states("security", [own], [])["pod security contexts"] == "found"
    assert line_of_rule(CHECKLISTS["review"], "no-latest", Topic.POLICY) is not None


def test_other_profiles_have_none() -> None:
    assert results("default", [FAILED], []) == ()


def make(root: Path) -> None:
    write_repository(root, {f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps")})
    write_repository(root, {"apps/settings.yaml": config_map("settings", "default", "{a: b}")})


def test_the_report_begins_with_the_lines(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(repository)
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: default}\nstringData:\n  password: horses\n"
    write_repository(repository, {"apps/secret.yaml": secret})
    main(["check", str(repository), "--profile", "security"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[4:9] == [
        "  ✗ secret management approach: 1 finding (Secret/default/a)",
        "  ✓ RBAC and service accounts",
        "  ✓ network policies and isolation",
        "  ✓ pod security contexts",
        "  ✓ image security and scanning",
    ]
    main(["check", str(repository), "--profile", "security", "-o", "json"])
    [first, *others] = json.loads(capsys.readouterr().out)["checklist"]
    assert first == {
        "title": "secret management approach",
        "state": "found",
        "findings": 1,
        "objects": ["Secret/default/a"],
        "reason": "",
    }
    assert len(others) == 4


def test_since_a_revision_the_lines_are_about_the_change(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(repository)
    write_repository(repository, {"apps/broken.yaml": "a: [\n"})
    commit(repository)
    main(["check", str(repository), "--profile", "pre-commit", "--since", "HEAD"])
    assert "  ✓ yamllint" in capsys.readouterr().out.splitlines()
