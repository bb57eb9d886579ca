"""Run a program that the user has configured to hand out credentials."""

from __future__ import annotations

import subprocess

__all__ = ["answer"]

_SECONDS = 30


def answer(command: list[str], question: bytes) -> bytes | None:
    """What a program prints when it is asked on its standard input; None if it is missing, fails or takes too long."""
    try:
        done = subprocess.run(command, input=question, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
