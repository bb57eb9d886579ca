"""A configuration of nginx that does not fit an image with pages.

The process of such an image is not root, and cannot listen below 1024 everywhere. An application of one page answers
addresses that are no files: without a fallback, reloading one is 404. Without `Cache-Control` browsers guess how long
they may keep a file, and show an old page with new parts. And nginx tells everybody its version unless it is told not
to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfile import Dockerfile
from elysium.check.files.dockerfiles import about, copied_files, dockerfiles, for_development
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="nginx-configuration",
    severity=Severity.WARNING,
    summary="a configuration of nginx that does not fit an image with pages",
    topic=Topic.IMAGES,
    profiles=("review",),
)

_FILE = re.compile(r".+\.(?:conf|template|conf\.template)\Z")
_LISTEN = re.compile(r"(?:^|[{;\s])listen\s+(?:\S*:)?(\d+)\b")
_SERVER = re.compile(r"(?:^|\s)server\s*\{")
_FALLBACK = re.compile(
    r"try_files\s[^;]{0,300}(?:\.html|@\w+)|error_page\s+404\s[^;]{0,300}\.html|proxy_pass|fastcgi_pass|\breturn\s"
)
_CACHE = re.compile(r"Cache-Control|(?:^|[{;\s])expires\s|proxy_pass|fastcgi_pass", re.IGNORECASE)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each of the four in the files that a Dockerfile copies into an image with nginx."""
    seen: set[str] = set()
    for path, file in sorted(dockerfiles(context).items()):
        if not file.stages or for_development(path) or "nginx" not in file.image_of(file.stages[-1]):
            continue
        found = dict.fromkeys(source for _, source in copied_files(context, path, file) if _FILE.match(source))
        texts = {source: _without_comments(context.text(source)) for source in found}
        for source, text in texts.items():
            if source not in seen and _SERVER.search(text):
                seen.add(source)
                yield from _server(source, text, "\n".join(texts.values()), file)


def _without_comments(text: str) -> str:
    return "\n".join("" if line.lstrip().startswith("#") else line for line in text.splitlines())


def _server(source: str, text: str, together: str, file: Dockerfile) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), 1):
        match = _LISTEN.search(line)
        if match and int(match[1]) < 1024:
            hint = "take 8080, and give the port to the Service"
            message = f"a process that is not root cannot listen on {match[1]} everywhere"
            yield about(RULE, source, number, message, hint=hint)
    found = _SERVER.search(text)
    start = text.count("\n", 0, found.start() + 1) + 1 if found else 1
    pages = any(item.keyword == "COPY" and item.flag("from") for item in file.final)
    if pages and not _FALLBACK.search(text):
        hint = "write `location / { try_files $uri $uri/ /index.html; }`"
        yield about(RULE, source, start, "an address of the application that is no file is 404", hint=hint)
    if not _CACHE.search(together):
        hint = "`no-cache` for pages, a long time for files with a hash in their name"
        message = "no Cache-Control: browsers guess how long they keep a file"
        yield about(RULE, source, start, message, hint=hint, severity=Severity.INFO)
    if not re.search(r"server_tokens\s+off", together):
        message = "nginx tells everybody its version"
        yield about(RULE, source, start, message, hint="write `server_tokens off;`", severity=Severity.INFO)
