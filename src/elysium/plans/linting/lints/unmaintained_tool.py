"""A tool that nobody keeps any more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.lines import read_lines
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]

_TOOLS = (
    (r"kubeval", "kubeval", "kubeconform, or `elysium check`"),
    (r"datree", "datree", "kubeconform with policies, or `elysium check`"),
    (r"fluxctl|helm-operator|flux v1", "Flux 1", "Flux 2"),
    (r"tiller|helm ?(?:v2|2\.\d+)", "Helm 2", "Helm 3 or later"),
    (r"promtail", "Promtail", "Grafana Alloy"),
    (r"grafana[ -]agent", "the Grafana Agent", "Grafana Alloy"),
    (r"kaniko", "kaniko", "BuildKit"),
    (r"PodSecurityPolic(?:y|ies)", "PodSecurityPolicy", "Pod Security Admission, with labels on namespaces"),
    (r"k8s\.gcr\.io", "the registry of Kubernetes before 2023", "registry.k8s.io"),
    (
        r"ingress-nginx|nginx ingress controller",
        "ingress-nginx",
        "Traefik or the Gateway API; Kubernetes retired it in 2026",
    ),
)
_PATTERNS = tuple(
    (re.compile(rf"(?<![\w.-])(?:{words})(?![\w-])", re.IGNORECASE), name, instead) for words, name, instead in _TOOLS
)
_KNOWN_TO_BE_OLD = re.compile(
    r"\b(replace\w*|instead|remov\w+|migrat\w+|retired?|unmaintained|deprecated|no longer|not)\b", re.I
)


def _find(reading: Reading) -> Iterator[Defect]:
    """Each tool once, where it stands first."""
    lines = [(number, line) for number, line, _ in read_lines(reading.plan.text) if not _KNOWN_TO_BE_OLD.search(line)]
    for pattern, name, instead in _PATTERNS:
        named = [number for number, line in lines if pattern.search(line)]
        if named:
            more = f" (and in {len(named) - 1} more lines)" if len(named) > 1 else ""
            yield defect(named[0], f"nobody keeps {name} any more{more}", f"use {instead}")


LINT = Lint(
    name="unmaintained-tool",
    severity=Severity.WARNING,
    summary="a tool is named that nobody keeps any more",
    find=_find,
)
