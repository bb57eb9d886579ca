"""How a plan is rolled back, and whether that gives back what was there."""

from __future__ import annotations

import contextlib
import shlex
import subprocess
from functools import partial
from pathlib import Path

import msgspec
import pytest

from elysium.api import Options, Workspace
from elysium.errors import PlanError
from elysium.model import Render
from elysium.plans.document.parsing import parse
from elysium.plans.results import Result
from elysium.plans.types import Plan
from elysium.plans.undoing.commits import PlanCommits, plan_commits
from elysium.plans.undoing.rolling_back import Rollback, Verdict, roll_back, try_rollback
from elysium.sources import Cache
from tests.gitting import commit, git
from tests.repositories import CLUSTER, config_map, files_of, helm_release, kustomization, write_repository

APPS = f"{CLUSTER}/apps.yaml"
OWN = f"{CLUSTER}/wiki.yaml"
BASE = {
    APPS: kustomization("apps", "./apps"),
    "apps/kustomization.yaml": "resources: [old.yaml]\n",
    "apps/old.yaml": config_map("old", "default", "{x: y}"),
}
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: wiki}\n"
CLAIM = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: wiki}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""


def plan_of(base: str, *files: str, name: str = "wiki") -> Plan:
    """A plan whose items deliver these files."""
    words = " ".join(f"file={path}" for path in files)
    start = f"base={base}\n" if base else ""
    head = f"<!-- plan:\nkind=deploy-app\nname={name}\n{start}-->\n"
    return parse(f"{head}# Wiki\n\n- Everything <!-- plan: id=S1 {words} -->\n", "docs/plans/wiki.md")


def rendered(root: Path, revision: str | None = None, place: str = "") -> Render:
    with Workspace(root / place, options=Options(workers=1, revision=revision)) as workspace:
        return workspace.render()


def procedure(root: Path, plan: Plan) -> Rollback:
    return roll_back(plan, plan_commits(plan, root, Cache()), rendered(root, plan.base), rendered(root))


def tried(root: Path, plan: Plan) -> Verdict:
    found = plan_commits(plan, root, Cache())
    return try_rollback(root, found, rendered(root, plan.base), Cache(), rendered)


def subjects(found: PlanCommits) -> list[str]:
    return [item.subject for item in found.commits]


@pytest.fixture
def wiki(repository: Path) -> tuple[Path, Plan]:
    """A repository in which a plan was carried out in two commits that say so, and a third that writes its document."""
    base = commit(write_repository(repository, BASE))
    write_repository(repository, {"apps/wiki/namespace.yaml": NAMESPACE, "apps/wiki/claim.yaml": CLAIM})
    commit(repository, "Add the wiki\n\nPlan: wiki")
    write_repository(repository, {"docs/plans/wiki.md": "# Wiki\n"})
    commit(repository, "Plan the wiki\n\nPlan: wiki")
    entry = "resources: [old.yaml, wiki/namespace.yaml, wiki/claim.yaml]\n"
    commit(write_repository(repository, {"apps/kustomization.yaml": entry}), "Deploy the wiki\n\nPlan: wiki")
    return repository, plan_of(base, "apps/wiki")


def test_commits_that_name_the_plan_are_reverted_newest_first(wiki: tuple[Path, Plan]) -> None:
    root, plan = wiki
    found = plan_commits(plan, root, None)
    assert (found.by, subjects(found)) == ("trailer", ["Deploy the wiki", "Add the wiki"])
    assert found.others == ()
    assert not found.nothing


def test_the_steps_suspend_revert_resume_and_validate(wiki: tuple[Path, Plan]) -> None:
    root, plan = wiki
    rollback = procedure(root, plan)
    identities = [item.id[:12] for item in rollback.commits.commits]
    assert [step.title for step in rollback.steps] == [
        "Save what the rollback deletes for good, or decide that nobody needs it",
        "Suspend ks/flux-system/apps",
        "Revert the commits of the plan, newest first, and push",
        "Let Flux fetch the reverted commit",
        "Resume ks/flux-system/apps",
        "Validate that the rollback succeeded",
    ]
    commands = [command for step in rollback.steps for command in step.commands]
    assert commands == [
        "flux suspend kustomization apps --namespace flux-system",
        f"git revert --no-edit {identities[0]} {identities[1]}",
        "git push",
        "flux reconcile source git flux-system --namespace flux-system",
        "flux resume kustomization apps --namespace flux-system",
        "flux reconcile kustomization apps --namespace flux-system",
        "flux get kustomizations apps --namespace flux-system",
        "elysium check",
    ]
    assert "its 1 other object follow" in rollback.steps[1].why.replace("follows", "follow")


