"""The mode of a file, said in two ways: written so that everybody can read it, and kept so that only one can."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["detect"]

_KUBECONFIG = "/etc/rancher/k3s/k3s.yaml"
"""The file that `--write-kubeconfig-mode` of k3s is about."""

_FLAG = re.compile(r"--write-kubeconfig-mode[ =]([0-7]{3,4})\b")
_CHMOD = re.compile(r"\bchmod ([0-7]{3,4}) (/?[\w./~-]+)")
_INSTALL = re.compile(r"\binstall (?:-\S+ (?:[\w.-]+ )?){0,6}?-m ([0-7]{3,4}) (?:-\S+ [\w.-]+ ){0,4}(/?[\w./~-]+)")
_MODE = re.compile(r"`(/[\w./~-]+)`[^.`]{0,60}\bmode `?([0-7]{3,4})\b")
_SECURELY = re.compile(r"`(/[\w./~-]+)` securely|secure(?:ly)? (?:store|keep) `(/[\w./~-]+)`", re.IGNORECASE)
_OTHERS = 0o077
_OCTAL = 8


class _Mode(msgspec.Struct, frozen=True, kw_only=True):
    line: Line
    path: str
    open: bool
    words: str


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Paths that others may read according to one line, and may not according to another."""
    by_path: dict[str, list[_Mode]] = {}
    for line in reading.lines:
        for mode in _modes(line):
            by_path.setdefault(mode.path, []).append(mode)
    for path, found in by_path.items():
        opened = next((mode for mode in found if mode.open), None)
        closed = next((mode for mode in found if not mode.open), None)
        if opened and closed:
            message = f"{path} is {opened.words} in one place and {closed.words} in another"
            yield between("modes", message, opened.line, closed.line)


def _modes(line: Line) -> Iterator[_Mode]:
    for found in _FLAG.finditer(line.text):
        yield _mode(line, _KUBECONFIG, found[1])
    for pattern in (_CHMOD, _INSTALL):
        for found in pattern.finditer(line.text):
            yield _mode(line, found[2], found[1])
    for found in _MODE.finditer(line.text):
        yield _mode(line, found[1], found[2])
    for found in _SECURELY.finditer(line.text):
        yield _Mode(line=line, path=found[1] or found[2], open=False, words="stored securely")


def _mode(line: Line, path: str, digits: str) -> _Mode:
    return _Mode(line=line, path=path, open=bool(int(digits, _OCTAL) & _OTHERS), words=f"of mode {digits}")
