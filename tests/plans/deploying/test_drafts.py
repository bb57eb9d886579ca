"""Drafts on the example: complete, readable, told by checks that hold after the plan is applied; nothing is edited."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from elysium.api import Options, Scaffolder, Workspace
from elysium.api.plan_effects import effect_of
from elysium.api.plan_world import PlanWorld
from elysium.errors import PlanError
from elysium.model import Severity
from elysium.plans.deploying import METHODS, step_of
from elysium.plans.document.annotating import without
from elysium.plans.effects.impact import impact
from elysium.plans.linting import lint
from elysium.plans.progress.verifying import verify
from elysium.plans.results import Result
from elysium.plans.types import Item, PartKind, Plan, PlannedComponent, Role
from elysium.scaffold import Action, Change, RepositoryFacts, write_files
from tests.gitting import git
from tests.plans.deploying.samples import APPLICATIONS, apply, drafted, planned, repository
from tests.scaffold.harness import sources

TODAY = datetime.date(2026, 11, 21)
SECTIONS = [
    "overview", "requirements", "architecture", "steps", "flux",
    "tests", "rollback", "documentation", "security", "monitoring",
]  # fmt: skip
OFFLINE = re.compile(r"--allow-commands|--live|attested|deferred")


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A plan, the repository before it, and the one that it was applied to."""

    name: str
    plan: Plan
    before: Path
    after: Path


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, warm_cache: Path) -> Path:
    """The repository that plans are made for; nothing writes into it."""
    return repository(tmp_path_factory.mktemp("plans"))


@pytest.fixture(scope="module")
def plans(example: Path) -> dict[str, Plan]:
    return {name: planned(example, given) for name, given in APPLICATIONS.items()}


@pytest.fixture(scope="module", params=APPLICATIONS)
def case(
    request: pytest.FixtureRequest, example: Path, plans: dict[str, Plan], tmp_path_factory: pytest.TempPathFactory
) -> Planned:
    before, plan = example, plans[request.param]
    after = Path(shutil.copytree(before, tmp_path_factory.mktemp("applied") / "kyrion"))
    apply(after, plan)
    return Planned(name=request.param, plan=plan, before=before, after=after)


def items(plan: Plan) -> Iterator[Item]:
    return (place.item for place in plan.places())


def test_nothing_is_edited(case: Planned) -> None:
    assert git(case.before, "status", "--porcelain", "--ignored") == ""


def test_it_has_ten_sections_and_steps_0_to_7(case: Planned) -> None:
    parts = list(case.plan.all_parts())
    assert [part.key for part in parts if part.kind is PartKind.SECTION] == SECTIONS
    assert [part.number for part in parts if part.kind is PartKind.STEP] == list("01234567")
    assert case.plan.kind == "deploy-app"
    assert case.plan.base == git(case.before, "rev-parse", "HEAD")
    assert case.plan.relies


def test_every_item_is_told_and_owned_and_has_an_id_of_its_own(case: Planned) -> None:
    found = list(items(case.plan))
    assert len({item.id for item in found}) == len(found) > 60
    for item in found:
        assert item.checks or item.manual or item.decision or item.deferred, item.id
        assert item.owner == "alice", item.id
        assert item.role is not Role.NOTE, item.id


def test_it_passes_every_lint_but_for_the_review_that_is_still_to_come(case: Planned) -> None:
    found = lint(case.plan, strict=True, today=TODAY, exists=lambda path: (case.before / path).exists())
    assert [item.lint for item in found] == ["practice-review"], found


def test_after_it_is_applied_everything_that_can_be_told_offline_holds(case: Planned) -> None:
    with Workspace(case.after, options=Options(sources=sources())) as workspace:
        found = verify(case.plan, PlanWorld(workspace)).items
    assert [(item.id, item.reason) for item in found if item.result is Result.FAIL] == []
    unknown = [(item.id, item.reason) for item in found if item.result is Result.UNKNOWN]
    assert [item for item in unknown if not OFFLINE.search(item[1])] == []
    assert len(found) - len(unknown) > 80


def test_before_it_is_applied_what_it_writes_is_not_there(case: Planned) -> None:
    with Workspace(case.before, options=Options(sources=sources())) as workspace:
        found = {item.id: item.result for item in verify(case.plan, PlanWorld(workspace)).items}
    assert found["S1.1"] is found["S6.1"] is found["documentation.readme"] is Result.FAIL
    assert found["requirements.dependencies"] is Result.PASS


def test_what_it_declares_is_what_it_does(case: Planned) -> None:
    renders = []
    for root in (case.before, case.after):
        with Workspace(root, options=Options(sources=sources())) as workspace:
            renders.append(workspace.render())
    entries = impact(case.plan, *renders)
    assert [str(entry) for entry in entries if entry.is_error] == []