def test_reverting_gives_back_the_base_and_leaves_the_repository_alone(wiki: tuple[Path, Plan]) -> None:
    root, plan = wiki
    before = files_of(root)
    verdict = tried(root, plan)
    assert (verdict.result, verdict.reason) == (
        Result.PASS,
        "every object is as in the base; of the files differ docs/plans/wiki.md",
    )
    assert verdict.differences is not None
    assert not verdict.differences
    assert files_of(root) == before


def test_the_printed_commands_of_git_do_what_was_tried(wiki: tuple[Path, Plan]) -> None:
    root, plan = wiki
    [step] = [step for step in procedure(root, plan).steps if step.title.startswith("Revert")]
    git(root, *step.commands[0].split()[1:])
    assert [item.object for item in tried(root, plan).differences.objects] == []  # type: ignore[union-attr]
    found = plan_commits(plan, root, None)
    assert found.nothing  # what is reverted is not to be reverted again
    assert found.others == ()


def test_a_later_change_of_the_same_lines_is_a_conflict_that_names_the_file(wiki: tuple[Path, Plan]) -> None:
    root, plan = wiki
    text = "resources: [old.yaml, wiki/namespace.yaml, wiki/claim.yaml, other.yaml]\n"
    write_repository(root, {"apps/kustomization.yaml": text, "apps/other.yaml": config_map("other", "wiki", "{a: b}")})
    commit(root, "Add another")
    verdict = tried(root, plan)
    assert verdict.result is Result.FAIL
    assert verdict.conflict is not None
    assert verdict.conflict.files == ("apps/kustomization.yaml",)
    assert "(Deploy the wiki) cannot be reverted: later changes touch apps/kustomization.yaml" in verdict.reason


def test_what_other_commits_change_is_not_the_fault_of_the_rollback(wiki: tuple[Path, Plan]) -> None:
    root, plan = wiki
    commit(write_repository(root, {"apps/old.yaml": config_map("old", "default", "{x: z}")}), "Change the old one")
    verdict = tried(root, plan)
    assert verdict.result is Result.UNKNOWN
    assert "(Change the old one)" in verdict.reason
    assert "ConfigMap/default/old changes" in verdict.reason


def test_a_commit_that_nobody_counts_leaves_something_behind(repository: Path) -> None:
    base = commit(write_repository(repository, BASE))
    plan = plan_of(base, "apps/old.yaml")
    commit(write_repository(repository, {"apps/old.yaml": config_map("old", "default", "{x: z}")}), "One\n\nPlan: wiki")
    none = plan_commits(plan_of(base, name="other"), repository, None)
    assert none.nothing
    assert [item.subject for item in none.others] == ["One"]
    verdict = try_rollback(
        repository,
        PlanCommits(base=base, head="HEAD"),
        rendered(repository, base),
        Cache(),
        rendered,
    )
    assert verdict.result is Result.FAIL
    assert 'ConfigMap/default/old changes: data.x "y" → "z"' in verdict.reason
    assert tried(repository, plan).reason == "every file is as in the base"


def test_without_a_trailer_the_files_of_the_items_tell(repository: Path) -> None:
    base = commit(write_repository(repository, BASE))
    commit(write_repository(repository, {"apps/wiki/namespace.yaml": NAMESPACE}), "Add a wiki")
    commit(write_repository(repository, {"README.md": "Hello\n"}), "Say hello")
    found = plan_commits(plan_of(base, "apps/wiki/*.yaml"), repository, None)
    assert (found.by, subjects(found)) == ("files", ["Add a wiki"])
    assert [item.subject for item in found.others] == ["Say hello"]


def test_what_is_not_committed_is_discarded_and_never_reached_a_cluster(repository: Path) -> None:
    base = commit(write_repository(repository, BASE))
    entry = {"apps/kustomization.yaml": "resources: [old.yaml, wiki/namespace.yaml]\n"}
    write_repository(repository, {**entry, "apps/wiki/namespace.yaml": NAMESPACE, "apps/wiki/a b.md": "x\n"})
    write_repository(repository, {"notes.md": "mine\n"})
    plan = plan_of(base, "apps/wiki/", "apps/kustomization.yaml")
    found = plan_commits(plan, repository, None)
    assert found.changed == ("apps/kustomization.yaml",)
    assert found.new == ("apps/wiki/a b.md", "apps/wiki/namespace.yaml")
    assert found.foreign == ("notes.md",)
    rollback = procedure(repository, plan)
    assert [step.title for step in rollback.steps] == ["Discard what is not committed"]
    assert rollback.remains == ()
    assert tried(repository, plan).result is Result.PASS
    for command in rollback.steps[0].commands:
        assert "notes.md" not in command
    assert rollback.steps[0].commands[-1] == "rm -- 'apps/wiki/a b.md' apps/wiki/namespace.yaml"


