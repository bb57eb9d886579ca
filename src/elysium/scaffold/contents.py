"""What a repository builds and installs, read from the names of its files: charts, images, and their source code.

A lock file says what installs the dependencies (Poetry, uv, npm, pnpm, yarn, Maven, Gradle), and with it the language.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

import msgspec

from elysium.kit.dns import is_label
from elysium.scaffold.types import safe_path

__all__ = ["Image", "charts_in", "images_in"]

_CHART = re.compile(r"charts/([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)/Chart\.yaml")
_TOOLS = (
    ("uv.lock", "uv"),
    ("poetry.lock", "poetry"),
    ("pubspec.yaml", "flutter"),
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("package-lock.json", "npm"),
    ("go.mod", "go"),
    ("pom.xml", "maven"),
    ("build.gradle", "gradle"),
    ("build.gradle.kts", "gradle"),
)


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """An image: its Dockerfile, what the build may see, the folder of the code, and the tool that installs and tests.

    The folder and the tool are empty where there is no code with a lock file yet.
    """

    dockerfile: str
    context: str
    folder: str = ""
    tool: str = ""


def charts_in(files: Collection[str]) -> tuple[str, ...]:
    """Names of the charts in `charts/`."""
    return tuple(sorted(found[1] for path in files if (found := _CHART.fullmatch(path))))


def images_in(files: Collection[str], project: str = "") -> dict[str, Image]:
    """Images by name: that of the Dockerfile's folder, and for one at the top that of the project.

    Paths are written into workflows and scripts, so those with blanks, quotes and the like are left out.
    """
    files = frozenset(filter(safe_path, files))
    tools = dict(_tools(files))
    found: dict[str, Image] = {}
    for path in sorted(files):
        place = PurePosixPath(path)
        name = place.parent.name or project or "app"
        if place.name == "Dockerfile" and is_label(name):
            found.setdefault(name, _image(path, name, tools, files))
    return dict(sorted(found.items()))


def _image(path: str, name: str, tools: dict[str, str], files: Collection[str]) -> Image:
    beside = str(PurePosixPath(path).parent)
    folder = beside if beside in tools else next((item for item in sorted(tools) if _last(item) == name), "")
    apart = (folder != beside and bool(folder)) or f"{path}.dockerignore" in files
    return Image(dockerfile=path, context="." if apart else beside, folder=folder, tool=tools.get(folder, ""))


def _tools(files: Collection[str]) -> Iterator[tuple[str, str]]:
    """Folders with the tool of their lock file; the first of the list where there are several."""
    for name, tool in reversed(_TOOLS):
        for path in files:
            if path == name or path.endswith(f"/{name}"):
                yield str(PurePosixPath(path).parent), tool


def _last(folder: str) -> str:
    return PurePosixPath(folder).name