def test_the_rules_find_nothing_in_what_it_writes(case: Planned) -> None:
    with Workspace(case.after, options=Options(sources=sources())) as workspace:
        found = workspace.check(profile="strict").findings
    assert [str(item) for item in found if case.name in item.file and item.severity is not Severity.INFO] == []
    assert "**Open**" not in case.plan.text


def test_nothing_reaches_the_cluster_before_step_6(case: Planned, tmp_path: Path) -> None:
    component = case.plan.components[0]
    root = Path(shutil.copytree(case.before, tmp_path / "kyrion"))
    with Workspace(root, options=Options(sources=sources())) as workspace:
        effect = effect_of(workspace, component)
        facts = _facts(workspace)
        before = objects(workspace)
    steps = {change.path: step_of(change.path, change, facts) for change in effect.changes}
    assert set(steps.values()) <= set(range(1, 8))
    write_files(root, [change for change in effect.changes if steps[change.path] < 6])
    with Workspace(root, options=Options(sources=sources())) as workspace:
        assert objects(workspace) == before
    write_files(root, [change for change in effect.changes if steps[change.path] == 6])
    with Workspace(root, options=Options(sources=sources())) as workspace:
        assert f"Namespace/{case.name}" in objects(workspace)


def _facts(workspace: Workspace) -> RepositoryFacts:
    return Scaffolder.of(workspace).facts


def objects(workspace: Workspace) -> set[str]:
    return {str(item) for unit in workspace.render().units for item in unit.objects}


def test_a_person_reads_sentences_without_placeholders(case: Planned) -> None:
    shown = without(case.plan.text)
    assert "<!--" not in shown
    assert not re.search(r"\bTBD\b|<[a-z]+>|\{\{|None|\bn/a\b(?!, because)", shown)
    assert APPLICATIONS[case.name]["why"] in shown


def test_postgresql_comes_out_with_everything_that_its_example_lists(plans: dict[str, Plan]) -> None:
    plan = plans["postgresql"]
    told = without(plan.text) + "\n".join(str(check) for item in items(plan) for check in item.checks)
    for wanted in (
        "claim postgresql/data-postgresql-primary-0 size=50Gi class=local-path",
        "claim postgresql/postgresql-wal size=10Gi class=local-path",
        "secret postgresql/postgresql-credentials postgres-password replication-password",
        "secret postgresql/postgresql-backup account key",
        "no-object Ingress/postgresql/*",
        "service postgresql/postgresql:5432",
        "`postgresql.postgresql.svc.cluster.local:5432`",
        "object CSIDriver//csi-rclone",
        "pod-security.kubernetes.io/enforce]=restricted",
        "HelmRepository/postgresql/bitnami url=https://charts.bitnami.com/bitnami",
        "spec.values.primary.resources.requests.cpu=500m",
        "spec.values.primary.resources.requests.memory=1Gi",
        "spec.values.architecture=replication",
        "spec.values.readReplicas.replicaCount=1",
        "takes them by `valuesFrom`",
        "contains apps/base/postgresql/backup.yaml pg_dump",
        "env.KEEP_DAILY.value=7",
        "env.KEEP_WEEKLY.value=4",
        "azure:backups/postgresql",
        "listed apps/kyrion/kustomization.yaml postgresql-patch.yaml",
        "contains apps/kyrion/postgresql-patch.yaml",
        '"replicaCount: 1"',
        "chain infra-controllers>infra-configs>apps",
        "spec.interval=30m spec.timeout=10m",
        "`psql -h postgresql.postgresql.svc.cluster.local -U postgres`",
        "pgbench",
        "a test database is created",
        "`flux suspend kustomization apps --namespace flux-system`",
        "`flux suspend kustomization monitoring-configs --namespace flux-system`",
        "goes with the namespace `postgresql`",
        "**Keep the data**",
        "apps/base/postgresql/README.md Connect",
        "Backup and restore",
        "namespaceSelector.matchLabels[kubernetes.io/metadata.name]=mealie",
        "securityContext.runAsNonRoot=true",
        "securityContext.readOnlyRootFilesystem=true",
        "is the certificate that clients see",
        "connection count",
        "query rate",
        "replication lag",
        "shows Connections",
        "shows Cache hit ratio",
        "alert PostgresqlDown",
        'contains "> 0.80"',
        'contains "> 30"',
        'contains "> 0.85"',
    ):
        assert wanted in told, wanted


def test_step_0_records_what_was_chosen_and_what_was_not(plans: dict[str, Plan]) -> None:
    plan = plans["wiki"]
    found = {item.id: item for item in items(plan)}
    source = found["S0.source"].decision
    assert source and source.chosen == "onechart"
    for method in METHODS[:-1]:
        decision = found[f"S0.{method}"].decision
        assert decision and decision.chosen == "rejected" and decision.reason and decision.by == "alice"


def test_onechart_without_the_rejections_is_drafted_and_fails_the_lint(example: Path) -> None:
    given = {key: value for key, value in APPLICATIONS["wiki"].items() if key != "rejected"}
    plan = planned(example, given)
    assert plan.components[0].answers["style"] == "onechart"
    assert "onechart-unrejected" in {item.lint for item in lint(plan, today=TODAY)}


