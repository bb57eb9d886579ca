"""Step 0: which deployment method is chosen over what is known, and what is said of the others."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from elysium.errors import PlanError
from elysium.plans import deploying
from elysium.plans.deploying import METHODS, Application, KnownCharts, Method, Verdict, choose, versions_in_index
from elysium.plans.deploying.catalogue import entry_of, highest_version
from tests.plans.deploying.samples import REJECTED

GITEA = "https://dl.gitea.com/charts"


def verdicts(method: Method) -> dict[str, Verdict]:
    return {item.method: item.verdict for item in method.considered}


def test_the_owners_chart_goes_before_everything() -> None:
    known = (KnownCharts(repository=GITEA, origin="an index", name="gitea", versions=("12.0.0", "9.1.0"), listed=True),)
    method = choose(Application(name="gitea", image="gitea/gitea:1.24"), known)
    assert (method.key, method.source, method.version) == ("official-chart", GITEA, "12.0.0")
    assert verdicts(method) == {
        "official-chart": Verdict.CHOSEN,
        "official-method": Verdict.NOT_NEEDED,
        "community-chart": Verdict.NOT_NEEDED,
        "official-kustomize": Verdict.NOT_NEEDED,
        "onechart": Verdict.NOT_NEEDED,
    }
    assert method.answers["chart-version"] == "12.0.0"


def test_a_rejected_method_is_passed_over_with_its_reason() -> None:
    known = (
        KnownCharts(repository="https://c.example.org", origin="HelmRepository/x/c", name="gitea", versions=("1.0.0",)),
    )
    method = choose(Application(name="gitea", rejected={"official-chart": "too large"}), known)
    assert (method.key, method.source) == ("community-chart", "https://c.example.org")
    official = method.considered[0]
    assert (official.verdict, official.reason) == (Verdict.REJECTED, "too large")
    assert method.considered[1].verdict is Verdict.UNKNOWN
    assert "not consulted" in method.considered[1].reason


def test_an_image_alone_ends_with_onechart_and_what_was_not_looked_at_is_unknown() -> None:
    method = choose(Application(name="tally", image="ghcr.io/example/tally:1"), ())
    assert method.key == "onechart"
    assert list(verdicts(method).values()) == [*[Verdict.UNKNOWN] * 4, Verdict.CHOSEN]
    looked = choose(Application(name="tally", image="ghcr.io/example/tally:1", rejected=REJECTED), ())
    assert list(verdicts(looked).values()) == [*[Verdict.REJECTED] * 4, Verdict.CHOSEN]
    assert ";" not in looked.reason


def test_what_is_unknown_says_how_much_was_looked_at() -> None:
    known = (
        KnownCharts(repository="https://a.example.org", origin="an index", name="tally", listed=True),
        KnownCharts(repository="https://b.example.org", origin="HelmRepository/x/b", name="tally"),
    )
    method = choose(Application(name="tally", image="ghcr.io/example/tally:1"), known)
    assert "1 were looked into and 1 are declared only" in method.considered[0].reason


@pytest.mark.parametrize(
    ("repository", "method"),
    [
        ("https://tally.example.org/charts", "official-chart"),
        ("oci://ghcr.io/tally/charts", "official-chart"),
        ("https://charts.example.org", "community-chart"),
    ],
)
def test_whose_a_named_chart_is_follows_from_its_address(repository: str, method: str) -> None:
    given = Application(name="tally", chart="tally", chart_repository=repository, chart_version="1.2.3")
    assert choose(given, ()).key == method


def test_official_manifests_are_for_kustomize() -> None:
    given = Application(name="tally", source_repository="https://git.example.org/tally", source_version="v1")
    method = choose(given, ())
    assert method.key == "official-kustomize"
    assert method.answers["source-version"] == "v1"


def test_the_preset_of_postgresql_is_the_communitys_chart() -> None:
    method = choose(Application(name="ledger", preset="postgresql"), ())
    assert (method.key, method.source) == ("community-chart", "https://charts.bitnami.com/bitnami")
    assert [item.verdict for item in method.considered[:2]] == [Verdict.REJECTED, Verdict.REJECTED]


def test_a_chart_without_a_version_is_refused_with_what_to_do() -> None:
    with pytest.raises(PlanError, match="the version of the chart gitea is not known") as raised:
        choose(Application(name="gitea"), ())
    assert "chart-version" in raised.value.hint


def test_nothing_to_deploy_from_is_refused_with_what_to_do() -> None:
    with pytest.raises(PlanError, match="nothing is known") as raised:
        choose(Application(name="tally"), ())
    assert "image" in raised.value.hint


def test_the_catalogue_names_a_source_for_every_application() -> None:
    text = (Path(deploying.__file__).parent / "catalogue.toml").read_text(encoding="utf-8")
    names = list(tomllib.loads(text))
    assert len(names) >= 40
    for name in names:
        entry = entry_of(name)
        assert entry
        charts = [chart for chart in (entry.official_chart, entry.community_chart) if chart]
        assert charts, name
        assert all(chart.name and chart.repository.startswith(("https://", "oci://")) for chart in charts), name


def test_versions_are_read_from_an_index_line_by_line() -> None:
    index = """\
apiVersion: v1
entries:
  tally-extra:
  - version: 9.9.9
  tally:
  - apiVersion: v2
    name: tally
    version: 1.10.0
  - dependencies:
    - name: postgresql
      version: 16.0.0
    version: "1.9.0"
    urls:
    - https://example.org/tally-1.9.0.tgz
  zebra:
  - version: 3.0.0
"""
    assert versions_in_index(index.splitlines(keepends=True), "tally") == ("1.10.0", "1.9.0")
    assert versions_in_index(index.splitlines(keepends=True), "none") == ()
    assert highest_version(("1.9.0", "1.10.0", "2.0.0-rc.1")) == "1.10.0"
    assert highest_version(()) == ""


def test_there_are_five_methods() -> None:
    assert len(METHODS) == 5
