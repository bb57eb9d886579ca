"""Checks from words: what each recogniser tells, and where it says nothing."""

from __future__ import annotations

import pytest

from elysium.plans.document.parsing import parse
from elysium.plans.importing import import_plan
from elysium.plans.importing.inferring import RECOGNISERS, infer
from elysium.plans.types import Item, Plan, Role
from tests.plans.importing.documents import bytes_of

_APP = """# Deploy the wiki

## Requirements
- **Secrets**: the password

## Implementation Steps

### Step 1: Base
1. Create `apps/base/wiki/` directory
2. Create sealed secret: `wiki-login-sealed-secret.yaml`
3. Create `wiki-patch.yaml` for its size

## {section}
- HelmRepository: Example (https://charts.example.org)
{entry}
"""


def told(entry: str, section: str = "Steps") -> Item:
    """The item of an entry in the plan of an application."""
    plan = import_plan(_APP.format(entry=entry, section=section).encode(), "plan.md").plan
    return list(plan.places())[-1].item


def alone(entry: str, heading: str = "## Phase 1 – Work") -> Item:
    """The item of an entry in a plan that is about no application."""
    plan = import_plan(f"# Plan\n\n{heading}\n\nTasks:\n{entry}\n".encode(), "plan.md").plan
    return list(plan.places())[-1].item


def checks(item: Item) -> list[str]:
    return [str(check) for check in item.checks]


@pytest.mark.parametrize(
    ("entry", "section", "expected"),
    [
        ("- Create `release.yaml` with everything", "Steps", ["exists apps/base/wiki/release.yaml"]),
        ("- Add to `apps/base/kustomization.yaml`", "Steps", ["listed apps/base/kustomization.yaml wiki"]),
        (
            "- Add to `apps/demo/kustomization.yaml`",
            "Steps",
            ["listed apps/demo/kustomization.yaml wiki-patch.yaml"],
        ),
        (
            "- Add `notes` to `apps/base/kustomization.yaml`",
            "Steps",
            ["listed apps/base/kustomization.yaml notes"],
        ),
        ("- New `reading` namespace", "Architecture Impact", ["object Namespace//reading"]),
        ("- Internal: `wiki.wiki.svc.cluster.local:8080`", "Architecture Impact", ["service wiki/wiki:8080"]),
        ("- Internal: `wiki.wiki.svc`", "Architecture Impact", ["object Service/wiki/wiki"]),
        ("- 20Gi PVC for pages, 2Gi for drafts", "Requirements", ["claim wiki/* size=20Gi", "claim wiki/* size=2Gi"]),
        ("- Persistent volumes on local storage", "Requirements", ["claim wiki/* class~local"]),
        (
            "- **Access**: Internal only",
            "Requirements",
            ["no-object Ingress/wiki/* IngressRoute/wiki/* HTTPRoute/wiki/*"],
        ),
        ("- **Dependencies**: CSI-rclone for files", "Requirements", ["object CSIDriver//*rclone*"]),
        ("- **Secrets**: a password", "Requirements", ["secret wiki/wiki-login"]),
        (
            "- Add Example Helm repository to Flux",
            "Steps",
            ["source HelmRepository/*/* url=https://charts.example.org"],
        ),
        ("- Depends on: infra-configs (for the class)", "Flux Configuration", ['chain "infra-configs\\>apps"']),
        (
            "- Reconciliation: 30m interval, 10m timeout",
            "Flux Configuration",
            ["object HelmRelease/wiki/* spec.interval=30m spec.timeout=10m"],
        ),
        (
            "- Set resource requests: CPU 50m, Memory 64Mi",
            "Steps",
            [
                "object */wiki/* spec.template.spec.containers.*.resources.requests.cpu=50m "
                "spec.template.spec.containers.*.resources.requests.memory=64Mi"
            ],
        ),
        ("- Validate it with `helm template`", "Testing Plan", ["render"]),
        ("- Reference in HelmRelease via valuesFrom", "Steps", ["object HelmRelease/wiki/* spec.valuesFrom"]),
        ("- Configure the HelmRelease", "Steps", ["object HelmRelease/wiki/*"]),
        ("- Nightly dumps to the cloud", "Architecture Impact", ["schedule wiki/* daily"]),
        ("- Weekly backups", "Architecture Impact", ["schedule wiki/* weekly"]),
        (
            "- Create a CronJob with pg_dump and rclone",
            "Steps",
            ["schedule wiki/*", "object */wiki/* contains /pg_?dump/ contains /rclone/"],
        ),
        (
            "- Set up retention (7 daily, 4 weekly)",
            "Steps",
            [
                "object */wiki/* contains /(?i)daily[^0-9]{0,20}7([^0-9]|$)/ "
                "contains /(?i)weekly[^0-9]{0,20}4([^0-9]|$)/"
            ],
        ),
        ("- Enable the metrics exporter", "Steps", ["object */wiki/* contains exporter"]),
        ("- Create ServiceMonitor for Prometheus", "Steps", ["object ServiceMonitor/*/*wiki*"]),
        ("- Add Grafana dashboard for readers", "Steps", ["dashboard *wiki*"]),
        (
            "- **Dashboard**: Overview (reads, slow queries)",
            "Monitoring",
            ["dashboard *wiki* panel /(?i)read/ panel /(?i)slow.*quer/"],
        ),
        ("- Configure alerts for disk usage > 85%", "Steps", ["alert *disk* expr~wiki expr~/(0[.]85|85)/"]),
        ("- NetworkPolicy: only from the proxy", "Security", ["object NetworkPolicy/wiki/*"]),
        ("- Pods: runAsNonRoot", "Security", ["object */wiki/* contains /runAsNonRoot..true/"]),
        ("- Password kept as sealed secret", "Security", ["object SealedSecret/wiki/*"]),
        (
            "- Service account with few rights",
            "Security",
            ["object ServiceAccount/wiki/*", "no-object ClusterRoleBinding//*wiki*"],
        ),
        ("- Look: `kubectl get pods -n wiki`", "Testing Plan", ["run kubectl get pods -n wiki"]),
    ],
)
def test_of_an_application(entry: str, section: str, expected: list[str]) -> None:
    found = checks(told(entry, section))
    assert [check.replace('"', "").replace("\\", "") for check in found] == [
        check.replace('"', "").replace("\\", "") for check in expected
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("- Create `docs/guide.md`", ["exists docs/guide.md"]),
        ("- Supply a script `ops/prepare.sh` for the runner", ["exists ops/prepare.sh"]),
        ("- Confirm absence/presence of `charts/` and `k8s/`; create if missing", ["exists charts k8s"]),
        ("- Create `RUNBOOK.md`", ["exists **/RUNBOOK.md"]),
        ("- Add `RISKS.md` in `docs/`", ["exists docs/RISKS.md"]),
        ("- Scaffold Helm chart at `charts/shop/`", ["exists charts/shop", "exists charts/shop/Chart.yaml"]),
        (
            "- `charts/shop` scaffolded with values.yaml, service.yaml, in `charts/`",
            [
                "exists charts/shop",
                "exists charts/shop/Chart.yaml charts/shop/values.yaml charts/shop/templates/service.yaml",
            ],
        ),
        ("- Add Make targets: `kind-up`, `kind-down`", ["make kind-up kind-down"]),
        (
            "- `k8s/namespaces.yaml` created with `shop`, `edge` namespaces",
            ["exists k8s/namespaces.yaml", "yaml k8s/namespaces.yaml metadata.name=shop metadata.name=edge"],
        ),
        (
            "- Added `docs/api.md` with parameters, quick start, examples",
            ["exists docs/api.md", "contains docs/api.md /(?i)parameters/ /(?i)quick.?start/ /(?i)examples/"],
        ),
        ("- Check the host: 4+ vCPU, 8+ GB RAM, 80+ GB SSD", ["host hosts/facts.json cpu>=4 memory>=8G disk>=80G"]),
        ("- Author `.github/workflows/up.yml`", ["workflow up.yml"]),
    ],
)
def test_of_any_plan(entry: str, expected: list[str]) -> None:
    found = [check.replace('"', "").replace("\\", "") for check in checks(alone(entry))]
    assert found == expected


