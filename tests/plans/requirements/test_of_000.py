"""Plans for applications: what each of the ten sections and eight steps asks for, and the example of a database."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.gitting import git
from tests.plans.deploying.samples import repository
from tests.plans.linting.sound import APPLICATION
from tests.plans.requirements.calling import MAPPED, PLAN, WHY, copied, elysium, results, told, with_plan, write

EXAMPLE = Path(__file__).parent / "household-database.md"
DATABASE = f"deploy-app postgresql --preset postgresql --set clients=mealie {WHY}"
ARCHIVE = "plans/archive.md"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database is planned, and nothing of it is there."""
    return with_plan(tmp_path_factory.mktemp("planned"), DATABASE)


@pytest.fixture(scope="module")
def applied(planned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan was carried out."""
    root = copied(planned, tmp_path_factory.mktemp("applied"))
    elysium(root, f"plan apply {PLAN} --commit --yes {MAPPED}")
    return root


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan in the words of a person, imported and not carried out."""
    root = repository(tmp_path_factory.mktemp("example"))
    shutil.copy(EXAMPLE, root / "archive.md")
    elysium(root, f"plan import archive.md -o {ARCHIVE}")
    return root


@pytest.fixture(scope="module")
def archive(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, carried out."""
    root = copied(example, tmp_path_factory.mktemp("archive"))
    elysium(root, f"plan apply {ARCHIVE} --yes {MAPPED}")
    return root


def verified(root: Path, which: str, code: int, plan: str = PLAN) -> dict[str, dict[str, Any]]:
    found = told(root, f"plan verify {plan} {which} {MAPPED}", code)
    return {item["id"]: item for item in found["items"]}


def by_result(items: dict[str, dict[str, Any]], result: str) -> set[str]:
    return {name for name, item in items.items() if item["result"] == result}


def lints(root: Path, text: str, options: str = "", code: int = 1) -> list[tuple[str, str]]:
    write(root, "plan.md", text)
    return [(one["lint"], one["message"]) for one in told(root, f"plan lint plan.md {options}", code)["findings"]]


def changed(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text, old
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def test_planning_writes_the_plan_and_nothing_else(tmp_path: Path) -> None:
    """0.0: with `--dry-run` not even the plan."""
    root = repository(tmp_path)
    shown = elysium(root, f"plan new {DATABASE} --dry-run --yes {MAPPED}")
    assert git(root, "status", "--porcelain") == ""
    elysium(root, f"plan new {DATABASE} -o plan.md --yes {MAPPED}")
    assert git(root, "status", "--porcelain") == "?? plan.md"
    assert (root / "plan.md").read_text(encoding="utf-8").splitlines()[20:] == shown.splitlines()[20:]


@pytest.mark.parametrize("part", ["What", "Why", "Impact"])
@pytest.mark.parametrize("words", [None, "", " TBD"], ids=["missing", "empty", "placeholder"])
def test_an_overview_says_what_why_and_which_impact(part: str, words: str | None, tmp_path: Path) -> None:
    """0.1: each of the three, and not as a placeholder."""
    line = next(line for line in APPLICATION.splitlines(keepends=True) if f"**{part}**" in line)
    other = "" if words is None else f"- **{part}**:{words}\n"
    (finding,) = {one for one in lints(tmp_path, APPLICATION.replace(line, other)) if one[0] == "missing-section-part"}
    assert part.lower() in finding[1].lower()


def test_requirements_are_present_missing_or_unknown(planned: Path, applied: Path) -> None:
    """0.2: dependencies, resources, secrets, access and prerequisites, against the repository and its render."""
    before = verified(planned, "--section requirements", 1)
    after = verified(applied, "--section requirements", 0)
    kinds = {name.split(".")[1] for name in before}
    assert kinds == {"dependencies", "resources", "storage", "secrets", "access", "prerequisites"}
    assert before["requirements.dependencies.backups"]["result"] == "pass"
    missing = {name for name in by_result(before, "fail") if name.split(".")[1] in ("resources", "storage", "secrets")}
    assert len(missing) > 10
    assert all("nothing in the render is" in before[name]["reason"] for name in missing)
    assert missing <= by_result(after, "pass")
    assert by_result(after, "unknown") == {"requirements.prerequisites.local-path"}
    assert "the cluster serves this class" in after["requirements.prerequisites.local-path"]["reason"]


def test_declared_impact_is_compared_with_what_changes(planned: Path, applied: Path, tmp_path: Path) -> None:
    """0.3: what is declared and does not come, and what comes and is not declared."""
    assert by_result(verified(planned, "--section architecture", 1), "fail")
    assert not by_result(verified(applied, "--section architecture", 0), "fail")
    undelivered = told(planned, f"plan diff {PLAN} {MAPPED}", 1)["entries"]
    missing = {entry["subject"] for entry in undelivered if entry["error"]}
    assert {"Namespace//postgresql", "Service/postgresql/postgresql"} <= missing
    root = copied(applied, tmp_path)
    extra = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: surprise\n"
    write(root, "apps/base/postgresql/extra.yaml", extra)
    changed(root, "apps/base/postgresql/kustomization.yaml", "resources:\n", "resources:\n  - extra.yaml\n")
    (undeclared,) = [entry for entry in told(root, f"plan diff {PLAN} {MAPPED}", 1)["entries"] if entry["error"]]
    assert undeclared["subject"] == "Namespace//surprise"


def test_steps_are_numbered_ordered_and_have_a_computed_state(planned: Path, applied: Path, tmp_path: Path) -> None:
    """0.4: a lint for each fault, and a state for each step that nobody typed."""
    lines = APPLICATION.splitlines(keepends=True)
    five = next(line for line in lines if line.startswith("### Step 5:"))
    for replaced, lint in (
        ("### Add monitoring\n", "unnumbered-step"),
        ("### Step 3: Add monitoring\n", "step-order"),
        ("### Step 8: Add monitoring\n", "missing-step"),
    ):
        assert lint in [name for name, _ in lints(tmp_path, APPLICATION.replace(five, replaced))]
    for root, states in ((planned, {"pending", "partial"}), (applied, {"complete", "partial"})):
        found = told(root, f"plan status {PLAN} --by step {MAPPED}")
        steps = {part["number"]: part["state"] for part in found["parts"] if part["kind"] == "step"}
        assert list(steps) == list("01234567")
        assert set(steps.values()) <= states


def test_the_method_is_chosen_by_priority_with_source_and_reason(tmp_path: Path) -> None:
    """0.4.S0: source, version and reason; the generic chart only where four better ones were rejected."""
    chosen = next(line for line in APPLICATION.splitlines(keepends=True) if "id=S0.source" in line)
    for text, lint in (
        (APPLICATION.replace(chosen, ""), "deployment-method"),
        (APPLICATION.replace("community-chart; because it is kept well", "community-chart"), "deployment-method"),
        (APPLICATION.replace('decided="community-chart; ', 'decided="onechart; '), "onechart-unrejected"),
    ):
        assert text != APPLICATION
        assert lint in [name for name, _ in lints(tmp_path, text)]
    image = "deploy-app wiki --image ghcr.io/example/wiki:1.2.3 --port 8080 --method onechart"
    root = with_plan(tmp_path, f"{image} {WHY}")
    unrejected = by_result(verified(root, "--step 0", 1), "fail")
    methods = ("official-chart", "official-method", "community-chart", "official-kustomize")
    assert {f"S0.{method}" for method in methods} <= unrejected
    reasons = " ".join(f'--reject "{method}=there is none"' for method in methods)
    elysium(root, f"plan new {image} {reasons} {WHY} -o {PLAN} --force --yes {MAPPED}")
    assert not by_result(verified(root, "--step 0", 1), "fail") & {f"S0.{method}" for method in (*methods, "source")}


@pytest.mark.parametrize(
    ("path", "old", "new", "item"),
    [
        ("clusters/kyrion/apps.yaml", "    - name: infra-configs\n", "", "flux.dependencies"),
        (
            "apps/base/postgresql/repository.yaml",
            "https://charts.bitnami.com/bitnami",
            "https://charts.example.org",
            "flux.source.helmrepository.postgresql.bitnami",
        ),
        ("clusters/kyrion/config-map.yaml", "TIMEZONE:", "OTHER:", "flux.variable.TIMEZONE"),
        ("apps/base/postgresql/release.yaml", "interval: 30m", "interval: 45m", "flux.interval.helmrelease.postgresql"),
        ("apps/base/postgresql/release.yaml", "timeout: 10m", "timeout: 5m", "flux.interval.helmrelease.postgresql"),
    ],
)
def test_declared_settings_of_flux_equal_those_of_the_repository(
    path: str, old: str, new: str, item: str, applied: Path, tmp_path: Path
) -> None:
    """0.5 and 0.11.7: order, source, variables, interval and timeout; one that differs is named."""
    root = copied(applied, tmp_path)
    changed(root, path, old, new)
    assert item in by_result(verified(root, "--section flux", 1), "fail")


def test_settings_of_flux_are_as_declared_and_what_is_live_says_how_to_know_it(applied: Path) -> None:
    """0.5 and 0.11.7: nothing differs; what only a cluster can tell is unknown, with the command."""
    flux = verified(applied, "--section flux", 0)
    assert by_result(flux, "pass") == set(flux)
    assert "infra-configs" in flux["flux.dependencies"]["title"]
    assert "30m, timeout 10m" in flux["flux.interval.helmrelease.postgresql"]["title"]
    live = verified(applied, "--step 7 --item S7.pods --item S7.connection", 0)
    assert {item["result"] for item in live.values()} == {"unknown"}
    assert "kubectl get pods -n postgresql" in live["S7.pods"]["title"]
    assert "psql -h postgresql.postgresql.svc.cluster.local -U postgres" in live["S7.connection"]["title"]


CLASSES = ("Pre-deployment", "Deployment", "Functional", "Integration", "Performance", "Security")


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_of_tests_runs_or_says_why_not(kind: str, tmp_path: Path) -> None:
    """0.6: a class without a test is found; one that is explained is not."""
    start = APPLICATION.index("## 6.")
    line = next(line for line in APPLICATION[start:].splitlines(keepends=True) if f"**{kind}**" in line)
    gone = APPLICATION[:start] + APPLICATION[start:].replace(line, "", 1)
    assert "missing-test-class" in [name for name, _ in lints(tmp_path, gone)]
    explained = APPLICATION[:start] + APPLICATION[start:].replace(line, f"- **{kind}**: n/a, because it is a trial.\n")
    assert lints(tmp_path, explained, code=0) == []


def test_tests_that_can_run_here_run(applied: Path) -> None:
    """0.6: validation, render, references, resources and rules run offline; the rest says what it waits for."""
    items = verified(applied, "--section tests", 0)
    assert {item["title"].partition(":")[0] for item in items.values()} == set(CLASSES)
    ran = {items[name]["title"].partition(":")[0] for name in by_result(items, "pass")}
    assert ran == set(CLASSES)
    waiting = [items[name]["reason"] for name in by_result(items, "unknown")]
    assert all("--allow-commands" in reason or "attest" in reason for reason in waiting)


def test_declared_metrics_dashboards_and_alerts_are_in_the_render(planned: Path, applied: Path, tmp_path: Path) -> None:
    """0.10 and 0.11.10: four alerts with their thresholds, three panels, the metrics; logging is said."""
    before = verified(planned, "--section monitoring", 1)
    after = verified(applied, "--section monitoring", 0)
    alerts = ("Down", "ConnectionsHigh", "ReplicationLag", "DiskAlmostFull")
    wanted = {f"monitoring.alert.Postgresql{alert}" for alert in alerts} | {f"monitoring.panel.{n}" for n in (1, 2, 3)}
    assert wanted <= by_result(before, "fail")
    assert wanted <= by_result(after, "pass")
    panels = " ".join(after[f"monitoring.panel.{n}"]["title"] for n in (1, 2, 3))
    assert all(word in panels for word in ("Connections", "Queries", "Cache hit ratio"))
    assert after["monitoring.logging"]["title"].startswith("Logging:")
    for old, new, alert in (("> 0.80", "> 0.90", "ConnectionsHigh"), ("> 30", "> 60", "ReplicationLag")):
        root = copied(applied, tmp_path / alert)
        changed(root, "monitoring/configs/postgresql/alerts.yaml", old, new)
        assert f"monitoring.alert.Postgresql{alert}" in by_result(verified(root, "--section monitoring", 1), "fail")
    gone = APPLICATION[: APPLICATION.index("- **Logging**")]
    assert any("logging" in message for name, message in lints(tmp_path, gone) if name == "missing-section-part")


def test_an_imported_plan_is_carried_out_and_verified(example: Path, archive: Path) -> None:
    """0.11: every item that can be told offline passes; the others are named with what would tell them."""
    before = verified(example, "", 1, ARCHIVE)
    after = verified(archive, "", 0, ARCHIVE)
    assert len(by_result(before, "fail")) > 35
    assert by_result(after, "fail") == set()
    assert by_result(before, "fail") - by_result(after, "pass") <= {"architecture-3"}
    unknown = [after[name] for name in by_result(after, "unknown")]
    assert all(item["reason"] for item in unknown)
    for section in ("requirements", "S1", "S2", "S3", "S4", "S5", "S6", "monitoring-3"):
        items = {name for name in after if name.startswith(section)}
        assert items
        assert items <= by_result(after, "pass")


def test_the_overview_of_the_example_needs_nothing_more(example: Path) -> None:
    """0.11.1: what, why and the impact are recognised in its sentence."""
    found = told(example, f"plan lint {ARCHIVE}", 1)["findings"]
    assert not [one for one in found if "overview" in one["message"].lower()]
    whole = (example / ARCHIVE).read_text(encoding="utf-8")
    start, end = whole.index("Deploy a PostgreSQL"), whole.index("## Requirements")
    text = f"{whole[:start]}A database.\n\n{whole[end:]}"
    assert any("overview" in message.lower() for _, message in lints(example, text))


def test_requirements_of_the_example_hold(applied: Path, archive: Path) -> None:
    """0.11.2: sizes of volumes, both secrets, the driver of the backups, and no ingress."""
    drafted = verified(applied, "--section requirements", 0)
    titles = {drafted[name]["title"] for name in by_result(drafted, "pass")}
    assert "Storage: 10Gi of class local-path for postgresql-wal" in titles
    assert "Storage: 50Gi of class local-path for data-postgresql-primary-0" in titles
    assert "Secrets: the key postgres-password of postgresql/postgresql-credentials" in titles
    assert "Secrets: the key account of postgresql/postgresql-backup" in titles
    assert "Dependencies for backups: cloud storage by rclone; the driver csi-rclone is there" in titles
    assert "Access: from inside the cluster only, no ingress" in titles
    assert results(told(archive, f"plan verify {ARCHIVE} --section requirements {MAPPED}")) == {
        f"requirements-{number}": "pass" for number in range(1, 5)
    }


@pytest.mark.parametrize(
    ("path", "old", "new", "item"),
    [
        ("release.yaml", "size: 50Gi", "size: 40Gi", "requirements.storage.data-postgresql-primary-0"),
        ("storage.yaml", "10Gi", "5Gi", "requirements.storage.postgresql-wal"),
    ],
)
def test_a_volume_of_another_size_is_noticed(
    path: str, old: str, new: str, item: str, applied: Path, tmp_path: Path
) -> None:
    """0.11.2: the size of the plan is that of the render, or it fails."""
    root = copied(applied, tmp_path)
    changed(root, f"apps/base/postgresql/{path}", old, new)
    assert item in by_result(verified(root, "--section requirements", 1), "fail")


def test_the_architecture_of_the_example_is_in_the_render(applied: Path, archive: Path) -> None:
    """0.11.3: namespace, service with its port, volumes on local storage, and a schedule for every day."""
    drafted = verified(applied, "--section architecture", 0)
    titles = {drafted[name]["title"] for name in by_result(drafted, "pass")}
    assert "Services: postgresql.postgresql.svc.cluster.local:5432" in titles
    assert "Storage: postgresql-wal, 10Gi of class local-path" in titles
    assert drafted["architecture.namespace.postgresql"]["result"] == "pass"
    imported = verified(archive, "--section architecture", 0, ARCHIVE)
    assert {"architecture-1", "architecture-2", "architecture-4"} <= by_result(imported, "pass")
    assert "30 2 * * *" in imported["architecture-4"]["reason"]


def test_the_dry_run_lists_the_files_of_the_example(planned: Path) -> None:
    """0.11.4: step by step, and nothing is written."""
    steps = told(planned, f"plan apply {PLAN} --dry-run {MAPPED}")["steps"]
    files = {file["path"] for step in steps for file in step["files"]}
    base = {"namespace", "kustomization", "repository", "release", "storage", "backup"}
    assert {f"apps/base/postgresql/{name}.yaml" for name in base} <= files
    assert {
        "apps/base/postgresql/postgresql-credentials-sealed-secret.yaml",
        "apps/kyrion/postgresql-patch.yaml",
        "apps/kyrion/kustomization.yaml",
    } <= files
    assert git(planned, "status", "--porcelain") == ""


def test_a_plan_in_the_shape_of_the_example_keeps_every_sentence(example: Path, tmp_path: Path) -> None:
    """0.13: headings without numbers, no step 0, bold labels: all is kept, and what lacks is named."""
    elysium(example, f"plan export {ARCHIVE} --format markdown -o {tmp_path}/back.md")
    assert (tmp_path / "back.md").read_bytes() == EXAMPLE.read_bytes()
    found = {(one["lint"], one["message"]) for one in told(example, f"plan lint {ARCHIVE}", 1)["findings"]}
    assert ("missing-step", "there is no step 0 (Choose the deployment method)") in found
    assert ("missing-section-part", "Requirements says nothing about prerequisites") in found
    assert ("missing-test-class", "there are no security tests") in found


def test_the_seven_steps_to_an_application_are_computed(planned: Path, applied: Path) -> None:
    """1.9a: plan, base, list, overlay, commit, verify, document: the files are written, and each step has a state."""
    before, after = (
        {name: item["result"] for name, item in verified(root, "", code).items()}
        for root, code in ((planned, 1), (applied, 0))
    )
    folder = {name for name in after if name.startswith(("S1", "S2", "S3.1", "S3.2"))}
    overlay = {name for name in after if name.startswith("S6")}
    documents = {name for name in after if name.startswith("documentation")}
    for step in (folder, overlay, documents):
        assert step
        assert {after[name] for name in step} == {"pass"}
        assert {before[name] for name in step} & {"fail"}
    assert after["overview.review"] == "unknown"  # until somebody attests it
    assert git(applied, "log", "--format=%s", "-1").startswith("postgresql: Step 7")
    commit_of = verified(applied, "--item S7.commit --allow-commands", 0)["S7.commit"]
    assert commit_of["result"] == "pass"
    assert {after[f"S7.{name}"] for name in ("reconcile", "release", "pods", "connection")} == {"unknown"}
