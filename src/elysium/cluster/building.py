"""Build a program of the control plane's Go module: with progress, once even if two ask, whole or not at all."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

from elysium.cluster import golang, programs
from elysium.cluster.programs import Program
from elysium.cluster.watching import WATCHDOG
from elysium.errors import ClusterError
from elysium.kit import files, terminal

__all__ = ["Notice", "build", "is_current"]

Notice = Callable[[str, int, int], None]
"""Hears how far something is: a text, how much is done, and of how much; 0 of 0 when that is not known."""

_PACKAGE = re.compile(r"[\w.~/-]+$")
_DOWNLOADING = "go: downloading "
_SAID = 20


def is_current(binary: Path, module: Path) -> bool:
    """Whether a binary was built from the module as it is now."""
    stamp = programs.stamp(binary)
    return binary.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == programs.fingerprint(module)


def build(program: Program, module: Path, target: Path, notice: Notice) -> None:
    """Compile a program into `target`, unless another run has done so in the meantime.

    Raises ClusterError when there is no Go, or with Go's words when it fails.
    """
    go = golang.find(module)
    if go is None:
        raise ClusterError(
            f"{program.title} has to be built once, and there is no Go {golang.required(module)} or newer",
            hint=f"put Go on PATH, or run `pip install '{golang.PACKAGE}'`",
        )
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    notice(f"{program.title} has to be built once", 0, 0)
    with files.locked(target.with_name(f".{target.name}.lock")):
        if is_current(target, module):
            return
        prefix = f".{target.name}-building-"
        _remove_partial(target.parent, prefix)
        with tempfile.TemporaryDirectory(prefix=prefix, dir=target.parent, ignore_cleanup_errors=True) as folder:
            _compile(go, program, module, Path(folder), notice)
            programs.stamp(target).unlink(missing_ok=True)
            (Path(folder) / program.name).replace(target)
        files.write_atomically(programs.stamp(target), programs.fingerprint(module).encode(), 0o644)


def _remove_partial(folder: Path, prefix: str) -> None:
    """What builds of this program that were killed left; nobody else builds it here now."""
    for partial in folder.glob(f"{prefix}*"):
        shutil.rmtree(partial, ignore_errors=True)


def _compile(go: str, program: Program, module: Path, folder: Path, notice: Notice) -> None:
    settings = programs.build_settings(module)
    environment = golang.environment() | settings.environment | {"GOTMPDIR": str(folder)}
    flags = [*settings.flags, "-ldflags", " ".join(settings.ldflags)]
    listing = [go, "list", "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", *flags, program.package]
    total = 0
    with contextlib.closing(_lines(listing, module, environment, program)) as lines:
        for line in lines:
            total += bool(_PACKAGE.match(line))
            if line.startswith(_DOWNLOADING):
                notice(line.removeprefix("go: "), 0, 0)
    notice(f"compiling {program.title}", 0, total)
    command = [go, "build", "-v", *flags, "-o", str(folder / program.name), program.package]
    with contextlib.closing(_lines(command, module, environment, program)) as lines:
        for done, line in enumerate(filter(_PACKAGE.match, lines), 1):
            notice(f"compiling {line}", min(done, total), total)
    notice(f"compiled {program.title}", total, total)


def _lines(
    command: list[str], module: Path, environment: dict[str, str], program: Program
) -> Generator[str, None, None]:
    """What Go says, line by line. It dies with us, and with everything that it started."""
    with subprocess.Popen(
        [*WATCHDOG, "--", *command],
        cwd=module,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        said: list[str] = []
        try:
            for line in process.stdout:
                said = [*said[1 - _SAID :], line.strip()]
                yield line.strip()
        finally:
            with contextlib.suppress(OSError):
                process.stdin.close()
            process.wait()
    if process.returncode != 0:
        raise _failure(program, said)


def _failure(program: Program, said: list[str]) -> ClusterError:
    words = [terminal.visible(line) for line in said if line and not _PACKAGE.match(line)]
    return ClusterError(
        f"{program.title} could not be built: {'; '.join(words[-5:]) or 'Go said nothing'}",
        hint="the first build downloads Go modules (GOPROXY says from where) and takes gigabytes of memory and disk",
    )