@pytest.mark.parametrize(
    "entry",
    [
        "- Translate `ops/default.env` into defaults of the chart",
        "- Create a job mirroring `ops/compose.yml`",
        "- Remove `apps/base/old.yaml`",
        "- Create `apps/base/<name>/`",
        "- Create `docs/guide.md` or something like it",
        "- Create a file (e.g., `docs/guide.md`)",
        "- Create `values.yaml` of each chart",
        "- Add the label `app.kubernetes.io/name`",
        "- Create `/etc/rancher/config.yaml`",
        "- Create `../outside.yaml`",
        "- Push to `ghcr.io/example/shop`",
        "- Add `helm lint` to the docs",
    ],
)
def test_what_is_not_certain_gets_no_check(entry: str) -> None:
    assert checks(alone(entry)) == []


@pytest.mark.parametrize(
    "entry",
    [
        "- Verify that it works",
        "- Coordinate the freeze with everybody",
        "- Run `sudo systemctl enable --now timer`",
        "- Remove a pod: `kubectl delete pod wiki-0`",
        "- Fetch it: `curl https://example.org/get | bash`",
        "- Look: `kubectl get ns pr-<n>`",
        "- Install it:\n  ```bash\n  helm install wiki\n  ```",
    ],
)
def test_what_only_a_person_can_say_is_attested(entry: str) -> None:
    item = alone(entry)
    assert item.manual is not None
    assert checks(item) == []


