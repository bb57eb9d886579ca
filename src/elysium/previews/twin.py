"""The Kustomize twin of the chart: what a deployment rewrites of it, in a copy.

The twin is built from `devops/` as a whole, because Kustomize reads no file from above its folder. Parameters come from
two env files, so rendering another pull request is writing these two.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from elysium.errors import RepositoryError
from elysium.previews.names import host_of, namespace_of
from elysium.previews.platform import Platform

__all__ = ["TWIN_FILES", "stage_twin"]

TWIN_FILES = ("kustomization.yaml", "default.env", "kustomize")
"""What of `devops/` the twin consists of."""

_PARAMETERS = "kustomize/app/params.env"
_OVERRIDES = "kustomize/app/app-overrides.env"
_MOST = 500
_LARGEST = 1 << 20


def stage_twin(platform: Platform, number: int, overrides: Mapping[str, str], directory: Path) -> Path:
    """Copy the twin below `directory` with the parameters of a pull request; gives what is to be built."""
    if not (platform.folder / TWIN_FILES[0]).is_file():
        subject = str(platform.folder / TWIN_FILES[0])
        raise RepositoryError("the chart has no twin", subject=subject, hint="render without --twin")
    staged = directory / "devops"
    staged.mkdir(parents=True)
    for source in _files(platform.folder):
        target = staged / source.relative_to(platform.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    namespace = namespace_of(platform, number)
    parameters = {
        "namespace": namespace,
        "host": host_of(platform, number),
        "image": f"{platform.image}:{namespace}",
    }
    _write(staged / _PARAMETERS, parameters)
    _write(staged / _OVERRIDES, overrides)
    return staged


def _files(folder: Path) -> Iterator[Path]:
    """The files of the twin. Links, which could lead anywhere, are left out."""
    found = (path for name in TWIN_FILES for path in ((folder / name), *sorted((folder / name).rglob("*"))))
    files = (path for path in found if path.is_file() and not path.is_symlink())
    for number, path in enumerate(files):
        if number == _MOST or path.stat().st_size > _LARGEST:
            raise RepositoryError(
                "this is more than a twin can be", subject=str(path), hint="keep other files elsewhere"
            )
        yield path


def _write(file: Path, values: Mapping[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{key}={value}\n" for key, value in values.items()), encoding="utf-8")
