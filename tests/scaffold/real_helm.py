"""The real `helm`, of the version that the engine is made with: built once into `build/tools`."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
from pathlib import Path

__all__ = ["helm"]

_ROOT = Path(__file__).parents[2]
_MODULE = "helm.sh/helm/v4"


def helm() -> Path:
    """The program; built where it is not there yet, by one of several test processes."""
    module = (_ROOT / "engine" / "go.mod").read_text(encoding="utf-8")
    version = re.findall(rf"^\s*{re.escape(_MODULE)} (\S+)", module, re.MULTILINE)[0]
    folder = _ROOT / "build" / "tools" / f"helm-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "helm"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.is_file():
            environment = {**os.environ, "CGO_ENABLED": "0", "GOBIN": str(folder), "GOFLAGS": "-trimpath"}
            install = ["go", "install", f"{_MODULE}/cmd/helm@{version}"]
            subprocess.run(install, cwd=folder, env=environment, check=True)
    return program
