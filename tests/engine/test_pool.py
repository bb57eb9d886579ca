"""The pool against the real engine: order, death, bounds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from elysium.engine import EnginePool, FailureCode, Limits, locate
from elysium.errors import EngineError


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z" if Path("/proc").is_dir() else True


def test_answers_carry_their_tags_whatever_the_order() -> None:
    with EnginePool(workers=2) as pool:
        for number in range(50):
            pool.submit(number, "yaml.decode", {"text": f"count: {number}"})
        answers = dict(pool.next() for _ in range(50))
        assert sorted(answers) == list(range(50))
        assert all(b'"count":%d' % number in bytes(answer.result) for number, answer in answers.items())


def test_a_call_in_between_does_not_lose_other_answers() -> None:
    with EnginePool(workers=1) as pool:
        pool.submit("first", "yaml.decode", {"text": "a: 1"})
        assert pool.call("yaml.decode", {"text": "b: 2"})["documents"] == [{"b": 2}]
        assert pool.next()[0] == "first"


def test_a_failure_is_an_answer_and_call_raises_it() -> None:
    with EnginePool(workers=1) as pool:
        answer = pool.ask("yaml.decode", {"text": "a: ["})
        assert answer.error is not None
        assert answer.error.code == FailureCode.FAILED
        with pytest.raises(EngineError):
            pool.call("yaml.decode", {"text": "a: ["})


def test_an_unknown_method_is_our_defect() -> None:
    with EnginePool(workers=1) as pool, pytest.raises(EngineError, match="unknown method"):
        pool.ask("no.such", {})


def test_an_engine_killed_in_the_middle_is_an_answer_and_the_rest_goes_on() -> None:
    with EnginePool(workers=1) as pool:
        pool.call("yaml.decode", {"text": "a: 1"})
        for number in range(4):
            pool.submit(number, "yaml.decode", {"text": f"count: {number}"})
        for worker in pool._workers:
            os.kill(worker.pid, signal.SIGKILL)
        answers = dict(pool.next() for _ in range(4))
        assert sorted(answers) == [0, 1, 2, 3]
        failed = [number for number, answer in answers.items() if answer.error is not None]
        assert len(failed) <= 1
        assert pool.call("yaml.decode", {"text": "b: 2"})["documents"] == [{"b": 2}]


def test_closing_leaves_no_process() -> None:
    pool = EnginePool(workers=2)
    pool.submit(1, "yaml.decode", {"text": "a: 1"})
    pool.submit(2, "yaml.decode", {"text": "a: 1"})
    pids = [worker.pid for worker in pool._workers]
    pool.close(at_once=True)
    assert pids
    assert not any(_alive(pid) for pid in pids)


def test_the_engine_ends_with_its_parent() -> None:
    code = (
        "import os, signal; from elysium.engine import EnginePool; pool = EnginePool(workers=1); "
        "pool.call('yaml.decode', {'text': 'a: 1'}); print(pool._workers[0].pid, flush=True); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    pid = int(done.stdout)
    deadline = time.monotonic() + 10
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(pid)


def test_another_protocol_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / "engine"
    fake.write_text(
        "#!/bin/sh\nread line\n"
        'echo \'{"jsonrpc":"2.0","id":0,"result":{"protocol":99,"version":"9","libraries":{}}}\'\ncat >/dev/null\n'
    )
    fake.chmod(0o755)
    with EnginePool(workers=1, binary=fake) as pool, pytest.raises(EngineError, match="protocol 99"):
        pool.call("yaml.decode", {"text": "a: 1"})


def test_an_engine_that_cannot_start_is_named(tmp_path: Path) -> None:
    fake = tmp_path / "engine"
    fake.write_text("#!/bin/sh\necho broken pipe dream >&2\nexit 3\n")
    fake.chmod(0o755)
    with EnginePool(workers=1, binary=fake) as pool, pytest.raises(EngineError, match="broken pipe dream"):
        pool.call("yaml.decode", {"text": "a: 1"})


def test_a_missing_engine_lists_the_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ELYSIUM_ENGINE", str(tmp_path / "nowhere"))
    with pytest.raises(EngineError, match="nowhere"):
        locate()


def test_time_is_bounded(tmp_path: Path) -> None:
    chart = tmp_path / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: endless\nversion: 1.0.0\n")
    endless = '{{- define "x" }}{{ range $i := until 100000 }}{{ range $j := until 100000 }}{{ end }}{{ end }}{{ end }}'
    (chart / "templates" / "a.yaml").write_text(endless + '{{ include "x" . }}')
    with EnginePool(workers=1, limits=Limits(seconds=1.0)) as pool:
        pool.announce("t", "tree.open", {"id": "t", "root": str(chart), "files": None, "rules": "none"})
        params = {
            "chart": {"tree": "t", "path": "."},
            "release": {"name": "r", "namespace": "n", "upgrade": False, "revision": 1},
            "kubernetes": "1.37.0",
        }
        pool.submit("endless", "chart.render", params)
        pool.submit("behind", "yaml.decode", {"text": "a: 1"})
        answers = dict(pool.next() for _ in range(2))
    assert answers["endless"].error is not None
    assert answers["endless"].error.code == FailureCode.EXCEEDED
    assert answers["behind"].error is None
