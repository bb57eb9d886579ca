"""Git, run so that a repository's own configuration can start no program and reach no network.

Everything here reads. Hooks, file-system monitors, pagers, prompts, lazy fetches of partial clones and optional locks
are off; variables of the caller's environment that point git elsewhere (`GIT_DIR`, `GIT_INDEX_FILE`, …) are dropped.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from elysium.errors import RepositoryError

__all__ = [
    "GitError",
    "Process",
    "command",
    "environment",
    "finish",
    "is_text",
    "names",
    "run",
    "run_remote",
    "start",
    "text",
]

Process = subprocess.Popen[bytes]

_HARDENED = (
    "--no-pager",
    "--no-replace-objects",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.untrackedCache=false",
    "-c", "core.quotePath=false",
    "-c", "log.showSignature=false",
    "-c", "safe.directory=*",
    "-c", "protocol.allow=never",
)  # fmt: skip

_OWN_ACCESS = ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM")
_LONGEST = 900
_COMPLAINTS = ("fatal:", "error:", "remote:", "ssh:")


class GitError(Exception):
    """Git ended with an error; `message` is what it said."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def environment() -> dict[str, str]:
    """The caller's environment without anything that redirects git, and with everything that may wait or write off."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "LC_ALL": "C",
    }


def command(directory: Path | str, *arguments: str) -> list[str]:
    """The command line of a hardened git in `directory`."""
    return ["git", *_HARDENED, "-C", str(directory), *arguments]


def start(
    directory: Path | str,
    *arguments: str,
    stdin: int = subprocess.DEVNULL,
    variables: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a reading git command; the caller collects its output with `finish` or by itself. `variables` are added to
    its environment.
    """
    try:
        return subprocess.Popen(
            command(directory, *arguments),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if stdin == subprocess.DEVNULL else subprocess.DEVNULL,
            env=environment() | dict(variables or {}),
        )
    except FileNotFoundError as error:
        raise RepositoryError("git is not installed", hint="install git; Elysium reads repositories with it") from error


def finish(process: subprocess.Popen[bytes]) -> bytes:
    """The output of a started command; GitError if it ended with an error."""
    with process:
        output, talk = process.communicate()
    if process.returncode:
        raise GitError(_last_line(talk) or f"git ended with status {process.returncode}")
    return output


def run(directory: Path | str, *arguments: str, variables: Mapping[str, str] | None = None) -> bytes:
    """The output of a reading git command."""
    return finish(start(directory, *arguments, variables=variables))


def run_remote(
    directory: Path | str, *arguments: str, variables: Mapping[str, str], stopped: Callable[[], bool]
) -> bytes:
    """The output of a git command that may use the network, with the protocols and the access that `variables` give.

    The user's own configuration counts (credential helpers, proxies, ssh); a repository's cannot, since `directory` is
    a mirror that was made here. `stopped` is asked now and then; when it says so, git is ended.
    """
    own = {name: os.environ[name] for name in _OWN_ACCESS if name in os.environ}
    deadline = time.monotonic() + _LONGEST
    with subprocess.Popen(
        command(directory, *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment() | own | dict(variables),
    ) as process:
        while True:
            try:
                output, talk = process.communicate(timeout=0.25)
                break
            except subprocess.TimeoutExpired:
                if stopped() or time.monotonic() > deadline:
                    process.kill()
            except BaseException:
                process.kill()
                raise
    if process.returncode:
        raise GitError(_reason(talk) or f"git ended with status {process.returncode}")
    return output


def text(directory: Path | str, *arguments: str) -> str:
    """The output of a reading git command as text without the line end."""
    return os.fsdecode(run(directory, *arguments)).rstrip("\n")


def names(output: bytes) -> list[str]:
    """Paths separated by NUL bytes. Names that are not UTF-8 are left out: no Kubernetes file can refer to them."""
    try:
        return [name for name in output.decode("utf-8").split("\0") if name]
    except UnicodeDecodeError:
        return [name.decode("utf-8") for name in output.split(b"\0") if name and is_text(name)]


def is_text(name: bytes) -> bool:
    """Whether a name is UTF-8."""
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _reason(talk: bytes) -> str:
    """What a remote command complained about: every line that is an error, since the last one often says least."""
    lines = [line.strip() for line in talk.decode("utf-8", "replace").splitlines()]
    told = [line for line in lines if line.startswith(_COMPLAINTS) or "denied" in line.lower()]
    return "; ".join(line.removeprefix("fatal: ").removeprefix("error: ") for line in told[:4]) or _last_line(talk)


def _last_line(talk: bytes | None) -> str:
    lines = [line for line in (talk or b"").decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("fatal: ").removeprefix("error: ") if lines else ""
