"""Several engines as one: requests go to whoever is free, answers come back as they finish."""

from __future__ import annotations

import os
import selectors
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import msgspec

from elysium.engine.locate import locate
from elysium.engine.protocol import PROTOCOL, Answer, EngineFailure, FailureCode, FailureData, Handshake
from elysium.engine.worker import Worker
from elysium.errors import EngineError

__all__ = ["EnginePool", "Limits"]

_DEPTH = 2
_GRACE = 5.0


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of one engine: seconds for a request, bytes of memory for the process."""

    seconds: float = 30.0
    memory: int = 2 << 30


class _Request(msgspec.Struct, kw_only=True):
    number: int
    tag: Any
    line: bytes
    sent: float = 0.0


class EnginePool:
    """Engines that start when there is work for them, at most `workers` (one per core by default).

    `submit` and `next` are for many requests at once; `call` is for one. `announce` is for what every engine must know
    (an open tree): it is repeated to engines that start later. A request that kills its engine is answered as
    exceeded; the requests behind it go to another one. Not for several threads.
    """

    def __init__(self, *, workers: int = 0, limits: Limits | None = None, binary: Path | None = None) -> None:
        self._limits = limits or Limits()
        self._most = workers or min(4, os.cpu_count() or 1)
        self._binary = binary
        self._workers: list[Worker] = []
        self._waiting: deque[_Request] = deque()
        self._sent: dict[int, _Request] = {}
        self._done: deque[tuple[Any, Answer]] = deque()
        self._announced: dict[str, bytes] = {}
        self._number = 0
        self._selector = selectors.DefaultSelector()
        self._decoder = msgspec.json.Decoder(Answer)
        self.handshake: Handshake | None = None
        self.calls = 0
        self.exceeded = 0
        """How many answers a bound or a dead engine took the place of: another run may have better luck."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.close(at_once=kind is not None)

    @property
    def busy(self) -> int:
        """How many requests are not answered yet."""
        return len(self._waiting) + len(self._sent) + len(self._done)

    def announce(self, key: str, method: str, params: dict[str, Any]) -> None:
        """Tell every engine, now and later; the same key again replaces what was said."""
        message = msgspec.json.encode({"jsonrpc": "2.0", "id": 0, "method": method, "params": params}) + b"\n"
        if self._announced.get(key) == message:
            return
        self._announced[key] = message
        for worker in self._workers:
            self._tell(worker, message)

    def submit(self, tag: Any, method: str, params: dict[str, Any]) -> None:
        """Queue a request; its answer comes out of `next` with this tag."""
        self._number += 1
        self.calls += 1
        message = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}
        line = msgspec.json.encode(message) + b"\n"
        self._waiting.append(_Request(number=self._number, tag=tag, line=line))
        self._dispatch()

    def next(self) -> tuple[Any, Answer]:
        """Wait for any answer. Raises EngineError when nothing is under way, or on a defect of either side."""
        while not self._done:
            if not self._sent and not self._waiting:
                raise EngineError("nothing was asked of the engine")
            self._turn()
        tag, answer = self._done.popleft()
        self.exceeded += answer.error is not None and answer.error.code == FailureCode.EXCEEDED
        if answer.error and answer.error.code <= -32600:
            raise EngineError(
                f"the engine refused a request: {answer.error.message}", hint="this is a defect of Elysium"
            )
        return tag, answer

    def call(self, method: str, params: dict[str, Any]) -> Any:
        """Ask one thing and wait for its result, decoded. Raises EngineError with the engine's words when it fails."""
        answer = self.ask(method, params)
        if answer.error:
            hint = "run the command again; if it fails again, report it with the repository that shows it"
            raise EngineError(answer.error.message, subject=answer.error.data.file, hint=hint)
        return msgspec.json.decode(answer.result)

    def ask(self, method: str, params: dict[str, Any]) -> Answer:
        """Ask one thing and wait for its answer, whatever it is; others' answers are kept for `next`."""
        mark = object()
        self.submit(mark, method, params)
        others: list[tuple[Any, Answer]] = []
        while True:
            tag, answer = self.next()
            if tag is mark:
                self._done.extendleft(reversed(others))
                return answer
            others.append((tag, answer))

    def versions(self) -> Handshake:
        """What the engine says of itself; starts one if none runs."""
        if self.handshake is None:
            self.call("yaml.decode", {"text": ""})
        assert self.handshake is not None
        return self.handshake

    def close(self, *, at_once: bool = False) -> None:
        """End every engine. Safe to call twice."""
        for worker in self._workers:
            self._unregister(worker)
            worker.stop(at_once=at_once or bool(worker.expected))
        self._workers.clear()
        self._selector.close()

    # Engines

    def _start(self) -> Worker:
        binary = self._binary or locate()
        arguments = ("--memory-limit", str(self._limits.memory), "--deadline", f"{self._limits.seconds:g}")
        try:
            worker = Worker(binary, arguments)
        except OSError as error:
            raise EngineError(error.strerror or str(error), subject=str(binary), hint="rebuild the engine") from error
        self._workers.append(worker)
        self._selector.register(worker.stdout, selectors.EVENT_READ, worker)
        self._tell(worker, b'{"jsonrpc":"2.0","id":0,"method":"handshake","params":{}}\n')
        for message in self._announced.values():
            self._tell(worker, message)
        return worker

    def _tell(self, worker: Worker, message: bytes) -> None:
        worker.expected.append(0)
        worker.send(message)
        self._pump(worker)

    def _dispatch(self) -> None:
        while self._waiting:
            worker = self._free()
            if worker is None:
                return
            request = self._waiting.popleft()
            request.sent = time.monotonic()
            self._sent[request.number] = request
            worker.expected.append(request.number)
            worker.send(request.line)
            self._pump(worker)

    def _free(self) -> Worker | None:
        least = min(self._workers, key=_load, default=None)
        if least is not None and _load(least) == 0:
            return least
        if len(self._workers) < self._most:
            return self._start()
        return least if least is not None and _load(least) < _DEPTH else None

    def _pump(self, worker: Worker) -> None:
        worker.write_some()
        registered = worker.stdin in self._selector.get_map()
        if worker.wants_to_write and not registered:
            self._selector.register(worker.stdin, selectors.EVENT_WRITE, worker)
        elif registered and not worker.wants_to_write:
            self._selector.unregister(worker.stdin)

    def _turn(self) -> None:
        for key, _ in self._selector.select(timeout=1.0):
            worker: Worker = key.data
            if key.fd == worker.stdin:
                self._pump(worker)
                continue
            for line in worker.read_lines():
                self._receive(worker, line)
            if worker.finished:
                self._bury(worker)
        self._kill_overdue()
        self._dispatch()

    def _receive(self, worker: Worker, line: bytes) -> None:
        try:
            answer = self._decoder.decode(line)
        except msgspec.DecodeError as error:
            raise EngineError(f"an answer that is not of the protocol: {error}") from error
        number = worker.expected.popleft() if worker.expected else -1
        if number == 0:
            self._hear(answer)
            return
        request = self._sent.pop(number, None)
        if request is None or answer.id != number:
            raise EngineError("an answer to nothing that was asked")
        worker.resigned = answer.error is not None and answer.error.code == FailureCode.EXCEEDED
        self._restamp(worker)
        self._done.append((request.tag, answer))

    def _hear(self, answer: Answer) -> None:
        if answer.error:
            raise EngineError(f"the engine refused to start: {answer.error.message}")
        if self.handshake is None:
            self.handshake = msgspec.json.decode(answer.result, type=Handshake)
            if self.handshake.protocol != PROTOCOL:
                raise EngineError(
                    f"the engine speaks protocol {self.handshake.protocol}, this package speaks {PROTOCOL}",
                    hint="build the engine again, or unset ELYSIUM_ENGINE",
                )

    def _restamp(self, worker: Worker) -> None:
        if worker.expected and (following := self._sent.get(worker.expected[0])):
            following.sent = time.monotonic()

    def _bury(self, worker: Worker) -> None:
        self._unregister(worker)
        self._workers.remove(worker)
        numbers = [number for number in worker.expected if number]
        words = worker.last_words()
        worker.stop(at_once=True)
        if not numbers and worker.expected:
            raise EngineError(f"the engine did not start{': ' + words if words else ''}", hint="build the engine again")
        for position, number in enumerate(numbers):
            request = self._sent.pop(number)
            if position == 0 and not worker.resigned:
                self._done.append((request.tag, _died(words)))
            else:
                self._waiting.appendleft(request)

    def _kill_overdue(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            first = next((self._sent[number] for number in worker.expected if number), None)
            if first is not None and now - first.sent > self._limits.seconds + _GRACE:
                worker.stop(at_once=True) if worker.finished else os.kill(worker.pid, 9)

    def _unregister(self, worker: Worker) -> None:
        for descriptor in (worker.stdin, worker.stdout):
            if descriptor in self._selector.get_map():
                self._selector.unregister(descriptor)


def _load(worker: Worker) -> int:
    return sum(1 for number in worker.expected if number)


def _died(words: str) -> Answer:
    message = f"the engine died while it worked on this{': ' + words if words else ''}"
    return Answer(error=EngineFailure(code=FailureCode.EXCEEDED, message=message, data=FailureData(bound="crash")))


Call = Callable[[str, dict[str, Any]], Any]
"""The form of `EnginePool.call`, for those who need one answer and not the pool."""
