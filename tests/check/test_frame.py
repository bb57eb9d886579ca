"""Selection, severities, suppression and folding, on real repositories."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Workspace
from elysium.check import PROFILES, Selection, registry
from elysium.errors import EngineError, SettingsError, UsageError
from elysium.model import Finding, Severity
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

APPS = f"{CLUSTER}/apps.yaml"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: login, namespace: default}\nstringData:\n"
PASSWORD = "  password: correct-horse-battery"


def check(root: Path, *, rules: tuple[str, ...] = (), profile: str = "") -> tuple[Finding, ...]:
    with Workspace(root, options=Options(workers=1)) as workspace:
        return workspace.check(rules=rules, profile=profile).findings


def test_unknown_rule_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UsageError) as caught:
        Selection(rules=("plain-secret",))
    assert "plain-secret" in str(caught.value)
    with pytest.raises(UsageError) as caught:
        Selection(rules=("schemma",))
    assert caught.value.hint == "did you mean schema?"


def test_unknown_profile_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        Selection(profile="stric")
    assert caught.value.hint == "did you mean strict?"


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_has_rules_in_the_order_of_the_pipeline(profile: str) -> None:
    chosen = [rule.rule.id for rule in Selection(profile=profile).load()]
    assert chosen == [name for name in registry.PIPELINE if name in chosen]
    assert "plaintext-secret" in chosen


def test_only_the_chosen_rules_run(repository: Path) -> None:
    files = {APPS: kustomization("apps", "./apps"), "apps/secret.yaml": SECRET + PASSWORD, "apps/old.yaml": "a: [\n"}
    write_repository(repository, files)
    assert {finding.rule for finding in check(repository, rules=("plaintext-secret",))} == {"plaintext-secret"}
    assert {finding.rule for finding in check(repository)} == {"plaintext-secret", "yaml-syntax"}


@pytest.mark.parametrize(
    "text",
    [
        SECRET + PASSWORD + "  # elysium: ignore plaintext-secret (a demo)",
        SECRET + "  # elysium: ignore plaintext-secret (a demo)\n" + PASSWORD,
        SECRET.replace(
            "namespace: default", 'namespace: default, annotations: {elysium.dev/ignore: "plaintext-secret: a demo"}'
        )
        + PASSWORD,
    ],
    ids=["same-line", "line-before", "annotation"],
)
def test_a_suppression_with_a_reason_is_honoured(repository: Path, text: str) -> None:
    write_repository(repository, {APPS: kustomization("apps", "./apps"), "apps/secret.yaml": text})
    assert check(repository) == ()


@pytest.mark.parametrize(
    ("condition", "honoured"),
    [
        ('file = "apps/*"', True),
        ('file = "other/*"', False),
        ('object = "Secret/default/login"', True),
        ('object = "Secret/*/login"', True),
        ('object = "Secret/other/login"', False),
    ],
)
def test_settings_suppress_by_file_and_object(repository: Path, condition: str, honoured: bool) -> None:
    settings = f'[[ignore]]\nrule = "plaintext-secret"\nreason = "a demo"\n{condition}\n'
    secret = SECRET + PASSWORD
    write_repository(
        repository, {APPS: kustomization("apps", "./apps"), "apps/secret.yaml": secret, "elysium.toml": settings}
    )
    found = {finding.rule for finding in check(repository)}
    assert found == (set() if honoured else {"plaintext-secret", "unused-suppression"})


def test_a_suppression_without_reason_has_no_effect_and_is_reported(repository: Path) -> None:
    text = SECRET + PASSWORD + "  # elysium: ignore plaintext-secret"
    write_repository(repository, {APPS: kustomization("apps", "./apps"), "apps/secret.yaml": text})
    rules = [(finding.rule, finding.severity) for finding in check(repository)]
    assert rules == [("plaintext-secret", Severity.ERROR), ("unused-suppression", Severity.WARNING)]


def test_unused_suppressions_are_not_reported_when_only_some_rules_run(repository: Path) -> None:
    text = "# elysium: ignore plaintext-secret (a demo)\n" + config_map("settings", "default", "{a: b}")
    write_repository(repository, {APPS: kustomization("apps", "./apps"), "apps/settings.yaml": text})
    assert [finding.rule for finding in check(repository)] == ["unused-suppression"]
    assert check(repository, rules=("schema",)) == ()


def test_settings_change_severities_and_switch_rules_off(repository: Path) -> None:
    files = {APPS: kustomization("apps", "./apps"), "apps/secret.yaml": SECRET + PASSWORD}
    write_repository(repository, {**files, "elysium.toml": '[rules]\nplaintext-secret = "info"\n'})
    assert [finding.severity for finding in check(repository)] == [Severity.INFO]
    write_repository(repository, {"elysium.toml": '[rules]\nplaintext-secret = "off"\n'})
    assert check(repository) == ()
    assert len(check(repository, rules=("plaintext-secret",))) == 1


@pytest.mark.parametrize("text", ['[rules]\nplain-secrets = "off"', '[rules]\nschema = "loud"', 'fail-on = "info"'])
def test_wrong_rule_settings_are_refused(repository: Path, text: str) -> None:
    files = {APPS: kustomization("apps", "./apps"), "apps/a.yaml": config_map("a", "default", "{a: b}")}
    write_repository(repository, {**files, "elysium.toml": text})
    with pytest.raises(SettingsError):
        check(repository)


def test_what_two_clusters_share_is_one_finding(repository: Path) -> None:
    files = {f"clusters/{name}/apps.yaml": kustomization("apps", "./apps") for name in ("one", "two")}
    deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: default}\nspec: {replica: 1}\n"
    write_repository(repository, {**files, "apps/deployment.yaml": deployment})
    findings = [finding for finding in check(repository) if "replica" in finding.message]
    assert [(finding.file, finding.folded) for finding in findings] == [("apps/deployment.yaml", 1)]


def test_a_broken_file_counts_the_units_that_it_breaks(repository: Path) -> None:
    units = [kustomization("one", "./apps"), kustomization("two", "./apps")]
    write_repository(repository, {APPS: "---\n".join(units), "apps/a.yaml": "a: [\n"})
    findings = check(repository)
    assert [(finding.rule, finding.folded) for finding in findings] == [("yaml-syntax", 2)]


def test_findings_come_with_the_worst_first(repository: Path) -> None:
    files = {
        APPS: kustomization("apps", "./apps"),
        "apps/kustomization.yaml": "resources: [secret.yaml]\n",
        "apps/a.yaml": config_map("forgotten", "default", "{a: b}"),
        "apps/secret.yaml": SECRET + PASSWORD,
    }
    write_repository(repository, files)
    assert [finding.severity for finding in check(repository)] == [Severity.ERROR, Severity.WARNING]


def test_a_rule_that_breaks_is_a_defect_that_names_it(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from elysium.check.rules import schema

    def broken(_: object) -> object:
        raise KeyError("spec")

    monkeypatch.setattr(schema, "check", broken)
    write_repository(repository, {APPS: kustomization("apps", "./apps"), "apps/a.yaml": config_map("a", "b", "{a: b}")})
    with pytest.raises(EngineError) as caught:
        check(repository, rules=("schema",))
    assert "rule schema" in str(caught.value)


def test_files_of_clusters_that_are_left_out_are_not_judged(repository: Path) -> None:
    for name in ("one", "two"):
        text = "# elysium: ignore schema (a demo)\n" + kustomization("apps", f"./apps/{name}")
        write_repository(repository, {f"clusters/{name}/apps.yaml": text})
        write_repository(repository, {f"apps/{name}/a.yaml": config_map("a", "default", "{a: b}")})
    with Workspace(repository, options=Options(workers=1, cluster=("one",))) as workspace:
        assert workspace.check().findings == ()
    assert {finding.rule for finding in check(repository)} == {"unused-suppression"}


def test_a_secret_with_a_double_key_does_not_stop_the_check(repository: Path) -> None:
    text = SECRET + PASSWORD + "\n" + PASSWORD + "\n"
    write_repository(repository, {APPS: kustomization("apps", "./apps"), "apps/secret.yaml": text})
    assert [finding.rule for finding in check(repository)] == ["duplicate-key"]


def test_a_topic_stands_for_its_rules() -> None:
    chosen = registry.expand(("image-latest", "monitoring"))
    assert chosen[0] == "image-latest"
    assert {"promql-syntax", "service-monitor-selects-nothing", "dashboard-json"} <= set(chosen)
    assert {registry.load(name).rule.topic.value for name in chosen[1:]} == {"monitoring"}
    assert registry.expand(("schema",)) == ("schema",)
    assert registry.expand(("monitorin",)) == ("monitorin",)