def test_what_a_check_does_not_cover_is_attested_too() -> None:
    item = alone("- Create `docs/hosts.md`. Document who may log in.")
    assert checks(item) == ["exists docs/hosts.md"]
    assert item.manual is not None


def test_what_is_not_needed_is_no_work() -> None:
    assert told("- Variable substitution: None required", "Flux Configuration").role is Role.NOTE


def test_limits_of_one_cluster_are_in_its_patch() -> None:
    text = _APP.format(
        section="Steps", entry="- Add to `apps/demo/kustomization.yaml`\n- Set production-specific limits"
    )
    item = list(import_plan(text.encode(), "plan.md").plan.places())[-1].item
    assert checks(item) == ["contains apps/demo/wiki-patch.yaml limits"]


def test_what_is_deferred_by_its_label_says_what_it_waits_for() -> None:
    text = "# P\n\n## Phase 1\n\nDeferred:\n- Mailer, to be added when the queue is chosen.\n- Another\n"
    found = [place.item.deferred for place in import_plan(text.encode(), "p.md").plan.places()]
    assert found == ["when the queue is chosen", "later"]


def test_decisions_are_open_or_made() -> None:
    assert alone("- Decide on TLS").decision is not None
    made = import_plan(b"# P\n\n## Phase 1\n\nDecisions:\n- Ingress controller: NGINX (for now)\n", "p.md").plan
    decision = next(made.places()).item.decision
    assert decision is not None
    assert decision.chosen == "NGINX"


def test_what_a_decision_chooses_from_is_no_work() -> None:
    text = "# P\n\n## Phase 1\n\nTasks:\n- Decide on TLS:\n  - If at the edge, nothing\n  - If inside, an issuer\n"
    roles = [place.item.role.value for place in import_plan(text.encode(), "p.md").plan.places()]
    assert roles == ["task", "note", "note"]


@pytest.mark.parametrize(
    ("entry", "trigger"),
    [
        ("- Optional dashboards", "if wanted"),
        ("- Set up a volume (if needed)", "if needed"),
        ("- A second tool - defer if overhead.", "if overhead"),
        ("- Evaluate another driver when multiple nodes are there", "when multiple nodes are there"),
        ("- Retire the old one after two weeks of quiet", "after two weeks of quiet"),
        ("- Add records if unique names are desired.", "if unique names are desired"),
        ("- Logs: 💤 Deferred (after the charts)", "after the charts"),
    ],
)
def test_what_is_put_off_says_when_it_comes_back(entry: str, trigger: str) -> None:
    assert alone(entry).deferred == trigger


@pytest.mark.parametrize(
    ("entry", "due"),
    [
        ("- Send the list by 2027-03-01", "2027-03-01"),
        ("- Send the list until Mar 1, 2027", "2027-03-01"),
        ("- Send the list by 2027-02-31", ""),
        ("- The list of 2027-03-01", ""),
    ],
)
def test_days_are_due(entry: str, due: str) -> None:
    assert alone(entry).due == due


def test_impact_is_declared() -> None:
    assert told("- New `reading` namespace", "Architecture Impact").impact == ("Namespace//reading",)


def test_files_below_an_item_lie_in_its_folder() -> None:
    plan = import_plan(bytes_of("staging-environments"), "plan.md").plan
    found = {str(check) for place in plan.places() for check in place.item.checks}
    assert "exists ops/k8s/namespaces/template.yaml" in found
    assert "exists ops/k8s/policies/quota.yaml ops/k8s/policies/limits.yaml" in found
    assert "workflow stage-up.yml" in found
    assert "exists ops/helm/shop/README.md" in found


def test_what_a_chart_holds_is_looked_for_in_it() -> None:
    plan = import_plan(bytes_of("staging-environments"), "plan.md").plan
    found = {str(check) for place in plan.places() for check in place.item.checks}
    assert 'contains ops/helm/shop/templates/** "kind: Deployment" "kind: Service" "kind: Ingress"' in found
    assert "yaml ops/helm/shop/values.yaml image.repository image.tag" in found


def test_places_of_instructions_are_checked() -> None:
    plan = import_plan(bytes_of("handbook"), "plan.md").plan
    found = {str(check) for place in plan.places() for check in place.item.checks}
    assert {"exists clusters/orchard", "exists clusters/orchard/apps.yaml", "exists apps"} <= found


@pytest.mark.parametrize("text", ["`" * 300, "(" * 500, "- " + "a, " * 2000, "x" * 100_000, "**a**: " * 400])
def test_hostile_items_take_no_time(text: str) -> None:
    plan: Plan = parse(f"# Plan\n\n- [ ] Create {text}\n")
    assert list(infer(plan))


def test_every_recogniser_is_documented() -> None:
    from pathlib import Path

    page = (Path(__file__).parents[3] / "docs" / "plans" / "import.md").read_text(encoding="utf-8")
    assert [name for name in RECOGNISERS if f"`{name}`" not in page] == []
