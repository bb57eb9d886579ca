"""What a plan must never get: a result that nobody knows, a secret, a file elsewhere, the terminal, all the time."""

from __future__ import annotations

import contextlib
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from elysium.agents.front_matter import FrontMatterError
from elysium.agents.front_matter import split as read_front_matter
from elysium.api.plan_world import PlanWorld
from elysium.errors import PlanError
from elysium.plans.document.composing import compose
from elysium.plans.document.parsing import parse
from elysium.plans.importing import import_plan
from elysium.plans.progress.verifying import Chosen, verify
from tests.gitting import git
from tests.hostile.sandbox import Sandbox
from tests.plans.checks.asking import CLUSTER, ask, copied, opened, write

_EXAMPLE = Path(__file__).parents[2] / "examples" / "kyrion"
_OBJECTS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: wiki}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.29", ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: wiki}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: cache, namespace: wiki}
spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: wiki}
spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 51200Mi}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup, namespace: wiki}
spec:
  schedule: "0 3 * * *"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "b:1"}]}}}}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: rules, namespace: wiki}
spec: {groups: [{name: g, rules: [{alert: Down, expr: up, labels: {severity: info}}]}]}
"""
_KNOWN = CLUSTER | {
    "apps/kustomization.yaml": "resources: [namespace.yaml, objects.yaml]\n",
    "apps/objects.yaml": _OBJECTS,
}
_DIM = _KNOWN | {"apps/kustomization.yaml": "resources: [namespace.yaml, release.yaml, objects.yaml]\n"}
_FAILING = CLUSTER | {"apps/kustomization.yaml": "resources: [missing.yaml]\n"}


def _suspended() -> Mapping[str, str]:
    return _KNOWN | {"clusters/demo/apps.yaml": _KNOWN["clusters/demo/apps.yaml"].replace("prune:", "suspend:")}


def _two() -> Mapping[str, str]:
    other = {
        name.replace("clusters/demo", "clusters/prod"): text.replace("clusters/demo", "clusters/prod")
        for name, text in CLUSTER.items()
        if name.startswith("clusters/")
    }
    other["clusters/prod/apps.yaml"] = other["clusters/prod/apps.yaml"].replace("path: ./apps", "path: ./more")
    more = {"more/kustomization.yaml": "resources: [objects.yaml]\n", "more/objects.yaml": _OBJECTS}
    return _KNOWN | other | more | {"more/objects.yaml": _OBJECTS.replace("replicas: 1", "replicas: 3")}


@pytest.fixture(scope="module")
def dim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlanWorld]:
    """Objects that are known, beside a release that is not."""
    with opened(write(tmp_path_factory.mktemp("dim"), _DIM)) as world:
        yield world


@pytest.mark.parametrize(
    "text",
    [
        "object Deployment/wiki/* spec.replicas=7",
        "object */wiki/* spec.replicas=7",
        "claim wiki/* size=7Gi",
        "schedule wiki/* daily",
        "alert Down labels.severity=critical",
        "reach Deployment/wiki/* wiki/web:80",
        "reach Deployment/wiki/web wiki/web:80",
        "reach outside wiki/web:80 denied",
        "can other/somebody get pods other denied",
        "image-pinned Deployment/wiki/web Deployment/wiki/*",
    ],
)
def test_what_an_unknown_release_may_decide_is_not_decided(dim: PlanWorld, text: str) -> None:
    assert ask(dim, text).result == "unknown"


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "object Deployment/wiki/web spec.replicas=7": "fail",
        "object Deployment/wiki/* spec.replicas=1": "pass",
        "claim wiki/* size=50Gi": "pass",
        "claim wiki/data size>=50Gi": "pass",
        "claim wiki/cache size=7Gi": "fail",
        "source HelmRepository/*/* url=x": "fail",
    }.items(),
)
def test_what_an_unknown_release_cannot_change_is_decided(dim: PlanWorld, text: str, expected: str) -> None:
    assert ask(dim, text).result == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "no-object Namespace//wiki": "unknown",
        "count Namespace//* = 0": "unknown",
        "count Namespace//* <= 3": "unknown",
        "count ConfigMap/*/* < 9": "unknown",
        "image-pinned": "unknown",
        "can wiki/somebody get pods wiki denied": "unknown",
        "latency 1h": "fail",
    }.items(),
)
def test_nothing_is_absent_because_a_unit_fails(tmp_path: Path, text: str, expected: str) -> None:
    with opened(write(tmp_path, _FAILING)) as world:
        assert ask(world, text).result == expected


def test_what_only_a_suspended_unit_makes_is_not_there_for_sure(tmp_path: Path) -> None:
    with opened(write(tmp_path, _suspended())) as world:
        for text in ("object Namespace//wiki", "service wiki/web:80", "claim wiki/data", "schedule wiki/backup daily"):
            told = ask(world, text)
            assert (told.result, "ks/flux-system/apps" in told.reason) == ("unknown", True), text


def test_of_several_clusters_one_has_to_be_said(tmp_path: Path) -> None:
    with opened(write(tmp_path, _two())) as world:
        for text in ("object Deployment/wiki/web spec.replicas=1", "count Deployment/wiki/* = 1", "claim wiki/data"):
            told = ask(world, text)
            assert (told.result, "--cluster" in told.reason) == ("unknown", True), text


def test_a_release_that_changed_and_is_not_known_is_not_unchanged(tmp_path: Path) -> None:
    root = copied(write(tmp_path / "first", CLUSTER), tmp_path / "second")
    release = root / "apps/release.yaml"
    release.write_text(release.read_text(encoding="utf-8").replace("1.2.3", "1.2.4"), encoding="utf-8")
    with opened(root) as world:
        assert ask(world, "unchanged HEAD except=HelmRelease/wiki/wiki").result == "unknown"
    git(root, "checkout", "--quiet", ".")
    with opened(root) as world:
        assert ask(world, "unchanged HEAD").result == "pass"


_SECRET = CLUSTER | {
    "apps/kustomization.yaml": (
        "resources: [secret.yaml]\nsecretGenerator: [{name: made, namespace: wiki, literals: [word=hunter2222]}]\n"
    ),
    "apps/secret.yaml": (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: wiki}\nstringData: {k: hunter2222}\n"
        "data: {b: aHVudGVyMjIyMg==}\n"
    ),
}


@pytest.mark.parametrize(
    "text",
    [
        "yaml apps/secret.yaml *.k=x",
        "yaml apps/secret.yaml *=x",
        "yaml apps/secret.yaml *.*=x",
        "yaml apps/secret.yaml data.b=x",
        "yaml apps/kustomization.yaml *.*.literals=x",
        "yaml apps/kustomization.yaml *[0]=x",
        "object Secret/wiki/s *.k=x",
        "object Secret/wiki/s data=x",
        "object Secret/wiki/* contains /2222/",
        "overlay apps Secret/wiki/s *.k=x",
        "overlay apps Secret/wiki/made* *.word=x",
    ],
)
def test_no_check_tells_the_value_of_a_secret(tmp_path: Path, text: str) -> None:
    with opened(write(tmp_path, _SECRET)) as world:
        told = str(ask(world, text))
    assert "hunter" not in told
    assert "aHVudGVy" not in told


def _results(root: Path, text: str, **chosen: tuple[str, ...]) -> dict[str, str]:
    with opened(write(root, {"there.md": "# Here\n"})) as world:
        found = verify(parse(text), world, Chosen(**chosen))
    return {item.id: f"{item.result}/{item.state}" for item in found.items}


_NEEDS = """# Plan
## Steps
- a <!-- plan: id=a check="exists there.md" needs=b -->
- b <!-- plan: id=b check="exists there.md" needs=c -->
- c <!-- plan: id=c check="exists gone.md" -->
- d <!-- plan: id=d -->
  - e <!-- plan: id=e check="exists there.md" needs=c -->
