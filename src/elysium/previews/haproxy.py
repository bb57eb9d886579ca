"""As much of HAProxy's configuration as tells where a name goes (HAProxy manual, sections 4 and 7).

Understood are `acl NAME` over the Host header or the SNI that compares the whole name or its end, `use_backend … if
NAME`, `default_backend` and `server`. What is not understood never matches.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import msgspec

__all__ = ["Match", "Proxy", "read_proxy"]

_SECTION = ("global", "defaults", "frontend", "backend", "listen")
_NAME_OF_HOST = re.compile(r"(?:hdr|req\.hdr|hdr_end|req\.ssl_sni|ssl_fc_sni|req_ssl_sni)\b")


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A condition on the name: how it is compared (`str`, `end`) with which values."""

    method: str
    values: tuple[str, ...]

    def holds(self, host: str) -> bool:
        """Whether a name fulfils it."""
        if self.method == "end":
            return any(host.endswith(value) for value in self.values)
        return host in self.values


class Proxy(msgspec.Struct, frozen=True, kw_only=True):
    """The frontend for HTTPS: its conditions, which backend each chooses in order, and servers by backend."""

    matches: dict[str, tuple[Match, ...]]
    choices: tuple[tuple[str, tuple[str, ...]], ...]
    default: str
    servers: dict[str, tuple[str, ...]]

    def backend_of(self, host: str) -> str:
        """Where a name goes; empty when nothing takes it."""
        for backend, names in self.choices:
            if all(any(match.holds(host) for match in self.matches.get(name, ())) for name in names):
                return backend
        return self.default


def read_proxy(text: str) -> Proxy:
    """Read the first frontend that listens on 443, and every backend."""
    sections = list(_sections(text))
    servers = {
        name: tuple(words[2] for words in lines if words[0] == "server" and len(words) > 2)
        for kind, name, lines in sections
        if kind in ("backend", "listen")
    }
    fronts = [lines for kind, _, lines in sections if kind in ("frontend", "listen") and _serves_https(lines)]
    lines = fronts[0] if fronts else []
    matches: dict[str, tuple[Match, ...]] = {}
    for words in lines:
        if words[0] == "acl" and len(words) > 3 and (match := _match(words[2:])):
            matches[words[1]] = (*matches.get(words[1], ()), match)
    return Proxy(
        matches=matches,
        choices=tuple(_choices(lines)),
        default=next((words[1] for words in lines if words[0] == "default_backend" and len(words) > 1), ""),
        servers=servers,
    )


def _sections(text: str) -> Iterator[tuple[str, str, list[list[str]]]]:
    kind, name, lines = "", "", list[list[str]]()
    for line in text.splitlines():
        words = _words(line)
        if words and words[0] in _SECTION:
            if kind:
                yield kind, name, lines
            kind, name, lines = words[0], words[1] if len(words) > 1 else "", []
        elif words:
            lines.append(words)
    if kind:
        yield kind, name, lines


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return []


def _serves_https(lines: list[list[str]]) -> bool:
    return any(words[0] == "bind" and len(words) > 1 and words[1].rpartition(":")[2] == "443" for words in lines)


def _match(words: list[str]) -> Match | None:
    """`hdr(host),lower -m end .example.org`, `hdr_end(host) -i .example.org`."""
    sample, *rest = words
    if not _NAME_OF_HOST.match(sample):
        return None
    method = "end" if "_end(" in sample else "str"
    values = []
    while rest:
        word = rest.pop(0)
        if word == "-m" and rest:
            method = rest.pop(0)
        elif not word.startswith("-"):
            values.append(word.lower())
    return Match(method=method, values=tuple(values)) if method in ("str", "end") else None


def _choices(lines: list[list[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for words in lines:
        if words[0] == "use_backend" and len(words) > 3 and words[2] == "if":
            yield words[1], tuple(words[3:])
