"""Repositories that `elysium init` and `elysium new` write, and what a strict check finds in them.

Charts of others are stood in for by small ones of our own in `tests/scaffold/charts`, which read the values that count.
"""

from __future__ import annotations

import contextlib
import io
import shlex
import shutil
import tempfile
import tomllib
from functools import cache
from pathlib import Path

from elysium.api import Options, Report, Workspace
from elysium.cli.main import main
from elysium.model import Finding
from elysium.sealing.key_pairs import new_sealing_key

CHARTS = Path(__file__).parent / "charts"
CLUSTER = "demo"


def run(root: Path, command: str) -> tuple[int, str, str]:
    """One `elysium` command line in a directory: exit code, standard output, standard error."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.chdir(root), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(shlex.split(command))
    printed, said = (stream.detach().getvalue().decode() for stream in (out, err))
    return code, printed, said


def scaffold(root: Path, *commands: str, cluster: str = CLUSTER) -> Path:
    """A fresh repository in `root` with what the commands (`new infra traefik`, …) write."""
    shutil.copytree(_fresh(cluster), root, dirs_exist_ok=True)
    for command in commands:
        code, out, err = run(root, command + " --yes")
        assert code == 0, f"elysium {command}: {code}\n{out}\n{err}"
    return root


@cache
def sealing_key() -> tuple[str, str]:
    """A private key and its certificate, as a cluster would have them."""
    return new_sealing_key()


@cache
def _fresh(cluster: str) -> Path:
    place = Path(tempfile.mkdtemp(prefix="elysium-fresh-")) / cluster
    certificate = place.parent / "certificate.pem"
    certificate.write_text(sealing_key()[1])
    code, out, err = run(place.parent, f"init {place} --cluster {cluster} --cert {certificate} --yes")
    assert code == 0, f"{out}\n{err}"
    return place


def sources() -> tuple[str, ...]:
    """The stand-in charts in place of chart repositories."""
    mapped = tomllib.loads((CHARTS / "map.toml").read_text(encoding="utf-8"))
    return tuple(_mapping(url, CHARTS / folder) for url, folder in mapped.items())


def _mapping(url: str, folder: Path) -> str:
    form, _, address = url.partition(":")
    return f"{form}={address}={folder}" if form in ("oci-url", "git-url") else f"chart-repo={url}={folder}"


def check(root: Path, profile: str = "strict") -> Report:
    """The report about a repository."""
    with Workspace(root, options=Options(sources=sources())) as workspace:
        return workspace.check(profile=profile)


def findings(root: Path, profile: str = "strict") -> list[Finding]:
    """Everything that is found, whatever its severity."""
    return list(check(root, profile).findings)


def told(found: list[Finding]) -> str:
    """Findings as a person reads them, for the message of an assertion."""
    return "\n".join(f"{item.severity.value}: {item.rule}: {item}" for item in found)


def assert_clean(root: Path, *, units: int = 0) -> Report:
    """No finding at all under the strict profile, and no unit without a result."""
    report = check(root)
    assert not report.findings, told(list(report.findings))
    unknown = [f"{unit.id}: {unit.state} {unit.reason}" for unit in report.units if unit.state != "rendered"]
    assert not unknown, unknown
    assert len(report.units) >= units
    return report
