"""Only what a change brings: the findings of now without those at the commit from which the change started.

Both are really checked, each with the `elysium.toml` that it has; what a change does far from the files it touches is
seen, too. The earlier report is remembered, so that the next comparison with the same commit costs nothing.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import msgspec

from elysium.api import fingerprints
from elysium.api.baselines import decided
from elysium.api.keys import age_keys
from elysium.api.opening import NO_FLUX
from elysium.api.options import Options
from elysium.api.report import Comparison, Report
from elysium.api.selecting import today
from elysium.api.sourcing import remotes_fingerprint, sources_fingerprint
from elysium.api.workspace import Workspace
from elysium.check import Selection, Summary, registry
from elysium.check.identity import difference, of_finding, renamed
from elysium.engine import identity
from elysium.errors import RepositoryError
from elysium.sources import revision

__all__ = ["beside_revision", "renames"]

_NOTHING = Report(revision="", findings=(), units=(), summary=Summary(clusters=0, objects=0, units={}, findings={}))


def beside_revision(workspace: Workspace, report: Report, selection: Selection, since: str) -> Report:
    """The report with only what was not found where `since` and the workspace's revision parted."""
    start = revision.merge_base(workspace.directory, since, workspace.options.revision or "HEAD")
    known = [of_finding(item) for item in _report_at(workspace, start, selection).findings]
    found = difference(report.findings, known)
    if found.new and found.gone:
        names = _renames(workspace, start)
        found = difference(report.findings, [renamed(item, names) for item in known])
    gone = len(decided(found.gone, report))
    comparison = Comparison(against=f"{since} ({start[:10]})", known=len(found.known), gone=gone)
    return msgspec.structs.replace(report.with_findings(found.new), comparisons=(*report.comparisons, comparison))


def renames(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Files that have another name now: those with the same content, then those with the same last part of the name.

    A name is only given where nothing else can be meant.
    """
    lost = {path: digest for path, digest in before.items() if path not in after}
    new = {path: digest for path, digest in after.items() if path not in before}
    found = _pairs(lost, new)
    rest = {path: posixpath.basename(path) for path in lost if path not in found}
    taken = set(found.values())
    return found | _pairs(rest, {path: posixpath.basename(path) for path in new if path not in taken})


def _pairs(lost: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    sources: dict[str, list[str]] = defaultdict(list)
    targets: dict[str, list[str]] = defaultdict(list)
    for path, mark in lost.items():
        sources[mark].append(path)
    for path, mark in new.items():
        targets[mark].append(path)
    return {paths[0]: targets[mark][0] for mark, paths in sources.items() if len(paths) == len(targets[mark]) == 1}


def _renames(workspace: Workspace, start: str) -> dict[str, str]:
    """New names of files since a commit, in the part of the checkout that the findings are about."""
    prefix = f"{workspace.place}/" if workspace.place else ""
    listed = revision.listing(workspace.directory, start)
    before = {path.removeprefix(prefix): blob for path, blob in listed.items() if path.startswith(prefix)}
    return renames(before, workspace.tree.files)


def _report_at(workspace: Workspace, commit: str, selection: Selection) -> Report:
    """The report at a commit, from the cache when nothing that it depends on has changed."""
    options = msgspec.structs.replace(workspace.options, revision=commit, staged=False, fetch=False)
    parts = [
        options,
        selection,
        today(),
        workspace.directory,
        identity(),
        fingerprints.package_version(),
        options.age_keys if options.age_keys is not None else age_keys(),
        sources_fingerprint(workspace.cache, workspace.mappings),
        remotes_fingerprint(workspace.directory),
    ]
    key = f"since:{fingerprints.digest(parts)}"
    return workspace.recall(key, Report, lambda: _checked(workspace.path, options, selection))


def _checked(path: Path, options: Options, selection: Selection) -> Report:
    with Workspace(path, options=options) as earlier:
        known = {*registry.identifiers(), *earlier.selection().own}
        rules = tuple(name for name in selection.rules if name in known)
        if selection.rules and not rules:  # own rules that came later
            return _NOTHING
        try:
            return earlier.check(rules=rules, profile=selection.profile)
        except RepositoryError as error:
            if error.message == NO_FLUX:
                return _NOTHING
            raise
