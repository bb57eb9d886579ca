"""Git over HTTP, by git's own `http-backend`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from .web import Answer, Asked, Server


class GitServer(Server):
    """Serves the repositories below `root`, each under its path there."""

    def __init__(self, root: Path, **options: Any) -> None:
        super().__init__(**options)
        self.root = root

    def answer(self, asked: Asked) -> Answer:
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "GIT_PROTOCOL": asked.headers.get("git-protocol", ""),
            "HTTP_CONTENT_ENCODING": asked.headers.get("content-encoding", ""),
            "REQUEST_METHOD": asked.method,
            "PATH_INFO": asked.path,
            "QUERY_STRING": asked.query,
            "CONTENT_TYPE": asked.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(asked.body)),
        }
        done = subprocess.run(
            ["git", "http-backend"], input=asked.body, env=environment, capture_output=True, check=False
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines() if ": " in line)
        status = int(headers.pop("Status", "200").split()[0])
        return status, headers, body
