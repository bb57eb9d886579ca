"""A control plane of our own: one process, on loopback, with credentials for one run, gone with it."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from elysium.cluster.command import Command, environment
from elysium.cluster.server import Server
from elysium.cluster.waiting import Logs, first_line
from elysium.errors import ClusterError

__all__ = ["embedded"]

_LOG = "log"


class _Ready(msgspec.Struct, frozen=True, kw_only=True):
    """The one line that the control plane prints when it answers."""

    url: str
    kubeconfig: str
    version: str
    controllers: bool


@contextlib.contextmanager
def embedded(
    command: Command, directory: Path, *, controllers: bool = True, seconds: float = 60, lock: int | None = None
) -> Iterator[Server]:
    """Start a control plane that keeps everything in `directory`, which must be empty and is removed at the end.

    It ends when its stdin does, also when this process is killed, and then removes the directory itself. It inherits
    the descriptor `lock`. Raises ClusterError with the telling lines of its log when it is not ready in time.
    """
    with tempfile.TemporaryFile() as words:
        try:
            with _running(_arguments(command, directory, controllers), words, lock) as process:
                with contextlib.closing(Logs(words, directory / _LOG)) as logs:
                    server = _await(process, logs, seconds)
                yield server
        finally:
            shutil.rmtree(directory, ignore_errors=True)


def _arguments(command: Command, directory: Path, controllers: bool) -> Command:
    return (*command, "serve", "--directory", str(directory), f"--controllers={str(controllers).lower()}")


@contextlib.contextmanager
def _running(command: Command, words: IO[bytes], lock: int | None) -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            env=environment(),
            start_new_session=True,
            pass_fds=() if lock is None else (lock,),
        )
    except OSError as error:
        raise ClusterError(f"cannot be started: {error.strerror}", subject=command[0]) from error
    try:
        yield process
    finally:
        # Its data is thrown away, and on SIGTERM an API server keeps its port for up to a minute.
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()


def _await(process: subprocess.Popen[bytes], logs: Logs, seconds: float) -> Server:
    assert process.stdout is not None
    line = first_line(process.stdout.fileno(), seconds, logs.open)
    if line is None:
        raise logs.failure(f"the control plane was not ready within {seconds:g} s")
    if not line:
        raise logs.failure(f"the control plane ended before it was ready (exit code {process.wait()})")
    try:
        ready = msgspec.json.decode(line, type=_Ready)
    except msgspec.DecodeError as error:
        raise ClusterError(f"the control plane did not say that it is ready, but {line[:80]!r}") from error
    return Server(
        url=ready.url,
        kubeconfig=Path(ready.kubeconfig),
        version=ready.version,
        controllers=ready.controllers,
        log=logs.path,
    )
