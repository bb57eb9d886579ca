"""The two programs that are built from the Go module of the control plane, and what tells one build from another."""

from __future__ import annotations

import functools
import hashlib
import platform
from pathlib import Path

import msgspec

from elysium.errors import ClusterError

__all__ = ["CONTROL_PLANE", "REPLAYER", "BuildSettings", "Program", "build_settings", "fingerprint", "sources", "stamp"]

_SETTINGS = "build.json"


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A main package of the module: its file, what people call it, and the variable that names another binary."""

    name: str
    title: str
    package: str
    variable: str


CONTROL_PLANE = Program(
    name="elysium-controlplane", title="the control plane", package=".", variable="ELYSIUM_CONTROLPLANE"
)
REPLAYER = Program(name="elysium-replay", title="the replay", package="./cmd/replay", variable="ELYSIUM_REPLAY")


class BuildSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What `go build` is told: above all the versions that `/version` answers, which are empty otherwise."""

    environment: dict[str, str]
    flags: tuple[str, ...]
    ldflags: tuple[str, ...]


def sources() -> Path:
    """The Go module: packaged beside this code, or `controlplane/` of a checkout."""
    package = Path(__file__).resolve().parent
    for place in (package / "controlplane", package.parents[2] / "controlplane"):
        if (place / "go.mod").is_file():
            return place
    raise ClusterError("the Go sources of the control plane are not here", hint="install the package again")


def build_settings(module: Path) -> BuildSettings:
    """How a module wants to be built, from its `build.json`."""
    return msgspec.json.decode((module / _SETTINGS).read_bytes(), type=BuildSettings)


@functools.cache
def fingerprint(module: Path) -> str:
    """Changes when what is built changes: the sources without their tests, or the platform. The package's version is
    no part of it, so that an upgrade that changes no Go keeps what was built.
    """
    digest = hashlib.sha256(f"{platform.system()} {platform.machine()}".encode())
    for path in sorted(module.rglob("*")):
        if path.is_file() and not path.name.endswith("_test.go") and "testdata" not in path.parts:
            digest.update(path.relative_to(module).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def stamp(binary: Path) -> Path:
    """The file beside a binary that holds the fingerprint of what it was built from."""
    return binary.with_name(f"{binary.name}.stamp")
