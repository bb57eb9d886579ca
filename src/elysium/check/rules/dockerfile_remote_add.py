"""A file from the network that is taken into an image without a checksum.

Whoever controls the server, or the name, decides what is built in; and the same commit builds something else when the
file changes. `ADD --checksum` makes the build fail instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfiles import about, dockerfiles
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-remote-add",
    severity=Severity.WARNING,
    summary="a file from the network that is taken into an image without a checksum",
    topic=Topic.IMAGES,
    profiles=("review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each ADD of an address; a git address with a commit is as good as a checksum."""
    for path, file in dockerfiles(context).items():
        for item in file.instructions:
            sources = item.words[:-1] if item.keyword == "ADD" and not item.flag("checksum") else []
            for source in sources:
                if source.startswith(("http://", "https://")) and ".git" not in source:
                    hint = "write `ADD --checksum=sha256:…`, or verify it in the RUN that fetches it"
                    yield about(RULE, path, item.line, f"ADD takes {source} without a checksum", hint=hint)
