"""Previews on a real API server: deployed, updated and taken away as the account that deploys them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.api.preview_rehearsing import PreviewRehearsalOptions, events_of, rehearse_preview
from elysium.api.previewing import PreviewOptions
from elysium.errors import RepositoryError, UsageError
from elysium.present.rehearsal_preview_records import preview_json
from elysium.previews.rehearsal import EventKind, PreviewRehearsal, StepState
from tests.previews.platforms import edit, platform
from tests.previews.rehearsals import DEPLOYER, SECRET, acted, entry_of, rehearsed, step_of

WHOLE_LIFE = "opened,synchronize,synchronize,closed,closed,reopened,closed"
JOBS = {"Job/pr-123/minio-buckets", "Job/pr-123/app-setup"}


@pytest.fixture(scope="module")
def life(warm_cache: Path) -> PreviewRehearsal:
    """Deploy, update twice, teardown twice, and again."""
    return rehearsed(WHOLE_LIFE)


# Must show: deploy, update, teardown and again, nothing refused, nothing left


def test_a_preview_lives_as_its_deployer_without_a_refusal_and_leaves_nothing(life: PreviewRehearsal) -> None:
    assert (life.account, life.namespace, life.passed) == (DEPLOYER, "pr-123", True)
    assert [event.kind.value for event in life.events] == WHOLE_LIFE.split(",")
    assert all(step.state in (StepState.DONE, StepState.SKIPPED) for event in life.events for step in event.steps)
    assert not any(event.leftovers for event in life.events)
    assert (life.summary.refused, life.summary.failed, life.summary.troubled, life.summary.missing) == (0, 0, 0, ())


def test_every_deployment_does_the_steps_of_the_workflow_in_order(life: PreviewRehearsal) -> None:
    for event in life.events:
        if event.kind.deploys:
            install = "install the chart" if event.number in (1, 6) else "upgrade the chart"
            assert [step.name for step in event.steps] == [
                "make the namespace",
                "wait for the rights",
                "apply the policies",
                "make the pull secret",
                install,
                "wait for the rollout",
                "note the commit",
            ]


def test_everything_runs_with_the_quota(life: PreviewRehearsal) -> None:
    ready = {str(item.object): (item.ready, item.wanted) for item in life.events[0].workloads}
    assert ready == {
        "Deployment/pr-123/app": (1, 1),
        "StatefulSet/pr-123/minio": (1, 1),
        "StatefulSet/pr-123/postgres": (1, 1),
    }


# 2.P5a: the third time nothing changes but the image


def test_the_same_again_changes_nothing_but_what_carries_the_image(life: PreviewRehearsal) -> None:
    second, third = life.events[1], life.events[2]
    assert len({event.tag for event in life.events[:3]}) == 3
    for event in (second, third):
        assert acted(event, "configured") == {"Deployment/pr-123/app", "Namespace/pr-123"}
        assert acted(event, "created") == JOBS
        assert not event.drift
        assert entry_of(step_of(event, "make the namespace"), "Namespace/pr-123").action == "unchanged"
        assert len(step_of(event, "apply the policies").entries) == 9
    assert acted(third, "unchanged") >= {"Secret/pr-123/ghcr-creds", "StatefulSet/pr-123/postgres"}


# 2.P5b: closed, closed again, reopened


def test_closing_takes_all_away_and_closing_again_is_no_error(life: PreviewRehearsal) -> None:
    first, again = life.events[3], life.events[4]
    assert acted(first, "orphaned") == {"Secret/pr-123/preview-credentials"}  # kept by Helm, gone with the namespace
    assert "Namespace/pr-123" in acted(first, "pruned")
    assert [(step.state, step.message) for step in again.steps] == [
        (StepState.SKIPPED, "Namespace/pr-123 is not there")
    ]


def test_a_pull_request_that_is_reopened_begins_anew_with_its_last_image(life: PreviewRehearsal) -> None:
    last, reopened = life.events[2], life.events[5]
    assert reopened.tag == last.tag
    assert not acted(reopened, "unchanged")


# 2.P4d: the release setup runs after the database


def test_hooks_run_after_what_they_need(life: PreviewRehearsal) -> None:
    entries = step_of(life.events[0], "install the chart").entries
    setup, buckets = entries[-1], entries[-2]
    assert (str(setup.object), setup.hook) == ("Job/pr-123/app-setup", "post-install, post-upgrade")
    assert "StatefulSet/pr-123/postgres" in {str(item) for item in setup.after}
    assert [str(item) for item in buckets.after] == ["StatefulSet/pr-123/minio"]


def test_a_hook_that_needs_what_comes_after_it_never_ends(warm_cache: Path) -> None:
    (event,) = rehearsed("opened", setup_before).events
    step = step_of(event, "install the chart")
    assert step.state is StepState.FAILED
    assert step.message.startswith("Job/pr-123/app-setup runs at pre-install: it needs what is made only after it: ")
    assert "StatefulSet/pr-123/postgres" in step.message
    assert event.steps[-1] is step  # the job ends


def setup_before(root: Path) -> None:
    edit(root, "helm/app/templates/setup.yaml", "helm.sh/hook: post-install,post-upgrade", "helm.sh/hook: pre-install")


# Where and what


def test_entries_name_the_line_that_makes_the_object(life: PreviewRehearsal, repository: Path) -> None:
    root = platform(repository)
    steps = [life.platform, *life.events[0].steps]
    places = [(entry, root / entry.file) for step in steps for entry in step.entries if entry.file]
    assert len(places) == len(
        {str(entry.object) for step in steps for entry in step.entries}
    )  # all but one, and one twice
    for entry, file in places:
        lines = file.read_text(encoding="utf-8").splitlines()
        assert lines[entry.line - 1].startswith("apiVersion:"), (entry.file, entry.line)
        rest = "\n".join(lines[entry.line - 1 : entry.line + 3])
        assert f"kind: {entry.object.kind}" in rest, (entry.file, entry.line)


def test_no_secret_value_is_told(life: PreviewRehearsal) -> None:
    assert SECRET not in preview_json(life)


def test_what_needs_running_containers_is_listed(life: PreviewRehearsal) -> None:
    assert {"image", "smoke", "nodes", "workflow"} <= {item.code for item in life.unknown}


# What does not work


def test_a_quota_that_is_too_small_refuses_pods_and_teardown_works_all_the_same(warm_cache: Path) -> None:
    opened, closed = rehearsed("opened,closed", few_pods).events
    step = step_of(opened, "install the chart")
    assert step.state in (StepState.REFUSED, StepState.FAILED)
    assert "exceeded quota: preview" in step.message
    refused = {str(item.object): item for item in opened.troubled}
    assert refused
    assert all(item.cause == "quota" for item in refused.values())
    assert closed.passed


def few_pods(root: Path) -> None:
    edit(root, "k8s/policies/resource-quota.yaml", 'pods: "10"', 'pods: "2"')


def test_a_namespace_that_the_policy_forbids_ends_the_job(warm_cache: Path) -> None:
    (event,) = rehearsed("opened", unmanaged).events
    step = event.steps[0]
    assert step.state is StepState.REFUSED
    assert "a namespace of a preview says that the preview platform manages it" in step.message
    entry = entry_of(step, "Namespace/pr-123")
    assert (entry.cause, entry.file) == ("policy", "devops/k8s/namespaces/pr-template.yaml")
    assert step.stood_in  # an administrator may: only the account is held back


def unmanaged(root: Path) -> None:
    text = "    app.kubernetes.io/managed-by: preview-platform\n    environment: preview\n"
    edit(root, "k8s/namespaces/pr-template.yaml", text, "    environment: preview\n")


def test_what_a_teardown_leaves_is_named(warm_cache: Path) -> None:
    opened, closed = rehearsed("opened,closed", with_a_class_of_its_own).events
    assert opened.passed
    assert [str(item) for item in closed.leftovers] == ["PriorityClass/kept"]
    assert not closed.passed


def with_a_class_of_its_own(root: Path) -> None:
    verbs = "get, create, patch, delete"
    rights = f"  - apiGroups: [scheduling.k8s.io]\n    resources: [priorityclasses]\n    verbs: [{verbs}]\n"
    before = "  # Lets itself into a preview;"
    edit(root, "k8s/rbac/pr-admin.yaml", before, rights + before)
    (root / "devops/helm/app/templates/class.yaml").write_text(
        "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nvalue: 1\n"
        "metadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}\n"
    )


# What cannot be rehearsed


def test_events_are_read_or_refused() -> None:
    assert events_of("opened, closed") == (EventKind.OPENED, EventKind.CLOSED)
    for text in ("", "labeled", ",".join(["opened"] * 51)):
        with pytest.raises(UsageError):
            events_of(text)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (PreviewRehearsalOptions(preview=PreviewOptions(twin=True)), UsageError),
        (PreviewRehearsalOptions(cluster="clusters/elsewhere"), UsageError),
        (PreviewRehearsalOptions(preview=PreviewOptions(settings=("prNumber=no",))), RepositoryError),
    ],
)
def test_what_cannot_be_deployed_is_no_rehearsal(
    repository: Path, options: PreviewRehearsalOptions, error: type[Exception]
) -> None:
    with Workspace(platform(repository), options=Options(workers=1)) as workspace, pytest.raises(error):
        rehearse_preview(workspace, 123, options)


def test_a_repository_without_a_platform_is_no_rehearsal(repository: Path) -> None:
    root = platform(repository)
    shutil.rmtree(root / "devops")
    with Workspace(root, options=Options(workers=1)) as workspace, pytest.raises(RepositoryError):
        rehearse_preview(workspace, 123)
