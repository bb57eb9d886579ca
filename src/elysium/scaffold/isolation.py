"""Templates of components that did not come with Elysium, rendered in a process of their own.

Jinja's sandbox keeps a template from everything but its values. It does not bound time or memory: a few nested loops
run for years, and a few doublings of a text fill every memory. The kernel bounds the process; when it ends, an error is
told and nothing was written.
"""

from __future__ import annotations

import atexit
import contextlib
import math
import os
import pickle
import resource
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from elysium.errors import ScaffoldError
from elysium.scaffold.description import Component
from elysium.scaffold.templates import Asked, Templates

__all__ = ["serve", "templates_of"]

_OWN = Path(__file__).parent / "components"
_SECONDS = 10
_MEMORY = 1 << 30
_LARGEST = 32 << 20
_START = "import sys; sys.path.insert(0, sys.argv[1]); from elysium.scaffold.isolation import serve; serve()"
_LENGTH = struct.Struct(">Q")


class _Answer(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What a template became, or why it did not; `asked` are the values of a Secret that it looked at.

    `seconds` is the time of the processor that it took.
    """

    value: Any = None
    message: str = ""
    asked: tuple[str, ...] = ()
    seconds: float = 0.0


def templates_of(component: Component) -> Templates:
    """The templates of a component: in this process where they came with Elysium, else in one that is bounded."""
    if Path(component.directory).is_relative_to(_OWN):
        return Templates(component.id, component.template)
    return _Isolated(component)


class _Isolated(Templates):
    """Asks the other process, for so many seconds in all."""

    def __init__(self, component: Component) -> None:
        super().__init__(component.id)
        self._described = component
        self._left = float(_SECONDS)

    def text(self, template: str, values: Mapping[str, Any], where: str) -> str:
        """As that of the class above."""
        return template if "<%" not in template else str(self._ask("text", template, values, where))

    def value(self, expression: str, values: Mapping[str, Any], where: str) -> Any:
        """As that of the class above; what is no plain value is a list or a mapping of plain values."""
        return self._ask("value", expression, values, where)

    def _ask(self, kind: str, text: str, values: Mapping[str, Any], where: str) -> Any:
        answer = _PROCESS.ask((self._left, kind, self._described, text, dict(values), where))
        self._left -= answer.seconds if answer else 0
        if answer is None or self._left < 0:
            raise self._error(f"takes more than {_SECONDS} seconds or 1 GiB", where)
        if answer.message:
            hint = "mend the component"
            raise ScaffoldError(answer.message, subject=f"component {self._described.id}, {where}", hint=hint)
        secret = values.get("secret")
        if isinstance(secret, Asked):
            secret.names.update(answer.asked)
        return answer.value


class _Process:
    """The other process, begun when it is first asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None

    def ask(self, question: Any) -> _Answer | None:
        """Its answer; None when it ended, or did not answer in time."""
        with self._lock:
            running = self._running = self._running or _begun()
            try:
                return _asked(running, question)
            except (OSError, EOFError, msgspec.MsgspecError):
                self._end()
                return None
            except BaseException:
                self._end()
                raise

    def close(self) -> None:
        """End it."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._running:
            self._running.kill()
            self._running.communicate()
            self._running = None


def _begun() -> subprocess.Popen[bytes]:
    """`-P`: the folder that somebody stands in may hold a Python file of any name."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _START, str(Path(__file__).parents[2])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )


def _asked(running: subprocess.Popen[bytes], question: Any) -> _Answer:
    if running.stdin is None or running.stdout is None:
        raise EOFError
    _write(running.stdin, pickle.dumps(question))
    if not select.select([running.stdout], [], [], 4 * _SECONDS)[0]:
        raise EOFError
    return msgspec.msgpack.decode(_read(running.stdout), type=_Answer)


def _write(stream: IO[bytes], data: bytes) -> None:
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def _read(stream: IO[bytes], most: int = _LARGEST) -> bytes:
    head = stream.read(_LENGTH.size)
    length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else most + 1
    data = stream.read(length) if length <= most else b""
    if length > most or len(data) < length:
        raise EOFError
    return data


def serve() -> None:
    """Answer until nobody asks any more."""
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(EOFError, KeyboardInterrupt, BrokenPipeError):
        while True:
            seconds, *question = pickle.loads(_read(sys.stdin.buffer))  # noqa: S301 - from who began this process
            begun = time.process_time()
            limit = (math.ceil(begun + seconds) + 1, resource.getrlimit(resource.RLIMIT_CPU)[1])
            resource.setrlimit(resource.RLIMIT_CPU, limit)
            answer = _answered(*question)
            answer = msgspec.structs.replace(answer, seconds=time.process_time() - begun)
            _write(sys.stdout.buffer, msgspec.msgpack.encode(answer, enc_hook=_plain))


def _leave_with(parent: int) -> None:
    """End when the process that began this one was killed."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _answered(kind: str, component: Component, text: str, values: dict[str, Any], where: str) -> _Answer:
    templates = Templates(component.id, component.template)
    try:
        value = templates.text(text, values, where) if kind == "text" else templates.value(text, values, where)
        msgspec.msgpack.encode(value, enc_hook=_plain)
    except ScaffoldError as error:
        return _Answer(message=error.message)
    except Exception as error:
        return _Answer(message=f"this is no value that can be used: {type(error).__name__}")
    secret = values.get("secret")
    return _Answer(value=value, asked=tuple(secret.names) if isinstance(secret, Asked) else ())


def _plain(value: Any) -> Any:
    """Ranges and the views of mappings as lists."""
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} is no value of a template")


_PROCESS = _Process()
atexit.register(_PROCESS.close)
