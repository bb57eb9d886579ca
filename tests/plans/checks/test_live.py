"""Checks that ask the network, against servers on this machine."""

from __future__ import annotations

import contextlib
import datetime
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from elysium.api.plan_world import PlanWorld
from elysium.plans.checks import networks
from elysium.plans.results import Outcome
from tests.plans.checks.asking import ask, opened
from tests.plans.checks.servers import https, raw, serving


@pytest.fixture
def world(repository: Path) -> Iterator[PlanWorld]:
    with opened(repository, live=True) as found:
        found.today = datetime.datetime.now(tz=datetime.UTC).date()
        yield found


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as found:
        yield found


@pytest.fixture
def closed() -> int:
    """A port that nobody listens on."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


def told(outcome: Outcome) -> tuple[str, str]:
    return outcome.result.value, outcome.reason


@pytest.mark.parametrize(
    "text",
    ["/healthz", "/healthz status=200", "/healthz contains well contains /^all/", "/missing status=404", "/moved",
     "/moved status=302", "/moved redirect=/healthz", "/healthz time<4s", "/huge contains x"],
)  # fmt: skip
def test_an_address_answers_as_asked(world: PlanWorld, port: int, text: str) -> None:
    assert told(ask(world, f"http http://127.0.0.1:{port}{text}"))[0] == "pass"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("/missing", "answers 404, not 2xx"), ("/healthz status=204", "answers 200, not 204"),
        ("/healthz contains broken", "answers 200, without broken"), ("/slow time<300ms", "not less than 300ms"),
        ("/moved redirect=/elsewhere", "leads to"), ("/healthz redirect=/elsewhere", "answers 200"),
    ],
)  # fmt: skip
def test_another_answer_fails(world: PlanWorld, port: int, text: str, reason: str) -> None:
    result, said = told(ask(world, f"http http://127.0.0.1:{port}{text}"))
    assert (result, reason in said) == ("fail", True), said


def test_an_address_that_nobody_serves_fails(world: PlanWorld, closed: int) -> None:
    result, said = told(ask(world, f"http http://127.0.0.1:{closed}/"))
    assert (result, "does not answer: Connection refused" in said) == ("fail", True), said


def test_what_speaks_no_http_fails(world: PlanWorld) -> None:
    with raw(b"SSH-2.0-server\r\n") as port:
        assert ask(world, f"http http://127.0.0.1:{port}/").result == "fail"


def test_a_redirection_into_another_private_host_is_not_followed(world: PlanWorld, port: int) -> None:
    result, said = told(ask(world, f"http http://127.0.0.1:{port}/away?http://localhost:{port}/healthz"))
    assert (result, "leads to localhost" in said and "not asked" in said) == ("unknown", True)


@pytest.mark.parametrize(("path", "reason"), [("/round", "on and on"), ("/file", "is not asked")])
def test_a_redirection_to_nowhere_ends(world: PlanWorld, port: int, path: str, reason: str) -> None:
    assert reason in ask(world, f"http http://127.0.0.1:{port}{path}").reason


@pytest.mark.parametrize(
    "text",
    ["http http://169.254.169.254/latest/", "http http://2852039166/", "http http://[::ffff:169.254.169.254]/",
     "tcp 169.254.169.254:80", "dns 169.254.1.1", "tcp [fd00:ec2::254]:80"],
)  # fmt: skip
def test_where_clouds_hand_out_credentials_is_never_asked(world: PlanWorld, text: str) -> None:
    result, said = told(ask(world, text))
    assert (result, "link-local" in said) == ("unknown", True)


def test_redirections_of_a_server_stay_with_the_address_that_was_looked_up(
    world: PlanWorld, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["127.0.0.1", "10.0.0.1"])
    monkeypatch.setattr(networks, "addresses", lambda host: [next(answers)])
    assert told(ask(world, f"http http://wiki.example.com:{port}/healthz"))[0] == "pass"


def test_an_answer_that_drips_is_given_up(world: PlanWorld) -> None:
    started = time.monotonic()
    with raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 1000, drip=0.05) as port:
        assert ask(world, f"http http://127.0.0.1:{port}/ time<1s").result == "fail"
    assert time.monotonic() - started < 9


def test_ports(world: PlanWorld, port: int, closed: int) -> None:
    assert told(ask(world, f"tcp 127.0.0.1:{port} localhost:{port}"))[0] == "pass"
    assert told(ask(world, f"tcp 127.0.0.1:{port} 127.0.0.1:{closed}"))[0] == "fail"


def test_names(world: PlanWorld) -> None:
    assert told(ask(world, "dns localhost"))[0] == "pass"
    assert told(ask(world, "dns localhost 127.0.0.1"))[0] == "pass"
    assert "not 203.0.113.7" in ask(world, "dns localhost 203.0.113.7").reason
    assert ask(world, "dns no-such-name.invalid").result != "pass"


def test_a_certificate_that_is_trusted_and_lasts_passes(world: PlanWorld, repository: Path) -> None:
    with https(repository) as port, opened(repository, live=True) as fresh:
        fresh.today = world.today
        assert told(ask(fresh, f"tls localhost:{port} ca=ca.pem"))[0] == "pass"
        assert told(ask(fresh, f"tls 127.0.0.1:{port} ca=ca.pem days=30 name=localhost"))[0] == "pass"
        assert told(ask(fresh, f"http https://127.0.0.1:{port}/healthz ca=ca.pem contains well"))[0] == "pass"
        assert "in 90 days" in ask(fresh, f"tls localhost:{port} ca=ca.pem days=200").reason
        assert "not valid" in ask(fresh, f"tls 127.0.0.1:{port} ca=ca.pem name=wiki.example.com").reason
        assert "not valid" in ask(fresh, f"tls localhost:{port}").reason
        assert "not valid" in ask(fresh, f"http https://127.0.0.1:{port}/healthz").reason
        assert ask(fresh, f"tls localhost:{port} ca=missing.pem").result == "fail"


def test_a_certificate_that_has_ended_fails(repository: Path) -> None:
    with https(repository, days=-1) as port, opened(repository, live=True) as world:
        result, said = told(ask(world, f"tls localhost:{port} ca=ca.pem"))
        assert (result, "expired" in said) == ("fail", True), said


def test_what_speaks_no_tls_fails(world: PlanWorld, port: int, closed: int) -> None:
    assert ask(world, f"tls localhost:{port}").result == "fail"
    assert ask(world, f"tls localhost:{closed}").result == "fail"


def test_a_question_without_an_end_is_left_behind() -> None:
    with pytest.raises(TimeoutError):
        networks.within(0.1, lambda: time.sleep(1))