def test_a_kustomization_that_the_plan_added_is_not_suspended(repository: Path) -> None:
    base = commit(write_repository(repository, BASE))
    write_repository(repository, {OWN: kustomization("wiki", "./wiki"), "wiki/namespace.yaml": NAMESPACE})
    commit(repository, "Add the wiki\n\nPlan: wiki")
    rollback = procedure(repository, plan_of(base))
    suspended = [command for step in rollback.steps for command in step.commands if command.startswith("flux suspend")]
    assert suspended == ["flux suspend kustomization flux-system --namespace flux-system"]


def test_a_release_is_suspended_where_its_chart_changes_and_not_where_it_goes(repository: Path) -> None:
    chart = {
        "charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
        "charts/app/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: one}\n",
        "apps/old.yaml": helm_release("app", "default", "./charts/app"),
    }
    base = commit(write_repository(repository, {**BASE, **chart}))
    changed = chart["charts/app/templates/a.yaml"].replace("one", "two")
    commit(write_repository(repository, {"charts/app/templates/a.yaml": changed}), "Change\n\nPlan: wiki")
    titles = [step.title for step in procedure(repository, plan_of(base)).steps]
    assert "Suspend hr/default/app" in titles
    assert "Suspend ks/flux-system/apps" not in titles


def test_a_repository_inside_of_a_checkout_is_rolled_back_there(tmp_path: Path) -> None:
    root = tmp_path / "home lab" / "cluster"
    write_repository(root, BASE)
    base = commit(tmp_path)
    write_repository(root, {"apps/wiki/namespace.yaml": NAMESPACE, "docs/plans/wiki.md": "# Wiki\n"})
    write_repository(root, {"apps/kustomization.yaml": "resources: [old.yaml, wiki/namespace.yaml]\n"})
    commit(tmp_path, "Add a wiki")
    write_repository(root, {"docs/plans/wiki.md": "# Wiki, done\n"})
    commit(tmp_path, "Mark it")
    plan = plan_of(base, "apps/wiki/", "apps/kustomization.yaml")
    found = plan_commits(plan, root, None)
    assert (found.place, subjects(found), found.others) == ("home lab/cluster", ["Add a wiki"], ())
    write_repository(root, {"apps/wiki/loose.yaml": NAMESPACE})
    assert plan_commits(plan, root, None).new == ("home lab/cluster/apps/wiki/loose.yaml",)
    (root / "apps/wiki/loose.yaml").unlink()
    there = partial(rendered, place=found.place)
    verdict = try_rollback(root, found, rendered(root, base), Cache(), there)
    assert verdict.result is Result.PASS
    assert verdict.reason.endswith("of the files differ home lab/cluster/docs/plans/wiki.md")
    from_top = msgspec.structs.replace(plan, path="home lab/cluster/docs/plans/wiki.md")
    assert plan_commits(from_top, root, None) == found


def test_the_plan_itself_stays_although_its_commits_wrote_it(repository: Path) -> None:
    base = commit(write_repository(repository, BASE))
    document = "docs/plans/wiki.md"
    write_repository(repository, {"apps/wiki/a.md": "1\n", document: "# Wiki\n"})
    commit(repository, "Add a wiki")
    write_repository(repository, {"apps/wiki/b.md": "1\n", document: "# Wiki\n\nDone.\n"})
    commit(repository, "Add more")
    write_repository(repository, {document: "# Wiki, done\n"})
    commit(repository, "Mark it")
    plan = plan_of(base, "apps/wiki")
    assert tried(repository, plan).result is Result.PASS
    [step] = [step for step in procedure(repository, plan).steps if step.title.startswith("Revert")]
    for command in step.commands[:-1]:
        words = shlex.split(command)[1:]
        with contextlib.suppress(subprocess.CalledProcessError):  # a conflict in the document alone
            git(repository, *words)
    assert git(repository, "status", "--porcelain") == ""
    assert (repository / document).read_text() == "# Wiki, done\n"
    assert not (repository / "apps/wiki").exists()
    assert plan_commits(plan, repository, None).nothing


def test_a_plan_without_a_base_cannot_be_rolled_back(repository: Path) -> None:
    commit(write_repository(repository, BASE))
    with pytest.raises(PlanError, match="from which commit"):
        plan_commits(plan_of(""), repository, None)
