"""Which chart of a repository a version means, as source-controller chooses: that one itself, else the newest."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from elysium.errors import EngineError
from elysium.kit import digests, files
from elysium.sources.artifacts import ChartArtifact, Missing
from elysium.sources.cache import Cache
from elysium.sources.working import open_folder

__all__ = ["ChartQuery", "ChartVersion", "find_in_directory", "is_exact", "read_index", "select_version"]

Call = Callable[[str, dict[str, Any]], Any]

_ARCHIVE_VERSION = re.compile(r"v?\d+(\.\d+){0,2}([-+][0-9A-Za-z.+-]+)?")
_EXACT = re.compile(r"v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?")
_REMEDY = "map a directory that holds a matching chart (`--source chart-repo=URL=PATH`), or run `elysium fetch`"


class ChartVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a chart in a repository's index."""

    version: str
    urls: tuple[str, ...] = ()
    digest: str = ""


def is_exact(version: str) -> bool:
    """Whether a version names one version in full, so that a list of versions need not be asked for."""
    return _EXACT.fullmatch(version) is not None


def select_version(call: Call, constraint: str, versions: list[str], prerelease: bool = False) -> str | None:
    """The version that `constraint` means among `versions` (newest first where equal), or None."""
    if constraint in versions:
        return constraint
    asked = {"range": constraint or "*", "versions": versions, "prerelease": prerelease, "filter": ""}
    chosen: str | None = call("semver.select", asked)["version"]
    return chosen


def read_index(call: Call, path: Path, name: str) -> list[ChartVersion]:
    """The versions of a chart in an index file, newest first; none if the repository does not have the chart."""
    answer = call("helm.index", {"path": str(path), "name": name})
    return msgspec.convert([_known(entry) for entry in answer["versions"]], list[ChartVersion])


def _known(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {field: entry[field] for field in ("version", "urls", "digest") if entry.get(field)}


class ChartQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which chart is looked for."""

    name: str
    version: str = ""
    prerelease: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.version}" if self.version else self.name


def find_in_directory(directory: Path, query: ChartQuery, call: Call, cache: Cache | None) -> ChartArtifact | Missing:
    """The chart in a mapped directory: by its `index.yaml`, as `name-version.tgz`, or as a directory of its own."""
    if (directory / "index.yaml").is_file():
        return _from_index(directory, query, call)
    archives = _archives(directory, query.name)
    if archives:
        return _from_archives(archives, query, call)
    return _from_directories(directory, query, call, cache)


def _from_index(directory: Path, query: ChartQuery, call: Call) -> ChartArtifact | Missing:
    try:
        listed = read_index(call, directory / "index.yaml", query.name)
    except EngineError as error:
        return _failed(f"{directory}/index.yaml cannot be read: {error}", "mend the index (`helm repo index`)")
    chosen = select_version(call, query.version, [entry.version for entry in listed], query.prerelease)
    entry = next((entry for entry in listed if entry.version == chosen), None)
    if entry is None:
        return _no_version(query, directory, [entry.version for entry in listed])
    for url in entry.urls:
        path = unquote(urlsplit(url).path).lstrip("/")
        for name in (PurePosixPath(path).name, path):
            found = _inside(directory, name)
            if found is not None:
                return ChartArtifact(version=entry.version, digest=digests.of_file(found), archive=str(found))
    reason = f"the index in {directory} lists {query.name} {entry.version}, but its archive is not there"
    return Missing(state="unknown", reason=reason, remedy=f"put the archive ({', '.join(entry.urls)}) beside the index")


def _inside(directory: Path, name: str) -> Path | None:
    """A file of the directory; an index may name anything."""
    try:
        found = files.join_inside(directory, name)
    except ValueError:
        return None
    return found if found.is_file() else None


def _archives(directory: Path, name: str) -> dict[str, Path]:
    """Archives of a chart by version, from their file names."""
    found = {}
    for path in directory.glob("*.tgz"):
        version = path.name.removesuffix(".tgz").removeprefix(f"{name}-")
        if path.name.startswith(f"{name}-") and _ARCHIVE_VERSION.fullmatch(version) and path.is_file():
            found[version] = path
    return found


def _from_archives(archives: dict[str, Path], query: ChartQuery, call: Call) -> ChartArtifact | Missing:
    chosen = select_version(call, query.version, sorted(archives), query.prerelease)
    if chosen is None:
        return _no_version(query, next(iter(archives.values())).parent, sorted(archives))
    path = archives[chosen]
    return ChartArtifact(version=chosen, digest=digests.of_file(path), archive=str(path))


def _from_directories(directory: Path, query: ChartQuery, call: Call, cache: Cache | None) -> ChartArtifact | Missing:
    found = _chart_directories(directory, query.name, call)
    if not found:
        reason = f"{directory} holds no chart {query.name}"
        return Missing(state="unknown", reason=reason, remedy=_REMEDY)
    chosen = select_version(call, query.version, list(found), query.prerelease)
    if chosen is None and len(found) == 1 and not query.version:
        chosen = next(iter(found))
    if chosen is None:
        reason = f"the mapped chart {found[next(iter(found))]} is {', '.join(found)}, but {query.version} is asked for"
        return Missing(state="unknown", reason=reason, remedy=_REMEDY)
    tree = open_folder(found[chosen], cache)
    return ChartArtifact(version=chosen, digest=tree.digest, tree=tree)


def _chart_directories(directory: Path, name: str, call: Call) -> dict[str, Path]:
    """Directories that hold the chart, by version: where one looks first, else any directory in the mapped one."""
    likely = [directory / name, directory / "charts" / name, directory]
    return _holding(likely, name, call) or _holding(
        sorted(path for path in directory.iterdir() if path.is_dir() and path not in likely), name, call
    )


def _holding(candidates: list[Path], name: str, call: Call) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for candidate in candidates:
        described = chart_metadata(candidate / "Chart.yaml", call)
        if described is not None and described[0] == name:
            found.setdefault(described[1], candidate.resolve())
    return found


def chart_metadata(path: Path, call: Call) -> tuple[str, str] | None:
    """Name and version in a Chart.yaml, or None if there is none that can be read."""
    try:
        text = path.read_bytes()[: 1 << 20].decode()
        documents = call("yaml.decode", {"text": text})["documents"]
    except (OSError, UnicodeDecodeError, EngineError):
        return None
    first = documents[0] if documents and isinstance(documents[0], dict) else {}
    name, version = first.get("name"), first.get("version")
    return (name, version) if isinstance(name, str) and isinstance(version, str) else None


def _no_version(query: ChartQuery, place: Path, versions: list[str]) -> Missing:
    shown = ", ".join(versions[:5]) + (", …" if len(versions) > 5 else "")
    there = f"there is {shown}" if versions else f"there is no chart {query.name}"
    return _failed(f"no version of {query.name} in {place} satisfies {query.version or '*'}: {there}", _REMEDY)


def _failed(reason: str, remedy: str) -> Missing:
    return Missing(state="failed", reason=reason, remedy=remedy)
