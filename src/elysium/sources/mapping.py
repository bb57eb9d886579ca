"""`--source`: a local directory in place of something that Flux would fetch."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from elysium.errors import UsageError
from elysium.sources import urls

__all__ = ["MappingForm", "SourceMapping", "parse_mapping"]

MappingForm = Literal["object", "chart-repo", "git-url", "oci-url"]

_KINDS = ("Bucket", "ExternalArtifact", "GitRepository", "HelmChart", "HelmRepository", "OCIRepository")
_HINT = (
    "write Kind/namespace/name=PATH, chart-repo=URL=PATH, git-url=URL=PATH or oci-url=URL=PATH, for example "
    "`--source GitRepository/flux-system/charts=../charts`"
)


class SourceMapping(msgspec.Struct, frozen=True, kw_only=True):
    """`target` (an object `Kind/namespace/name`, or an address) is served from the directory `path`."""

    form: MappingForm
    target: str
    path: str

    def __str__(self) -> str:
        return f"{self.target}={self.path}" if self.form == "object" else f"{self.form}={self.target}={self.path}"

    def serves_object(self, kind: str, namespace: str, name: str) -> bool:
        """Whether this mapping names that object."""
        return self.form == "object" and self.target == f"{kind}/{namespace}/{name}"

    def serves_url(self, form: MappingForm, url: str) -> bool:
        """Whether this mapping is of that form and names that address in any spelling."""
        normal = urls.normal_git if form == "git-url" else urls.normal_chart_repository
        return self.form == form and normal(self.target) == normal(url)


def parse_mapping(text: str, base: Path | None = None) -> SourceMapping:
    """Read one `--source`; a relative PATH counts from `base` (the current directory by default)."""
    first, _, rest = text.partition("=")
    if first in ("chart-repo", "git-url", "oci-url"):
        target, _, path = rest.rpartition("=")
        form: MappingForm = first  # type: ignore[assignment]  # one of the three just compared
        _require(bool(target), text, "it names no address")
    else:
        form, target, path = "object", first, rest
        _check_object(text, first)
    _require(bool(path), text, "it names no directory")
    directory = ((base or Path.cwd()) / Path(path).expanduser()).absolute()
    if not directory.is_dir():
        hint = "name an existing directory"
        raise UsageError(f"{path} is not a directory", subject=f"--source {text}", hint=hint)
    return SourceMapping(form=form, target=target, path=str(directory.resolve()))


def _check_object(text: str, target: str) -> None:
    parts = target.split("/")
    _require(len(parts) == 3 and all(parts), text, "it does not begin with Kind/namespace/name")
    _require(parts[0] in _KINDS, text, f"{parts[0]} is not one of {', '.join(_KINDS)}")


def _require(condition: bool, text: str, message: str) -> None:
    if not condition:
        raise UsageError(message, subject=f"--source {text}", hint=_HINT)
