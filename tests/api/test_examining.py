"""Only what is new: beside a baseline, beside an earlier revision, and of what is staged."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.api import Options, Question, Report, Workspace, examine, renew_baseline, split_range
from elysium.cli.main import main
from elysium.errors import RepositoryError, SettingsError, UsageError
from tests.gitting import commit, git
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

APPS = f"{CLUSTER}/apps.yaml"
SECRET = (
    "apiVersion: v1\nkind: Secret\nmetadata: {name: NAME, namespace: default}\nstringData:\n  password: correct-horse\n"
)


def secret(name: str) -> str:
    return SECRET.replace("NAME", name)


def old_api() -> str:
    return "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: old, namespace: default}\nspec: {}\n"


def look(root: Path, question: Question | None = None, **options: object) -> Report:
    with Workspace(root, options=Options(workers=1, **options)) as workspace:  # type: ignore[arg-type]
        return examine(workspace, question or Question())


def named(report: Report) -> list[str]:
    return [item.object.name if item.object else item.rule for item in report.findings]


@pytest.fixture
def leaky(repository: Path) -> Path:
    """A repository with one finding."""
    files = {APPS: kustomization("apps", "./apps"), "apps/login.yaml": secret("login")}
    return write_repository(repository, files)


class TestBaseline:
    def accept(self, root: Path, **fields: object) -> None:
        with Workspace(root, options=Options(workers=1)) as workspace:
            renew_baseline(workspace, Question(baseline=root / "known.json", **fields))  # type: ignore[arg-type]

    def test_only_new_findings_are_reported(self, leaky: Path) -> None:
        self.accept(leaky)
        beside = Question(baseline=leaky / "known.json")
        report = look(leaky, beside)
        assert report.findings == ()
        assert report.summary.findings["error"] == 0
        assert [(item.known, item.gone) for item in report.comparisons] == [(1, 0)]
        moved = "# a comment\n---\n" + secret("login")
        write_repository(leaky, {"apps/login.yaml": moved, "apps/more.yaml": secret("more")})
        assert named(look(leaky, beside)) == ["more"]

    def test_what_is_gone_is_counted_and_goes_with_an_update(self, leaky: Path) -> None:
        self.accept(leaky)
        write_repository(leaky, {"apps/login.yaml": config_map("a", "default", "{b: c}")})
        report = look(leaky, Question(baseline=leaky / "known.json"))
        assert [(item.known, item.gone, item.remedy) for item in report.comparisons] == [
            (0, 1, "run with --update-baseline")
        ]
        assert look(leaky, Question(baseline=leaky / "known.json", rules=("schema",))).comparisons[0].gone == 0
        self.accept(leaky)
        assert look(leaky, Question(baseline=leaky / "known.json")).comparisons[0].gone == 0

    def test_rules_that_did_not_run_stay_in_it(self, leaky: Path) -> None:
        self.accept(leaky)
        self.accept(leaky, rules=("schema",))
        assert "plaintext-secret" in (leaky / "known.json").read_text()

    def test_what_did_not_render_stays_in_it(self, leaky: Path) -> None:
        write_repository(leaky, {"apps/more.yaml": old_api()})
        self.accept(leaky)
        broken = kustomization("apps", "./apps", "postBuild: {substituteFrom: [{kind: Secret, name: absent}]}")
        write_repository(leaky, {APPS: broken})
        report = look(leaky, Question(baseline=leaky / "known.json"))
        assert report.comparisons[0].gone == 0
        self.accept(leaky)
        assert "removed-api" in (leaky / "known.json").read_text()

    def test_no_secret_value_stands_in_it(self, leaky: Path) -> None:
        self.accept(leaky)
        assert "correct-horse" not in (leaky / "known.json").read_text()

    def test_the_settings_name_it(self, leaky: Path) -> None:
        self.accept(leaky)
        write_repository(leaky, {"elysium.toml": 'baseline = "known.json"\n'})
        assert look(leaky).findings == ()

    def test_a_setting_that_leads_out_of_the_repository_is_refused(self, leaky: Path) -> None:
        write_repository(leaky, {"elysium.toml": 'baseline = "../known.json"\n'})
        with pytest.raises(SettingsError, match="leads out"):
            look(leaky)

    def test_a_missing_one_is_a_mistake(self, leaky: Path) -> None:
        with pytest.raises(SettingsError) as caught:
            look(leaky, Question(baseline=leaky / "known.json"))
        assert "--update-baseline" in caught.value.hint

    def test_a_part_is_no_baseline(self, leaky: Path) -> None:
        with Workspace(leaky, options=Options(units=("ks/flux-system/apps",))) as workspace, pytest.raises(UsageError):
            renew_baseline(workspace, Question(baseline=leaky / "known.json"))


class TestSince:
    def test_only_what_the_change_brings_is_reported(self, leaky: Path) -> None:
        commit(leaky)
        git(leaky, "switch", "--quiet", "--create", "feature")
        write_repository(leaky, {"apps/more.yaml": secret("more")})
        head = commit(leaky)
        report = look(leaky, Question(since="main"))
        assert named(report) == ["more"]
        assert [(item.known, item.gone) for item in report.comparisons] == [(1, 0)]
        assert named(look(leaky, Question(since="main"), revision=head)) == ["more"]

    def test_the_commit_where_they_parted_counts(self, leaky: Path) -> None:
        start = commit(leaky)
        write_repository(leaky, {"apps/login.yaml": config_map("a", "default", "{b: c}")})
        commit(leaky, "Mended on main only")
        git(leaky, "switch", "--quiet", "--create", "feature", start)
        assert named(look(leaky, Question(since="main"))) == []

    def test_uncommitted_changes_count(self, leaky: Path) -> None:
        commit(leaky)
        write_repository(leaky, {"apps/more.yaml": secret("more")})
        assert named(look(leaky, Question(since="HEAD"))) == ["more"]

    def test_moved_lines_and_files_are_not_new(self, leaky: Path) -> None:
        broken = "a: [\n" + "# a line\n" * 5
        write_repository(leaky, {"apps/broken.yaml": broken})
        commit(leaky)
        (leaky / "apps/login.yaml").unlink()
        (leaky / "apps/broken.yaml").rename(leaky / "apps/torn.yaml")
        write_repository(leaky, {"apps/base/account.yaml": "\n\n" + secret("login")})
        report = look(leaky, Question(since="HEAD"))
        assert named(report) == []
        assert [item.gone for item in report.comparisons] == [0]

    def test_what_a_change_does_elsewhere_is_seen(self, leaky: Path) -> None:
        extra = "dependsOn: [{name: apps}]"
        write_repository(leaky, {f"{CLUSTER}/web.yaml": kustomization("default", "./web", extra)})
        write_repository(leaky, {"web/a.yaml": config_map("a", "default", "{b: c}")})
        commit(leaky)
        (leaky / APPS).unlink()
        report = look(leaky, Question(since="HEAD"))
        found = {(item.rule, item.file) for item in report.findings}
        assert ("dangling-dependency", f"{CLUSTER}/web.yaml") in found

    def test_the_earlier_report_is_remembered(self, leaky: Path) -> None:
        commit(leaky)
        look(leaky, Question(since="HEAD"))
        write_repository(leaky, {"apps/more.yaml": secret("more")})
        with Workspace(leaky, options=Options(workers=1)) as workspace:
            workspace.check()
            workspace.from_cache = False
            examine(workspace, Question(since="HEAD"))
            assert workspace.from_cache

    def test_without_a_cluster_before_all_is_new(self, repository: Path) -> None:
        write_repository(repository, {"README.md": "nothing yet\n"})
        commit(repository)
        write_repository(repository, {APPS: kustomization("apps", "./apps"), "apps/login.yaml": secret("login")})
        assert named(look(repository, Question(since="HEAD"))) == ["login"]

    def test_an_unknown_revision_is_a_mistake(self, leaky: Path) -> None:
        commit(leaky)
        with pytest.raises(RepositoryError, match="no-such-branch"):
            look(leaky, Question(since="no-such-branch"))

    @pytest.mark.parametrize(
        ("text", "ends"), [("main", ("main", "")), ("main..x", ("main", "x")), ("main...x/y", ("main", "x/y"))]
    )
    def test_a_range_has_two_ends(self, text: str, ends: tuple[str, str]) -> None:
        assert split_range(text) == ends

    def test_a_range_in_place_of_a_target_is_one_of_the_repository_here(
        self, leaky: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        commit(leaky)
        write_repository(leaky, {"apps/more.yaml": secret("more")})
        commit(leaky)
        monkeypatch.chdir(leaky)
        assert main(["check", "HEAD~1..HEAD", "--rules", "plaintext-secret"]) == 1
        assert "apps/login.yaml" not in capsys.readouterr().out
        assert main(["check", "HEAD..HEAD", "--rules", "plaintext-secret"]) == 0
        assert main(["check", "HEAD..HEAD", "--since", "HEAD"]) == 2

    @pytest.mark.parametrize("text", ["..", "a..", "..b", "a..b..c", ""])
    def test_what_is_no_range_is_refused(self, text: str) -> None:
        with pytest.raises(UsageError):
            split_range(text)