- f <!-- plan: id=f check="exists there.md" needs=d -->
- g <!-- plan: id=g check="exists there.md" needs=h -->
- h <!-- plan: id=h check="exists there.md" needs=g -->
"""


def test_what_is_needed_is_needed_through_others_too(tmp_path: Path) -> None:
    found = _results(tmp_path, _NEEDS)
    assert {name for name, told in found.items() if told == "unknown/unknown"} == {"a", "b", "d", "e", "f"}


def test_an_item_alone_is_as_in_the_whole_plan(tmp_path: Path) -> None:
    whole = _results(tmp_path, _NEEDS)
    for name in ("a", "b", "f"):
        assert _results(tmp_path, _NEEDS, items=(name,)) == {name: whole[name]}


def test_nothing_is_complete_of_which_a_part_is_put_off(tmp_path: Path) -> None:
    text = """# Plan
## Steps
- a <!-- plan: id=a check="exists there.md" -->
  - b <!-- plan: id=b check="exists gone.md" deferred=later -->
- c <!-- plan: id=c check="exists there.md" needs=a -->
- d <!-- plan: id=d deferred=later -->
  - e <!-- plan: id=e check="exists gone.md" -->
"""
    found = _results(tmp_path, text)
    assert (found["a"], found["c"], found["d"]) == ("pass/deferred", "unknown/unknown", "unknown/deferred")


def test_a_phase_that_two_headings_begin_does_not_wait_for_itself(tmp_path: Path) -> None:
    text = """# Plan
