"""A password, token or key among the values of a release.

helm-controller keeps the values in the release's Secret in the cluster; in Git they are plain text, for everybody who
can read the repository and for ever. Flux takes such values from a Secret instead: `valuesFrom` (with `targetPath` for
a single one), or the chart's own `existingSecret`.

Judged is what the key says together with what the value looks like; references, placeholders, names, addresses and
defaults that everybody knows are left alone. In files for development and tests it is a warning.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.plaintext.objects import Written, finding, written_objects
from elysium.check.plaintext.tree import leaks
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="plaintext-value",
    severity=Severity.ERROR,
    summary="a password, token or key among the values of a release",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
)

_HINT = "keep it in a sealed or encrypted Secret, named in valuesFrom (targetPath for one value), and replace it"
_FIELDS = {
    "HelmRelease": ("values", "postRenderers"),
    "ResourceSet": ("inputs", "resourcesTemplate"),
    "ResourceSetInputProvider": ("defaultValues",),
}
_VALUES = re.compile(r"(^|[._-])values([._-].*)?\.ya?ml$")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each value that is a secret, in HelmReleases, patches, inputs of ResourceSets and value files."""
    for item in written_objects(context):
        for field in _FIELDS.get(item.kind, ()):
            part = mapping(item.body.get("spec")).get(field)
            for leak in leaks(context.decode, part, ("spec", field), field):
                yield finding(RULE, context, item, leak, _HINT)
        if not item.kind and _is_values_file(item):
            for leak in leaks(context.decode, item.body):
                yield finding(RULE, context, item, leak, _HINT)


def _is_values_file(item: Written) -> bool:
    return _VALUES.search(posixpath.basename(item.file)) is not None and not item.path
