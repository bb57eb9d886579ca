"""What the two starters in the root of the checkout do."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import NoReturn

import environment
import suite

USAGE = "usage: ./dev test [PART…] | ./dev test --list | ./dev engine | ./dev controlplane"


def elysium(arguments: list[str]) -> NoReturn:
    """Prepare what is missing, then become elysium."""
    _prepare("runtime")
    command = [str(environment.PYTHON), "-m", "elysium", *arguments]
    if os.name == "nt":
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)


def develop(arguments: list[str]) -> int:
    """Run the verb of ./dev; the exit code is 0 when everything passed."""
    match arguments:
        case ["test", "--list"]:
            print("\n".join(suite.PARTS))
            return 0
        case ["test", *parts] if set(parts) <= set(suite.PARTS):
            _prepare("development")
            return suite.run(parts or list(suite.PARTS))
        case ["engine"]:
            _prepare("runtime")
            return 0
        case ["controlplane"]:
            _prepare("runtime")
            script = environment.ROOT / "scripts" / "build_controlplane.py"
            return subprocess.run([str(environment.PYTHON), str(script)], check=False).returncode
    print(USAGE, file=sys.stderr)
    return 2


def _prepare(level: str) -> None:
    try:
        environment.prepare(level)
    except (environment.PreparationError, KeyboardInterrupt) as error:
        print(f"elysium: {error or 'interrupted'}", file=sys.stderr)
        sys.exit(2)
