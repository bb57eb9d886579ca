"""A password, token or key in a ConfigMap, also inside a file that it holds.

ConfigMaps are readable for everybody with `view` in the namespace, are not encrypted at rest where Secrets are, and
stand in Git as they are. What a ConfigMap holds as a file (env, INI, JSON, YAML, a kubeconfig) is read like that file.
The files of a configMapGenerator count as well.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

import msgspec

from elysium.check.context import Context
from elysium.check.plaintext.files import generated_files, is_own_concern
from elysium.check.plaintext.judgement import for_scope
from elysium.check.plaintext.objects import finding, written_objects
from elysium.check.plaintext.tree import Leak, leaks, leaks_in_text
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import Path, mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="plaintext-config",
    severity=Severity.ERROR,
    summary="a password, token or key in a ConfigMap",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)

_HINT = "keep it in a sealed or encrypted Secret, and let the ConfigMap refer to it (an env variable, a mounted file)"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each secret in a ConfigMap, in a literal of a generator or in a file that it takes."""
    for item in written_objects(context):
        if item.kind == "ConfigMap":
            found = list(leaks(context.decode, mapping(item.body.get("data")), ("data",)))
            for leak, *more in _by_text(found):
                yield msgspec.structs.replace(finding(RULE, context, item, leak, _HINT), folded=len(more))
        for number, entry in enumerate(sequence(item.body.get("configMapGenerator"))):
            literals = sequence(mapping(entry).get("literals"))
            for leak in leaks(context.decode, literals, ("configMapGenerator", number, "literals")):
                yield finding(RULE, context, item, leak, _HINT)
    yield from _files(context)


def _by_text(found: Sequence[Leak]) -> list[list[Leak]]:
    """The secrets of each text together, if they are of one level: who mends one of a script sees the others."""
    groups: dict[tuple[Path, Severity, int], list[Leak]] = {}
    for leak in found:
        groups.setdefault((leak.path, leak.judgement.severity, min(leak.line, 1)), []).append(leak)
    return list(groups.values())


def _files(context: Context) -> Iterator[Finding]:
    for path in sorted(generated_files(context, "configMapGenerator") - set(context.files)):
        if is_own_concern(context, path):
            continue
        for leak in leaks_in_text(context.decode, context.text(path)):
            key = f"{leak.key} in " if leak.key else ""
            yield Finding(
                rule=RULE.id,
                severity=for_scope(leak.judgement.severity, path),
                message=f"{key}{posixpath.basename(path)}, which a configMapGenerator takes, is in Git in plain text "
                f"({leak.judgement})",
                hint=_HINT,
                file=path,
                line=max(1, leak.line),
            )
