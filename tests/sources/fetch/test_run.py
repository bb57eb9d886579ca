"""Many requests at once, servers in trouble, and runs that end early."""

from __future__ import annotations

import datetime
import email.utils
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from elysium.engine import Call
from elysium.errors import SourceError
from elysium.sources import upkeep
from elysium.sources.artifacts import Artifact
from elysium.sources.cache import Cache
from elysium.sources.fetch import FetchEvent, FetchSettings, fetch
from elysium.sources.library import Library
from elysium.sources.requests import BucketRequest, HelmChartRequest, RemoteBaseRequest, Request

from ...servers import FileServer, chart_archive, index_of
from .conftest import Fetch

QUICK = FetchSettings(pause=0.01, longest_pause=0.05, attempts=3, timeout=5.0)


def test_outcomes_come_in_order_and_progress_counts(library: Library) -> None:
    events: list[FetchEvent] = []
    with FileServer({f"{number}.yaml": b"kind: A\n" for number in range(10)}) as server:
        requests: list[Request] = [RemoteBaseRequest(url=f"{server.url}/{number}.yaml") for number in range(12)]
        outcomes = fetch([*requests, requests[0], BucketRequest(endpoint="e", name="n")], library, events.append, QUICK)
    assert [outcome.request for outcome in outcomes[:12]] == requests
    assert [outcome.state for outcome in outcomes] == ["fetched"] * 10 + ["failed"] * 2 + ["unknown"]
    assert [event.done for event in events] == list(range(1, 14))
    assert {event.total for event in events} == {13}


def test_what_was_fetched_is_known_at_once(library: Library) -> None:
    with FileServer({"x.yaml": b"kind: A\n"}) as server:
        url = f"{server.url}/x.yaml"
        assert not isinstance(library.remote_base(url), Artifact)
        fetch([RemoteBaseRequest(url=url)], library, None, QUICK)
    assert isinstance(library.remote_base(url), Artifact)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again(fetched: Fetch, status: int) -> None:
    with FileServer({"x.yaml": b"kind: A\n"}) as server:
        server.trouble = [(status, {}, b""), (status, {}, b"")]
        assert fetched(RemoteBaseRequest(url=f"{server.url}/x.yaml")).state == "fetched"
        server.trouble = [(status, {}, b"")] * 3
        outcome = fetched(RemoteBaseRequest(url=f"{server.url}/x.yaml"))
    assert outcome.state == "unknown"
    assert str(status) in outcome.message


def test_the_servers_wish_to_wait_is_met(fetched: Fetch) -> None:
    with FileServer({"x.yaml": b"kind: A\n"}) as server:
        server.trouble = [(503, {"Retry-After": "1"}, b"")]
        started = time.monotonic()
        assert fetched(RemoteBaseRequest(url=f"{server.url}/x.yaml"), longest_pause=5.0).state == "fetched"
        assert time.monotonic() - started >= 1
        date = email.utils.format_datetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=9))
        server.trouble = [(503, {"Retry-After": date}, b"")]
        started = time.monotonic()
        assert fetched(RemoteBaseRequest(url=f"{server.url}/x.yaml"), longest_pause=0.2).state == "unchanged"
        assert time.monotonic() - started < 5


def test_no_server_at_all(fetched: Fetch) -> None:
    with FileServer({}) as server:
        url = f"{server.url}/x.yaml"
    outcome = fetched(RemoteBaseRequest(url=url))
    assert outcome.state == "unknown"
    assert "proxy" in outcome.hint


def test_a_broken_address(fetched: Fetch) -> None:
    for url in ("https://[::1", "https://exa mple.com/x.yaml", "https:///x.yaml"):
        assert fetched(RemoteBaseRequest(url=url)).state in ("unknown", "failed")


def test_a_redirect_to_another_host_carries_no_login(fetched: Fetch, tmp_path: Path) -> None:
    (tmp_path / "home" / ".netrc").write_text("machine 127.0.0.1 login me password mine\n")
    with FileServer({"x.yaml": b"kind: A\n"}) as other, FileServer({}, login="me:mine") as server:
        server.files = {"x.yaml": b""}
        server.trouble = [(302, {"Location": other.url.replace("127.0.0.1", "localhost") + "/x.yaml"}, b"")]
        assert fetched(RemoteBaseRequest(url=f"{server.url}/x.yaml")).state == "fetched"
        assert server.asked[0].login == "me:mine"
        assert "authorization" not in other.asked[0].headers


def test_a_cache_that_cannot_be_written_ends_the_run(fetched: Fetch, library: Library) -> None:
    library.cache.section("artifacts").rmdir()
    library.cache.section("staging").rmdir()
    (library.cache.directory / "staging").symlink_to("/dev/full")
    with FileServer({"x.yaml": b"kind: A\n"}) as server:
        outcome = fetched(RemoteBaseRequest(url=f"{server.url}/x.yaml"))
    assert outcome.state == "unknown"
    assert outcome.hint


def test_a_missing_file_of_authorities(fetched: Fetch) -> None:
    with pytest.raises(SourceError) as caught:
        fetched(RemoteBaseRequest(url="https://127.0.0.1:9/x.yaml"), ca_file="/nowhere/ca.crt")
    assert "PEM" in caught.value.hint


def test_two_runs_at_once_on_one_cache(library: Library, cache: Cache, call: Call) -> None:
    engine = threading.Lock()

    def ask(method: str, params: dict[str, Any]) -> Any:
        with engine:
            return call(method, params)

    charts = {("web", "1.0.0"): chart_archive("web", "1.0.0")}
    files = {"web-1.0.0.tgz": charts["web", "1.0.0"], "index.yaml": index_of(charts)}
    states: list[str] = []
    with FileServer(files) as server:
        requests = [HelmChartRequest(url=server.url, name="web", version=version) for version in ("", "1.x", "1.0.0")]

        def run() -> None:
            own = Library(cache=cache.directory, mappings=(), own=library.own, own_urls=frozenset(), call=ask)
            states.extend(outcome.state for outcome in fetch(requests, own, None, QUICK))

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert set(states) <= {"fetched", "unchanged"}
    assert len(states) == 9
    assert upkeep.verify(cache).broken == ()


_SCRIPT = """
import sys
from pathlib import Path
from elysium.sources import tree
from elysium.sources.fetch import FetchSettings, fetch
from elysium.sources.library import Library
from elysium.sources.requests import RemoteBaseRequest
library = Library(cache=Path(sys.argv[1]), mappings=(), own=tree.make("/", {}), own_urls=frozenset(), call=None)
print("ready", flush=True)
fetch([RemoteBaseRequest(url=sys.argv[2] + f"/{n}.yaml") for n in range(8)], library, None, FetchSettings())
"""


def test_an_interrupted_run_ends_within_moments(tmp_path: Path, cache: Cache) -> None:
    class Silent(FileServer):
        def answer(self, asked: object) -> tuple[int, dict[str, str], bytes]:
            time.sleep(20)
            return 200, {}, b""

    with Silent({}) as server:
        environment = {**os.environ, "PYTHONPATH": "src"}
        process = subprocess.Popen(
            [sys.executable, "-c", _SCRIPT, str(cache.directory), server.url],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            deadline = time.monotonic() + 20
            while len(server.asked) < 4 and time.monotonic() < deadline:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            started = time.monotonic()
            process.wait(timeout=15)
            assert time.monotonic() - started < 12
    assert not (cache.directory / "records").exists()
