"""From a plan to the way back, on the example, by the command line: a database, a plain image, official manifests."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.gitting import commit, git
from tests.plans.deploying.samples import repository
from tests.scaffold.harness import run, sources

REJECTIONS = {
    "official-chart": "its project publishes none",
    "official-method": "it describes a compose file only",
    "community-chart": "none is kept up",
    "official-kustomize": "its project publishes none",
}
APPLICATIONS = {
    "postgresql": "--preset postgresql --set clients=mealie",
    "wiki": "--image ghcr.io/example/wiki:1.2.3 --port 8080 --storage 5Gi --expose tailscale --method onechart "
    + " ".join(f'--reject "{method}={reason}"' for method, reason in REJECTIONS.items()),
    "podinfo": "--source-repository https://github.com/stefanprodan/podinfo --source-version 6.9.2 "
    "--source-path ./kustomize --port 9898 --container podinfod --selector app=podinfo "
    + " ".join(f'--reject "{method}={REJECTIONS[method]}"' for method in list(REJECTIONS)[:3]),
}
MAPPED = " ".join(shlex.quote(f"--source={source}") for source in sources())
WHY = '--why "The household asked for it." --purpose "What the household needs" --owner alice --due 2027-01-31'


def elysium(root: Path, line: str, code: int = 0) -> str:
    """What a call prints; it has to end with a code."""
    ended, out, err = run(root, line)
    assert ended == code, f"elysium {line}: {ended}\n{out}\n{err}"
    return out


@pytest.fixture(params=APPLICATIONS)
def planned(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    name: str = request.param
    root = repository(tmp_path)
    git(root, "config", "user.name", "Test")
    git(root, "config", "user.email", "test@example.org")
    elysium(root, f"plan new deploy-app {name} {APPLICATIONS[name]} {WHY} -o plans/{name}.md {MAPPED}")
    yield root, name


def told(root: Path, line: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(elysium(root, f"{line} -o json", code))
    return found


def test_a_plan_leads_to_the_application_and_back(planned: tuple[Path, str]) -> None:
    root, name = planned
    plan = f"plans/{name}.md"
    assert git(root, "diff") == ""
    assert git(root, "status", "--porcelain") == "?? plans/"
    assert told(root, f"plan lint {plan}")["findings"] == []
    base = git(root, "rev-parse", "HEAD")
    commit(root, "Plan it")

    assert told(root, f"plan verify {plan} {MAPPED}", 1)["summary"]["fail"] > 0
    elysium(root, f"plan apply {plan} --commit --yes {MAPPED}")
    steps = git(root, "log", "--format=%s", f"{base}..HEAD").splitlines()
    assert steps[-1] == "Plan it"
    assert [line.partition(":")[0] for line in steps[:-1]] == [name] * (len(steps) - 1)
    assert len(steps) > 4

    elysium(root, f"check . --profile strict {MAPPED}")
    found = told(root, f"plan verify {plan} {MAPPED}")
    assert found["summary"]["fail"] == 0
    assert found["summary"]["pass"] > found["summary"]["unknown"]
    consent = ("--allow-commands", "--live", "attested", "deferred", "holds a random one")
    for item in found["items"]:
        if item["result"] == "unknown" and item["state"] != "deferred":
            assert any(word in item["reason"] for word in consent), (item["id"], item["reason"])

    compared = told(root, f"plan diff {plan} {MAPPED}")
    assert compared["summary"]["errors"] == 0
    assert compared["summary"]["delivered"] > 0
    back = told(root, f"plan rollback {plan} --rehearse {MAPPED}")
    assert back["verdict"]["result"] == "pass"
    assert (back["rehearsal"]["summary"]["new"], back["rehearsal"]["summary"]["unrestored"]) == (0, 0)
    assert back["rehearsal"]["summary"]["actions"]["created"] > 0
    assert [item["id"] for item in back["commits"]] == git(root, "log", "--format=%H", f"{base}..HEAD").splitlines()[
        :-1
    ]
    assert git(root, "status", "--porcelain") == ""


def test_an_interrupted_application_goes_on(planned: tuple[Path, str]) -> None:
    root, name = planned
    plan = f"plans/{name}.md"
    elysium(root, f"plan apply {plan} --step 1,2 --yes {MAPPED}")
    secrets = {path: path.read_bytes() for path in root.glob(f"apps/base/{name}/*sealed*")}
    elysium(root, f"check . {MAPPED}")  # nothing is in the cluster by half
    elysium(root, f"plan apply {plan} --yes {MAPPED}")
    assert all(path.read_bytes() == data for path, data in secrets.items())
    before = git(root, "status", "--porcelain", "--untracked-files=all")
    assert "everything is written" in elysium(root, f"plan apply {plan} --yes {MAPPED}")
    assert git(root, "status", "--porcelain", "--untracked-files=all") == before
    elysium(root, f"check . --profile strict {MAPPED}")


def test_a_base_that_moved_is_shown_and_nothing_is_written(planned: tuple[Path, str]) -> None:
    root, name = planned
    place = root / "clusters/kyrion/apps.yaml"
    place.write_text(place.read_text(encoding="utf-8").replace("interval: 1h", "interval: 2h"), encoding="utf-8")
    out = elysium(root, f"plan apply plans/{name}.md --yes {MAPPED}", 1)
    assert "clusters/kyrion/apps.yaml" in out
    assert "interval: 2h" in out
    assert not (root / f"apps/base/{name}").exists()


def test_an_object_that_nobody_declared_is_an_error(planned: tuple[Path, str]) -> None:
    root, name = planned
    elysium(root, f"plan apply plans/{name}.md --yes {MAPPED}")
    base = root / f"apps/base/{name}"
    extra = (
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: extra\nspec:\n  ports:\n    - port: 80\n  selector: {a: b}\n"
    )
    (base / "extra.yaml").write_text(extra, encoding="utf-8")
    listed = base / "kustomization.yaml"
    listed.write_text(
        listed.read_text(encoding="utf-8").replace("resources:\n", "resources:\n  - extra.yaml\n"), encoding="utf-8"
    )
    found = told(root, f"plan diff plans/{name}.md {MAPPED}", 1)
    wrong = [entry for entry in found["entries"] if entry["error"]]
    assert any("extra" in json.dumps(entry) for entry in wrong)
