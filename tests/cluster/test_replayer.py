"""The client of the replay: many requests, big ones, and peers that do not keep to the protocol."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from elysium.cluster.command import Command
from elysium.cluster.protocol import Action, Entries
from elysium.cluster.replay import Replayer
from elysium.cluster.server import Server
from elysium.errors import ClusterError

ELSEWHERE = Server(url="https://127.0.0.1:1", kubeconfig=Path("/nowhere"), version="v0")

GREETING = """
import json, sys
def answer(request, result):
    print(json.dumps({"id": request["id"], "result": result}), flush=True)
def requests():
    for line in sys.stdin:
        yield json.loads(line)
answer(next(requests()), {"protocol": 1, "server": "v0", "controllers": False})
"""


def peer(tmp_path: Path, body: str, greeting: str = GREETING) -> Command:
    """A replay that does as `body` says after it has greeted."""
    script = tmp_path / "peer.py"
    script.write_text(greeting + body)
    return (sys.executable, str(script))


def configmap(name: str, size: int = 1) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"text": "x" * size}}


def reference(name: str) -> dict[str, str]:
    return {"group": "", "version": "v1", "kind": "ConfigMap", "namespace": "default", "name": name}


def test_one_question_has_one_answer(server: Server, replayer: Replayer) -> None:
    assert replayer.handshake.server == server.version
    assert replayer.handshake.controllers
    entries = replayer.call("create", {"objects": [configmap("one")]}, Entries).entries
    assert [(entry.action, entry.object.name) for entry in entries] == [(Action.CREATED, "one")]
    assert replayer.busy == 0


def test_many_big_requests_are_answered_each_with_its_tag(replayer: Replayer) -> None:
    """Far more in both directions than the pipes hold."""
    for number in range(40):
        replayer.submit(number, "create", {"objects": [configmap(f"big-{number}", 500_000)]})
    assert replayer.busy == 40
    for _ in range(40):
        tag, answer = replayer.next(60)
        assert answer.error is None
        [entry] = msgspec.json.decode(answer.result, type=Entries).entries
        assert entry.object.name == f"big-{tag}"
    for number in range(40):
        replayer.submit(("get", number), "get", {"objects": [reference(f"big-{number}")]})
    tags = {replayer.next(60)[0] for _ in range(40)}
    assert tags == {("get", number) for number in range(40)}
    assert replayer.busy == 0


def test_a_call_keeps_the_answers_of_others(replayer: Replayer) -> None:
    replayer.submit("first", "get", {"objects": [reference("kube-root-ca.crt")]})
    assert replayer.call("get", {"objects": []}, dict[str, Any]) == {"objects": []}
    assert replayer.busy == 1
    assert replayer.next(10)[0] == "first"
    with pytest.raises(ClusterError, match="nothing was asked"):
        replayer.next(1)


def test_what_the_replay_does_not_do_is_an_error_with_its_words(replayer: Replayer) -> None:
    with pytest.raises(ClusterError, match="dance") as raised:
        replayer.call("dance", {}, dict[str, Any])
    assert raised.value.subject == "dance"
    replayer.submit("again", "dance", {})
    tag, answer = replayer.next(10)
    assert tag == "again"
    assert answer.error is not None


def test_a_replay_without_a_server_says_so(replay_command: Command, tmp_path: Path) -> None:
    with pytest.raises(ClusterError):
        Replayer(replay_command, ELSEWHERE)


def test_slow_readers_block_nobody(tmp_path: Path) -> None:
    """The peer answers all at once after it has read all, as much as would fill every pipe."""
    body = "for request in list(map(lambda _: next(requests()), range(30))): answer(request, request['params'])\n"
    with Replayer(peer(tmp_path, body), ELSEWHERE) as replayer:
        for number in range(30):
            replayer.submit(number, "echo", {"text": "y" * 1_000_000})
        time.sleep(0.5)
        assert [len(replayer.next(30)[1].result) > 1_000_000 for _ in range(30)] == [True] * 30


def test_a_replay_that_dies_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    body = "next(requests()); sys.exit('error: all is lost')\n"
    with Replayer(peer(tmp_path, body), ELSEWHERE) as replayer:
        replayer.submit("tag", "apply", {})
        for _ in range(2):
            with pytest.raises(ClusterError, match="died: error: all is lost"):
                replayer.next(10)


def test_a_replay_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    with Replayer(peer(tmp_path, "import time; time.sleep(600)\n"), ELSEWHERE) as replayer:
        replayer.submit("tag", "apply", {"text": "z" * 1_000_000})
        with pytest.raises(ClusterError, match=r"did not answer within 0\.2 s"):
            replayer.next(0.2)
        process = replayer._talker._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("answer({'id': 77}, {})", "an answer to nothing"),
        ("print('nonsense', flush=True)", "against its protocol"),
        ("answer(next(requests()), [1])", "against its protocol"),
    ],
)
def test_what_is_not_of_the_protocol_is_an_error(tmp_path: Path, body: str, words: str) -> None:
    with Replayer(peer(tmp_path, body), ELSEWHERE) as replayer, pytest.raises(ClusterError, match=words):
        replayer.call("apply", {}, Entries)


def test_another_version_of_the_protocol_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="speaks protocol 2, this package speaks 1"):
        Replayer(peer(tmp_path, "", GREETING.replace('"protocol": 1', '"protocol": 2')), ELSEWHERE)


def test_a_program_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ClusterError, match="cannot be started"):
        Replayer(("/nowhere/replay",), ELSEWHERE)


def test_nothing_of_ours_leads_the_replay_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "/somebody/elses")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    body = "import os; answer(next(requests()), sorted(os.environ))\n"
    with Replayer(peer(tmp_path, body), ELSEWHERE) as replayer:
        seen = set(replayer.call("look", {}, list[str]))
    assert not seen & {"KUBECONFIG", "HTTPS_PROXY"}
