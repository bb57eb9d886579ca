"""What the objects of the Prometheus Operator need (its API reference)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.consumers.selectors import key_selectors
from elysium.evaluate.consumers.use import Holder, Means, Use
from elysium.evaluate.workloads import Path, mapping, sequence

__all__ = ["SERVERS", "monitor", "server"]

SERVERS = ("Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler")
"""Kinds that the operator runs as pods."""


def monitor(holder: Holder) -> Iterator[Use]:
    """Monitors, probes and receivers of alerts: every key selector is a login or a certificate."""
    for path, kind, reference in key_selectors(holder.body.get("spec"), ("spec",)):
        read = holder.secret if kind == "Secret" else holder.config_map
        yield from read(path, reference, Means.MONITORING)


def server(holder: Holder) -> Iterator[Use]:
    """Prometheus, Alertmanager and their like: what they mount, read and run as."""
    spec = mapping(holder.body.get("spec"))
    yield from monitor(holder)
    for field, kind in (("secrets", "Secret"), ("configMaps", "ConfigMap")):
        for number, name in enumerate(sequence(spec.get(field))):
            yield from holder.use(("spec", field, number), kind, name, Means.VOLUME)
    path: Path = ("spec", "configSecret")
    yield from holder.use(path, "Secret", spec.get("configSecret"), Means.MONITORING)
    path = ("spec", "serviceAccountName")
    yield from holder.use(path, "ServiceAccount", spec.get("serviceAccountName"), Means.IDENTITY)
    for number, entry in enumerate(sequence(spec.get("imagePullSecrets"))):
        yield from holder.secret(("spec", "imagePullSecrets", number), entry, Means.IMAGE_PULL)
