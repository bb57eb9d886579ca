"""Files over HTTP: a Helm repository, or a page with a manifest."""

from __future__ import annotations

from typing import Any

from .web import Answer, Asked, Server


class FileServer(Server):
    """Serves what is in `files`, by path without the first slash."""

    def __init__(self, files: dict[str, bytes], **options: Any) -> None:
        super().__init__(**options)
        self.files = files

    def answer(self, asked: Asked) -> Answer:
        content = self.files.get(asked.path.lstrip("/"))
        return (404, {}, b"not here") if content is None else (200, {}, content)