## Phase 1: Begin
- a <!-- plan: id=a check="exists gone.md" -->
## Phase 1: Begin again
- b <!-- plan: id=b check="exists there.md" -->
## Phase 2: Go on
- c <!-- plan: id=c check="exists there.md" -->
"""
    with opened(write(tmp_path, {"there.md": "# Here\n"})) as world:
        found = verify(parse(text), world)
    blocked = {part.title: part.blocked_by for part in found.parts}
    assert [bool(reason) for reason in blocked.values()] == [False, False, True]


def _repository(sandbox: Sandbox, files: Mapping[str, str]) -> str:
    """A committed repository in the sandbox; the commit."""
    root = write(sandbox.repository, files)
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Begin")
    return git(root, "rev-parse", "HEAD").strip()


@pytest.mark.parametrize("base", ["--output=../out", "--ext-diff", "-", "HEAD~9;x", ":/Begin", "nothing"])
def test_the_base_of_a_plan_is_no_option_of_git(sandbox: Sandbox, base: str) -> None:
    plan = f"""<!-- plan:
base="{base}"
relies=README.md@sha256:{"0" * 64}
component="app/wiki image=nginx:1.29"
-->
# Plan
"""
    shutil.copytree(_EXAMPLE, sandbox.repository, dirs_exist_ok=True)
    _repository(sandbox, {"plan.md": plan})
    for verb in (("apply", "--dry-run"), ("apply", "--yes"), ("diff",), ("rollback",)):
        sandbox.run("plan", verb[0], "plan.md", *verb[1:])
    assert git(sandbox.repository, "status", "--short") == ""


@pytest.mark.parametrize(
    "lines", ["- [ ] do it\n" * 50_000, "- a\r" * 50_000, "# a\n" * 50_000, "**a**\n\n- b\n" * 9_000]
)
def test_a_document_that_nobody_reads_is_refused(sandbox: Sandbox, lines: str) -> None:
    (sandbox.repository / "plan.md").write_text(lines, encoding="utf-8")
    for verb in ("lint", "export", "import"):
        told = sandbox.run("plan", verb, "plan.md", within=20)
        assert (told.code, "split it" in told.err) == (2, True)


_OPEN = {
    "front matter": "---\r\n" + "a: b\r\n" * 5_000,
    "block": "<!-- plan:\r\n" + "kind=custom\r\n" * 5_000,
    "front matter and block": "---\r\na: b\r\n---\r\n<!-- plan:\r\n" + "name=a\r\n" * 5_000,
}


@pytest.mark.parametrize("text", _OPEN.values(), ids=_OPEN)
def test_lines_that_end_as_on_windows_take_no_longer(text: str) -> None:
    started = time.monotonic()
    with contextlib.suppress(PlanError):
        parse(text)
    with contextlib.suppress(PlanError):
        import_plan(text.encode(), "plan.md")
    with contextlib.suppress(FrontMatterError):
        read_front_matter(text)
    assert time.monotonic() - started < 10


_COMPONENT = """<!-- plan:
kind=custom
name=wiki
component="app/wiki image=nginx:1.29 port=8080"
-->
# Plan

