"""Tools that a plan names and that nobody keeps any more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["INSTEAD", "detect"]

INSTEAD = {
    "kubeval": "kubeconform",
    "tiller": "Helm 3 or later, which needs none",
    "fluxctl": "the flux command of Flux 2",
    "helm-operator": "helm-controller",
    "podsecuritypolicy": "Pod Security Admission",
    "heapster": "metrics-server",
    "promtail": "Grafana Alloy",
    "grafana-agent": "Grafana Alloy",
    "kaniko": "BuildKit",
    "weave-gitops": "another view of Flux",
    "ksonnet": "Kustomize or Helm",
}
"""What took their place, by what their own projects or successors say."""

_NAMED = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, INSTEAD)) + r")(?![\w-])", re.IGNORECASE)

_GONE = re.compile(r"\b(?:deprecated|removed?|replac\w+|migrat\w+|no longer|instead of|unmaintained|archived)\b", re.I)


def detect(reading: Reading) -> Iterator[Contradiction]:
    """The first line that names each of them, unless it says that they are gone."""
    seen: set[str] = set()
    for line in reading.lines:
        for name in _NAMED.findall(line.text) if not _GONE.search(line.text) else ():
            if name.lower() not in seen:
                seen.add(name.lower())
                message = f"{name} is no longer maintained: use {INSTEAD[name.lower()]}"
                yield between("unmaintained", message, line)
