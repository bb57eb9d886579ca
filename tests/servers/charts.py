"""Chart archives and the index of a Helm repository."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile


def tarball(files: dict[str, bytes], *, compressed: bool = True) -> bytes:
    """A tar archive of these files, the same bytes each time."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(raw.getvalue(), mtime=0) if compressed else raw.getvalue()


def chart_archive(name: str, version: str, files: dict[str, str] | None = None) -> bytes:
    """A packaged chart."""
    content = {"Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: {version}\n", **(files or {})}
    return tarball({f"{name}/{path}": text.encode() for path, text in content.items()})


def index_of(charts: dict[tuple[str, str], bytes], base: str = "") -> bytes:
    """An index.yaml for archives by (name, version); addresses are relative unless `base` is given."""
    lines = ["apiVersion: v1", "entries:"]
    for name in sorted({name for name, _ in charts}):
        lines.append(f"  {name}:")
        for version in (version for known, version in charts if known == name):
            digest = hashlib.sha256(charts[name, version]).hexdigest()
            lines += [
                "  - apiVersion: v2",
                f"    name: {name}",
                f"    version: {version}",
                f"    digest: {digest}",
                f"    urls: ['{base}{name}-{version}.tgz']",
            ]
    return "\n".join(lines).encode() + b"\n"