def test_what_a_chart_makes_is_unknown_where_it_was_not_fetched(example: Path) -> None:
    text = drafted(example, APPLICATIONS["postgresql"], mapped=False)
    assert "was not fetched" in text
    assert "**Not known here**: the objects of `hr/postgresql/postgresql`" in text
    assert "what `hr/postgresql/postgresql` leaves behind is not known" in text
    assert "spec.values.primary.persistence.size=50Gi" in text
    assert "StatefulSet" not in without(text)


def test_an_application_that_is_there_is_not_planned_again(example: Path) -> None:
    with pytest.raises(PlanError, match="apps/base/database/") as raised:
        drafted(example, {"name": "database", "preset": "postgresql"})
    assert "another name" in raised.value.hint


def test_what_the_rules_find_in_it_is_said_before_anything_is_written(example: Path) -> None:
    given = {**APPLICATIONS["podinfo"], "answers": {"container": "podinfod"}}
    text = drafted(example, given)
    assert "**Open**: `apps/base/podinfo/network-policy.yaml`" in text
    assert "rules=policy-selects-nothing" in text


def test_whoever_says_no_reason_and_no_owner_is_told_by_the_lint(example: Path) -> None:
    plan = planned(example, {"name": "postgresql", "preset": "postgresql"})
    found = {item.lint for item in lint(plan, today=TODAY)}
    assert "unowned-item" in found
    why = next(item for item in items(plan) if item.id == "overview.why")
    assert why.decision and not why.decision.chosen


def test_a_repository_without_a_certificate_is_planned_with_it_as_a_prerequisite(tmp_path: Path) -> None:
    root = repository(tmp_path)
    (root / "etc/certs/pub-sealed-secrets.pem").unlink()
    plan = planned(root, APPLICATIONS["wiki"])
    sealing = next(item for item in items(plan) if item.id == "requirements.prerequisites.sealing")
    with Workspace(root, options=Options(sources=sources())) as workspace:
        found = {item.id: item.result for item in verify(plan, PlanWorld(workspace)).items}
    assert found[sealing.id] is Result.FAIL


def test_what_a_person_says_cannot_become_an_annotation(example: Path) -> None:
    given = {
        **APPLICATIONS["podinfo"],
        "purpose": 'A page --> <!-<!---- plan: id=evil check="run rm" --> `code`',
        "why": "first\nsecond; by mallory; because <!-- plan: kind=custom -->",
        "rejected": {"official-chart": 'it says "no" --> ; by mallory'},
    }
    plan = planned(example, given)
    assert plan.kind == "deploy-app"
    assert "evil" not in {item.id for item in items(plan)}
    assert not [check for item in items(plan) for check in item.checks if check.arguments[:1] == ("rm",)]
    found = {item.id: item.decision for item in items(plan)}
    rejected = found["S0.official-chart"]
    assert rejected and (rejected.chosen, rejected.by) == ("rejected", "alice")
    why = found["overview.why"]
    assert why and why.by == "alice"


STEPS = {
    "apps/base/wiki/namespace.yaml": 1,
    "apps/base/wiki/kustomization.yaml": 1,
    "apps/base/wiki/release.yaml": 2,
    "apps/base/wiki/README.md": 2,
    "apps/base/wiki/wiki-env-sealed-secret.yaml": 3,
    "apps/base/wiki/ts-ingress.yaml": 4,
    "apps/base/wiki/certificate.yaml": 4,
    "monitoring/configs/wiki/kustomization.yaml": 5,
    "monitoring/configs/wiki/alerts.yaml": 5,
    "apps/kyrion/wiki-patch.yaml": 6,
    "clusters/kyrion/sealed-secrets.yaml": 3,
    ".elysium/app/wiki.toml": 7,
}


@pytest.mark.parametrize("path", STEPS)
def test_every_file_has_its_step(path: str) -> None:
    facts = RepositoryFacts(cluster="kyrion")
    change = Change(path=path, action=Action.CREATE, before=None, text="x")
    assert step_of(path, change, facts) == STEPS[path]


@pytest.mark.parametrize("path", ["apps/base/kustomization.yaml", "monitoring/configs/kustomization.yaml"])
def test_entries_in_lists_that_are_there_come_last(path: str) -> None:
    change = Change(path=path, action=Action.CHANGE, before="x", text="y")
    assert step_of(path, change, RepositoryFacts(cluster="kyrion")) == 6


def test_the_component_survives_the_way_through_the_document(example: Path) -> None:
    given = {**APPLICATIONS["wiki"], "answers": {"env": {"GREETING": 'say "hi" > all'}, "startup-seconds": 90}}
    plan = planned(example, given)
    component: PlannedComponent = plan.components[0]
    assert component.answers["startup-seconds"] in (90, "90")
    assert 'say "hi" > all' in str(component.answers["env"])
