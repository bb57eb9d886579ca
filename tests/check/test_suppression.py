"""What a suppression covers, and when it is not needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.model import Finding
from tests.repositories import CLUSTER, config_map, helm_release, kustomization, write_repository

APPS = f"{CLUSTER}/apps.yaml"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: login, namespace: default}\nstringData:\n"
PASSWORD = "  password: correct-horse-battery"
REASON = "# elysium: ignore plaintext-secret (a demo)"


def check(root: Path, text: str, *, profile: str = "", **files: str) -> tuple[Finding, ...]:
    write_repository(root, {APPS: kustomization("apps", "./apps")})
    (root / "apps").mkdir(exist_ok=True)
    (root / "apps/login.yaml").write_text(text)
    write_repository(root, files)
    with Workspace(root, options=Options(workers=1)) as workspace:
        return workspace.check(profile=profile).findings


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


@pytest.mark.parametrize(
    "text",
    [
        f"{SECRET}  {REASON}\n{PASSWORD}\n",
        f"{SECRET}  {REASON}\n  # another comment\n\n{PASSWORD}\n",
        f"{SECRET}{PASSWORD} {REASON}\n",
        f"{SECRET}{PASSWORD} # so it is; {REASON}\n".replace("; #", " #"),
    ],
)
def test_a_comment_is_about_its_line_or_the_next_one_that_says_something(repository: Path, text: str) -> None:
    assert check(repository, text) == ()


def test_a_comment_behind_a_line_is_not_about_the_next(repository: Path) -> None:
    text = f"{SECRET}  user: web {REASON}\n{PASSWORD}\n"
    assert rules(check(repository, text)) == ["plaintext-secret", "unused-suppression"]


def test_of_several_rules_the_one_that_is_not_needed_is_named(repository: Path) -> None:
    text = f"{SECRET}{PASSWORD} # elysium: ignore plaintext-secret, schema (a demo)\n"
    [finding] = check(repository, text)
    assert finding.message == "the suppression of schema is not needed: nothing is found here"
    assert finding.hint == "leave schema out"
    assert finding.edits == ()


def test_a_rule_that_did_not_run_may_be_needed(repository: Path) -> None:
    text = "# elysium: ignore image-tag-latest, limits (a demo)\n" + config_map("a", "default", "{b: c}")
    known = "# elysium: ignore plaintext-secret (a demo)\n" + config_map("a", "default", "{b: c}")
    settings = '[rules]\nplaintext-secret = "off"\n'
    assert "no such rule" in check(repository, text)[0].message
    assert rules(check(repository, known)) == ["unused-suppression"]
    assert check(repository, known, **{"elysium.toml": settings}) == ()


def test_what_did_not_render_may_need_it(repository: Path) -> None:
    release = """\
        # elysium: ignore schema (the operator fills it in)
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: app, namespace: default}
        spec: {interval: 1h, chart: {spec: {chart: app, sourceRef: {kind: HelmRepository, name: app}}}}
        """
    source = """\
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: app, namespace: default}
        spec: {interval: 1h, url: https://charts.example.org}
        """
    files = {"apps/release.yaml": release, "apps/source.yaml": source}
    assert "unused-suppression" not in rules(check(repository, config_map("a", "default", "{b: c}"), **files))


def test_a_comment_that_is_not_needed_can_be_removed(repository: Path) -> None:
    text = f"{REASON}\n" + config_map("a", "default", "{b: c}").replace("\ndata", f" {REASON}\ndata")
    first, second = check(repository, text)
    assert [(edit.old, edit.new) for edit in first.edits] == [(f"{REASON}\n", "")]
    assert second.edits == ()  # what stands beside data is copied nowhere


def test_an_annotation_is_about_one_object_of_a_chart_only(repository: Path) -> None:
    accepted = SECRET.replace(
        "namespace: default", 'namespace: default, annotations: {elysium.dev/ignore: "plaintext-secret: a demo"}'
    )
    text = f"{accepted}{PASSWORD}\n---\n{SECRET.replace('login', 'other')}{PASSWORD}\n"
    [finding] = check(repository, text)
    assert finding.object is not None
    assert finding.object.name == "other"


def test_an_accepted_finding_of_the_settings_has_its_line(repository: Path) -> None:
    settings = '# accepted\n[[ignore]]\nrule = "plaintext-secret"\nreason = "a demo"\n'
    [finding] = check(repository, config_map("a", "default", "{b: c}"), **{"elysium.toml": settings})
    assert (finding.rule, finding.file, finding.line) == ("unused-suppression", "elysium.toml", 2)


def test_an_annotation_on_a_release_is_about_what_its_chart_makes(repository: Path) -> None:
    chart = {
        "charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
        "charts/app/templates/budget.yaml": "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\n"
        "metadata: {name: a}\nspec: {minAvailable: 1, selector: {matchLabels: {a: b}}}\n",
    }
    release = helm_release("app", "default", "./charts/app")
    assert "removed-api" in rules(check(repository, release, **chart))
    accepted = release.replace("{name: app,", '{annotations: {elysium.dev/ignore: "removed-api: a demo"}, name: app,')
    assert "removed-api" not in rules(check(repository, accepted, **chart))


def test_an_annotation_on_a_release_may_be_needed_as_long_as_its_chart_is_not_known(repository: Path) -> None:
    chart = {"charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n"}
    release = helm_release("app", "default", "./charts/app")
    accepted = release.replace("{name: app,", '{annotations: {elysium.dev/ignore: "removed-api: a demo"}, name: app,')
    assert rules(check(repository, accepted, **chart)) == ["unused-suppression"]
    elsewhere = accepted.replace("name: flux-system", "name: elsewhere")
    source = """\
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata: {name: elsewhere, namespace: flux-system}
        spec: {interval: 1h, url: https://git.example.com/charts, ref: {tag: v1.0.0}}
        """
    assert rules(check(repository, elsewhere, **{"apps/source.yaml": source})) == []
