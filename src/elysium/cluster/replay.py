"""The client of the replay (docs/replay-protocol.md): many requests on their way, answers as they come."""

from __future__ import annotations

import queue
import time
from collections import deque
from typing import Any, Self, TypeVar

import msgspec

from elysium.cluster.command import Command
from elysium.cluster.protocol import PROTOCOL, Answer, Handshake
from elysium.cluster.server import Server
from elysium.cluster.talking import Talker
from elysium.errors import ClusterError

__all__ = ["Replayer"]

T = TypeVar("T")

_START = 60.0


class Replayer:
    """A running replay. A context manager; for one thread.

    `submit` and `next` are for many requests at once, `call` is for one. Requests and answers may be megabytes each:
    they are written and read by threads of their own, so that neither side waits for the other.
    """

    def __init__(self, command: Command, server: Server, *, parallel: int = 4) -> None:
        arguments = ["--kubeconfig", str(server.kubeconfig), "--parallel", str(parallel)]
        if server.context:
            arguments += ["--context", server.context]
        self._talker = Talker((*command, *arguments))
        self._tags: dict[int, Any] = {}
        self._done: deque[tuple[Any, Answer]] = deque()
        self._decoder = msgspec.json.Decoder(Answer)
        self._number = 0
        try:
            self.handshake = self._greet()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def busy(self) -> int:
        """How many requests were submitted whose answers `next` has not given yet."""
        return len(self._tags) + len(self._done)

    def submit(self, tag: Any, method: str, params: dict[str, Any]) -> None:
        """Send a request; its answer comes out of `next` with this tag. Does not wait."""
        self._number += 1
        self._tags[self._number] = tag
        message = {"id": self._number, "method": method, "params": params}
        self._talker.send(msgspec.json.encode(message) + b"\n")

    def next(self, timeout: float | None = None) -> tuple[Any, Answer]:
        """Wait for any answer, at most `timeout` seconds.

        Raises ClusterError when nothing was asked, when no answer comes in time, or when the replay is dead.
        """
        if self._done:
            return self._done.popleft()
        return self._receive(timeout)

    def call(self, method: str, params: dict[str, Any], kind: type[T]) -> T:
        """Ask one thing, wait for its result and decode it; others' answers are kept for `next`.

        Raises ClusterError with the replay's words and its hint when there is no result.
        """
        return self._ask(method, params, kind, None)

    def close(self) -> None:
        """End the replay at once: it holds nothing that is worth waiting for. Safe to call twice."""
        self._talker.stop()

    def _greet(self) -> Handshake:
        handshake = self._ask("handshake", {}, Handshake, _START)
        if handshake.protocol != PROTOCOL:
            raise ClusterError(
                f"the replay speaks protocol {handshake.protocol}, this package speaks {PROTOCOL}",
                hint="build it again, or unset ELYSIUM_CONTROLPLANE and ELYSIUM_REPLAY",
            )
        return handshake

    def _ask(self, method: str, params: dict[str, Any], kind: type[T], timeout: float | None) -> T:
        mark = object()
        self.submit(mark, method, params)
        deadline = None if timeout is None else time.monotonic() + timeout
        tag = None
        while tag is not mark:
            tag, answer = self._receive(None if deadline is None else max(0.0, deadline - time.monotonic()))
            if tag is not mark:
                self._done.append((tag, answer))
        if answer.error:
            raise ClusterError(answer.error.message, subject=method, hint=answer.error.hint)
        try:
            return msgspec.json.decode(answer.result, type=kind)
        except msgspec.DecodeError as error:
            raise _broken(str(error)) from error

    def _receive(self, timeout: float | None) -> tuple[Any, Answer]:
        if not self._tags:
            raise ClusterError("nothing was asked of the replay")
        try:
            line = self._talker.next_line(timeout)
        except queue.Empty:
            raise ClusterError(
                f"the replay did not answer within {timeout:g} s", hint="see the log of the control plane"
            ) from None
        if line is None:
            words = self._talker.last_words()
            raise ClusterError(f"the replay died{': ' + words if words else ''}", hint="run the command again")
        try:
            answer = self._decoder.decode(line)
        except msgspec.DecodeError as error:
            raise _broken(str(error)) from error
        if answer.id not in self._tags:
            raise _broken("an answer to nothing that was asked")
        return self._tags.pop(answer.id), answer


def _broken(why: str) -> ClusterError:
    return ClusterError(f"the replay answered against its protocol: {why}", hint="build it again")
