"""What an application needs: read from a file and options, judged with the place of what is wrong, and asked for."""

from __future__ import annotations

import pytest

from elysium.errors import PlanError
from elysium.plans.deploying import (
    Application,
    application_of,
    planned_component,
    questions,
    read_application,
    with_facts,
)
from elysium.scaffold import RepositoryFacts

TEXT = """\
name = "wiki"
why = "Notes lie around on paper."
image = "ghcr.io/example/wiki:1.2.3"
port = 8080
expose = ["tailscale"]
due = 2027-01-31

[rejected]
official-chart = "none is published"

[answers]
health = "/healthz"
"""


def test_a_file_says_what_an_application_needs() -> None:
    found = application_of(read_application(TEXT, "app.toml"))
    assert (found.name, found.port, found.due, found.expose) == ("wiki", 8080, "2027-01-31", ("tailscale",))
    assert found.rejected == {"official-chart": "none is published"}
    component = planned_component(found, "onechart", {"reason": "nothing better"})
    assert (component.kind, component.name) == ("app", "wiki")
    assert component.answers == {
        "style": "onechart",
        "image": "ghcr.io/example/wiki:1.2.3",
        "port": 8080,
        "expose": ("tailscale",),
        "reason": "nothing better",
        "health": "/healthz",
    }


def test_an_option_goes_before_the_file_and_tables_are_joined() -> None:
    options = {"port": "9090", "rejected": {"onechart": "there is a chart"}, "answers": {"replicas": 2}}
    found = application_of(read_application(TEXT, "app.toml"), options)
    assert found.port == 9090
    assert sorted(found.rejected) == ["official-chart", "onechart"]
    assert found.answers == {"health": "/healthz", "replicas": 2}


WRONG = {
    'name = "Wiki"': ("app.toml:1", "name 'Wiki' is not allowed"),
    'name = "wiki"\nimage = "wiki:latest"': ("app.toml:2", "image 'wiki:latest' is not allowed"),
    'name = "wiki"\nport = 99999': ("app.toml:2", "port '99999' is not allowed"),
    'name = "wiki"\nexpose = ["everywhere"]': ("app.toml:2", "not allowed"),
    'name = "wiki"\nstorge = "1Gi"': ("app.toml:2", "no key 'storge'"),
    'name = "wiki"\ndue = "soon"': ("app.toml:2", "is no date"),
    'name = "wiki"\n[rejected]\nhelm = "no"': ("app.toml:2", "no deployment method 'helm'"),
    'name = "wiki"\n[rejected]\nonechart = " "': ("app.toml:2", "without a reason"),
    'name = "wiki"\nanswers = 1': ("app.toml:2", "is no table"),
    'name = "wiki"\nimage = ': ("app.toml:2", "no TOML"),
    'name = "wiki"\nmethod = "helm"': ("app.toml:2", "not allowed"),
}


@pytest.mark.parametrize("text", WRONG, ids=str)
def test_what_is_wrong_is_told_with_its_line_and_what_is_allowed(text: str) -> None:
    place, message = WRONG[text]
    with pytest.raises(PlanError) as raised:
        read_application(text, "app.toml")
    assert raised.value.subject == place
    assert message in raised.value.message
    assert raised.value.hint


def test_a_wrong_option_is_told_by_its_name() -> None:
    with pytest.raises(PlanError) as raised:
        application_of({"name": "wiki"}, {"port": "http"})
    assert raised.value.subject == "--port"


def test_an_option_that_is_no_key_is_an_answer_to_the_component() -> None:
    found = application_of({"name": "db", "preset": "postgresql"}, {"data": "20Gi", "answers": {"wal": "5Gi"}})
    assert found.answers == {"data": "20Gi", "wal": "5Gi"}


def test_without_a_name_there_is_no_application() -> None:
    with pytest.raises(PlanError, match="has no name"):
        application_of({})


def test_only_what_nobody_said_is_asked() -> None:
    facts = RepositoryFacts(cluster="demo", offers=("ingress-class/tailscale",))
    open_ones = questions(Application(name="wiki", why="because", image="a:1"), facts)
    assert [item.key for item in open_ones] == ["purpose", "owner", "port", "storage", "secrets", "expose"]
    assert "tailscale" in open_ones[-1].text
    assert "traefik" not in open_ones[-1].text
    assert [item.key for item in questions(Application(name="db", preset="postgresql"), facts)] == [
        "purpose",
        "why",
        "owner",
    ]


def test_of_a_chart_in_the_catalogue_the_version_is_asked() -> None:
    facts = RepositoryFacts(cluster="demo")
    asked = {item.key: item.text for item in questions(Application(name="gitea"), facts)}
    assert "https://dl.gitea.com/charts" in asked["chart-version"]
    for known in (Application(name="gitea", chart_version="12.0.0"), Application(name="gitea", image="gitea/gitea:1")):
        assert "chart-version" not in {item.key for item in questions(known, facts)}


def test_the_class_of_volumes_comes_from_the_repository() -> None:
    facts = RepositoryFacts(cluster="demo", variables={"STORAGE_CLASS": "local-path"})
    assert with_facts(Application(name="wiki", storage="1Gi"), facts).storage_class == "local-path"
    assert with_facts(Application(name="wiki"), facts).storage_class == ""
    assert with_facts(Application(name="wiki", storage="1Gi", storage_class="fast"), facts).storage_class == "fast"
    default = RepositoryFacts(cluster="demo", variables={"STORAGE_CLASS": "local-path"}, storage_class="usual")
    assert with_facts(Application(name="wiki", storage="1Gi"), default).storage_class == ""
