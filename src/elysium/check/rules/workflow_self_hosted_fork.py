"""A self-hosted runner that runs the code of pull requests.

Whoever opens a pull request against a public repository decides what runs on `pull_request`. On a runner of one's own
this code is inside the network, can stay on the machine for later runs, and reaches what the runner reaches, such as
the kubeconfig of the cluster. GitHub's documentation says not to use self-hosted runners with public repositories. A
runner may be named by a label of its own alone; one that has a kubeconfig at hand is none of GitHub's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_files import Job, about, line_of, workflows
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-self-hosted-fork",
    severity=Severity.WARNING,
    summary="a self-hosted runner that runs the code of pull requests",
    topic=Topic.WORKFLOWS,
    profiles=("review", "security"),
)

_EVENTS = ("pull_request", "pull_request_target")
_HOSTED = re.compile(r"(?i)ubuntu|windows|macos|\$\{\{")
_KUBECONFIG = re.compile(r"/etc/rancher/|/\.kube/config\b")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each job."""
    for workflow in workflows(context):
        event = next((name for name in _EVENTS if name in workflow.triggers), "")
        if not event or not workflow.of_github:
            continue
        for job in workflow.jobs:
            if _is_own(job) and not job.guarded and "event_name" not in str(job.body.get("if")):
                line = line_of(context, workflow, (*job.path, "runs-on"))
                message = f"job {job.name} runs on `{event}` on a self-hosted runner: anybody's pull request runs there"
                hint = (
                    "use a runner of GitHub, or run it only for the repository itself: "
                    "`if: github.event.pull_request.head.repo.full_name == github.repository`"
                )
                yield about(RULE, workflow, line, message, hint=hint)


def _is_own(job: Job) -> bool:
    """Whether the runner is not one of GitHub's: by its label, or because it has a kubeconfig before anything ran."""
    if "self-hosted" in job.labels:
        return True
    named = bool(job.labels) and not any(_HOSTED.search(label) for label in job.labels)
    return named and bool(_KUBECONFIG.search(str(job.body.get("env"))))