## Steps

### Step 1: Write

- a <!-- plan: id=a file=apps/base/wiki -->
"""


def test_what_an_ended_run_wrote_is_committed_by_the_next(sandbox: Sandbox) -> None:
    root = sandbox.repository
    shutil.copytree(_EXAMPLE, root / "home" / "cluster", dirs_exist_ok=True)
    _repository(sandbox, {"plan.md": _COMPONENT})
    git(root, "config", "user.name", "Test")
    git(root, "config", "user.email", "test@example.org")
    sandbox.writes = True
    where = ("plan.md", "--repo", "home/cluster", "--yes")
    assert sandbox.run("plan", "apply", *where).code == 0  # as after the end of a run between writing and committing
    git(root, "add", "home/cluster/.elysium")
    assert git(root, "status", "--short") != ""
    assert sandbox.run("plan", "apply", *where, "--commit").code == 0
    assert git(root, "status", "--short") == ""
    assert "Plan: wiki" in git(root, "log", "-1", "--format=%b")


@pytest.mark.parametrize("option", ["--fix-marks", "--archive-done"])
def test_what_somebody_writes_while_checks_run_is_not_lost(sandbox: Sandbox, option: str) -> None:
    plan = sandbox.repository / "plan.md"
    slow = r'- [x] a <!-- plan: id=a check="run sh -c \"touch started; sleep 3\"" -->' + "\n"
    plan.write_text(f"# Plan\n\n## Phase 1: Begin ⏳\n\n{slow}", encoding="utf-8")
    sandbox.writes = True
    running = sandbox.start("plan", "status", "plan.md", option, "--allow-commands")
    deadline = time.monotonic() + 30
    while not (sandbox.repository / "started").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    plan.write_text(plan.read_text(encoding="utf-8") + "- b\n", encoding="utf-8")
    told = running.finish()
    assert (told.code, "meanwhile" in told.err) == (2, True)
    assert plan.read_text(encoding="utf-8").endswith("- b\n")
    assert not (sandbox.repository / "CHANGES.md").exists()


_STEERING = """# Plan \x1b[31m\u202e\x9b2J

## Phase 1: \x1b]0;title\x07 Begin ✅

- [ ] \u202ea \x9b31m \x1b[2J <!-- plan: id=a due=2026-01-01 -->
- [ ] b <!-- plan: id=b manual="\u202ex" attested="m 2026-01-01 \u202er" check="exists b\x9b" -->
"""
_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_nothing_in_a_plan_steers_the_terminal(sandbox: Sandbox) -> None:
    (sandbox.repository / "plan.md").write_text(_STEERING, encoding="utf-8")
    views = ["lint", "lint -o json", "verify --all", "verify -o json", "status --items"]
    views += [f"status -o {form}" for form in ("json", "markdown", "html")]
    views += [f"export --format {form}" for form in ("json", "checklist")]
    for view in views:
        verb, *options = view.split()
        said = sandbox.run("plan", verb, "plan.md", *options).said
        assert _STEERS.findall(said) == [], view


@pytest.mark.parametrize("text", ["- - - x\n", "- a\n  - - - b\n"])
def test_an_item_that_no_markdown_says_is_named(text: str) -> None:
    with contextlib.suppress(PlanError):
        assert [place.item.id for place in parse(compose(parse(text))).places()]
