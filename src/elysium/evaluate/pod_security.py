"""Pod Security: which pods a namespace refuses.

The levels and their controls are those of the Pod Security Standards; labels of the namespace choose them, and which
version of the standards counts (Kubernetes documentation, "Pod Security Admission").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from elysium.evaluate.pod_security_controls import CONTROLS, Offence, Pod

__all__ = [
    "PREFIX",
    "Level",
    "Offence",
    "Setting",
    "Violation",
    "label_problems",
    "newest_minor",
    "settings",
    "violations",
]

PREFIX = "pod-security.kubernetes.io/"
MODES = ("enforce", "warn", "audit")
_VERSION = re.compile(r"v1\.(0|[1-9][0-9]*)")


class Level(StrEnum):
    """How much a namespace allows."""

    PRIVILEGED = "privileged"
    BASELINE = "baseline"
    RESTRICTED = "restricted"


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What one mode of a namespace asks for. `minor` is the version of the standards; None is the newest."""

    mode: str
    level: Level
    minor: int | None = None

    def __str__(self) -> str:
        version = "" if self.minor is None else f":v1.{self.minor}"
        return f"{self.mode}={self.level.value}{version}"


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A control that a pod does not meet. `reason` is what the API server calls it."""

    control: str
    reason: str
    offences: tuple[Offence, ...]

    def __str__(self) -> str:
        containers = list(dict.fromkeys(offence.container for offence in self.offences if offence.container))
        details = ", ".join(dict.fromkeys(offence.what for offence in self.offences))
        where = f" in {', '.join(containers)}" if containers else ""
        return f"{details}{where}"


def settings(labels: Mapping[str, Any]) -> tuple[Setting, ...]:
    """What a namespace with these labels asks for, in the order enforce, warn, audit.

    As the admission controller decides it: an invalid `enforce` counts as `restricted`, the other modes fail open, a
    mode without a label asks for nothing. (A missing `warn` warns of what `enforce` refuses, which adds nothing.)
    """
    found = [setting for mode in MODES if (setting := _setting(labels, mode)) is not None]
    return tuple(setting for setting in found if setting.level is not Level.PRIVILEGED)


def label_problems(labels: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Labels of a namespace whose value the API server refuses, each with what is allowed; and names of no meaning."""
    levels = ", ".join(Level)
    for key, value in labels.items():
        if not str(key).startswith(PREFIX):
            continue
        mode, _, rest = str(key).removeprefix(PREFIX).partition("-")
        if mode not in MODES or rest not in ("", "version"):
            yield key, "the labels are enforce, warn and audit, each also with -version"
        elif rest and value != "latest" and not _VERSION.fullmatch(str(value)):
            yield key, "the value must be latest or v1.x, such as v1.36"
        elif not rest and str(value) not in set(Level):
            yield key, f"the value must be one of {levels}"


def violations(level: Level, spec: dict[str, Any], annotations: dict[str, Any], minor: int) -> tuple[Violation, ...]:
    """The controls of a level, as of `minor`, that a pod does not meet."""
    if level is Level.PRIVILEGED:
        return ()
    pod = Pod(spec=spec, annotations=annotations, minor=minor)
    wanted = [
        control
        for control in CONTROLS
        if control.since <= minor < control.before and (level is Level.RESTRICTED or not control.restricted)
    ]
    overridden = {control.overrides for control in wanted}
    found = ((control, tuple(control.check(pod))) for control in wanted if control.id not in overridden)
    return tuple(
        Violation(control=control.id, reason=control.reason, offences=offences)
        for control, offences in found
        if offences
    )


def newest_minor(kubernetes: str) -> int:
    """The minor version in a version of Kubernetes such as `1.36` or `v1.36.3`: what `latest` means there."""
    parts = kubernetes.removeprefix("v").split(".")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 10_000


def _setting(labels: Mapping[str, Any], mode: str) -> Setting | None:
    value = labels.get(PREFIX + mode)
    version = _VERSION.fullmatch(str(labels.get(f"{PREFIX}{mode}-version", "")))
    minor = int(version[1]) if version else None
    if str(value) in set(Level):
        return Setting(mode=mode, level=Level(str(value)), minor=minor)
    if mode == "enforce" and value is not None:
        return Setting(mode=mode, level=Level.RESTRICTED, minor=minor)
    return None
