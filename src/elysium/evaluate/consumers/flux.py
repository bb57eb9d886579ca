"""What the objects of Flux need besides sources and dependencies (Flux API reference)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.consumers.use import Holder, Means, Use, text
from elysium.evaluate.workloads import Path, mapping, sequence

__all__ = ["notification", "reconciler", "source"]

_SECRETS = ("secretRef", "certSecretRef", "proxySecretRef")


def source(holder: Holder) -> Iterator[Use]:
    """Sources, image repositories and providers of inputs: how they log in, and whom they trust."""
    spec = mapping(holder.body.get("spec"))
    for field in _SECRETS:
        yield from holder.secret(("spec", field), spec.get(field), Means.CREDENTIALS, key="")
    verify = mapping(spec.get("verify")).get("secretRef")
    yield from holder.secret(("spec", "verify", "secretRef"), verify, Means.CREDENTIALS, key="")
    yield from _account(holder, spec)


def notification(holder: Holder) -> Iterator[Use]:
    """Providers, and Receivers, whose Secret must have the key `token` (Flux documentation, "Receivers")."""
    spec = mapping(holder.body.get("spec"))
    key = "token" if holder.item.kind == "Receiver" else ""
    path: Path = ("spec", "secretRef", "name")
    yield from holder.secret(path[:-1], spec.get("secretRef"), Means.CREDENTIALS, key=key, key_path=path)
    for field in _SECRETS[1:]:
        yield from holder.secret(("spec", field), spec.get(field), Means.CREDENTIALS, key="")


def reconciler(holder: Holder) -> Iterator[Use]:
    """Kustomizations, HelmReleases, ResourceSets and image automations: keys, clusters, values, identities."""
    spec = mapping(holder.body.get("spec"))
    places: dict[Path, object] = {
        ("spec", "decryption", "secretRef"): mapping(spec.get("decryption")).get("secretRef"),
        ("spec", "kubeConfig", "secretRef"): mapping(spec.get("kubeConfig")).get("secretRef"),
        ("spec", "git", "commit", "signingKey", "secretRef"): mapping(
            mapping(mapping(spec.get("git")).get("commit")).get("signingKey")
        ).get("secretRef"),
    }
    chart = mapping(mapping(spec.get("chart")).get("spec"))
    places["spec", "chart", "spec", "verify", "secretRef"] = mapping(chart.get("verify")).get("secretRef")
    for path, reference in places.items():
        yield from holder.secret(path, reference, Means.CREDENTIALS)
    lists = {
        ("spec", "valuesFrom"): spec.get("valuesFrom"),
        ("spec", "postBuild", "substituteFrom"): mapping(spec.get("postBuild")).get("substituteFrom"),
    }
    for at, entries in lists.items():
        for number, entry in enumerate(sequence(entries)):
            yield from _values(holder, (*at, number), mapping(entry))
    yield from _account(holder, spec)


def _values(holder: Holder, at: Path, entry: dict[str, object]) -> Iterator[Use]:
    kind = entry.get("kind")
    if kind in ("ConfigMap", "Secret"):
        key = text(entry.get("valuesKey")) or ("values.yaml" if at[1] == "valuesFrom" else "")
        more = {"key": key, "key_path": (*at, "valuesKey"), "optional": entry.get("optional") is True}
        yield from holder.use((*at, "name"), str(kind), entry.get("name"), Means.VALUES, **more)


def _account(holder: Holder, spec: dict[str, object]) -> Iterator[Use]:
    """The account that is impersonated; elsewhere when the objects go to another cluster."""
    if "kubeConfig" not in spec:
        path: Path = ("spec", "serviceAccountName")
        yield from holder.use(path, "ServiceAccount", spec.get("serviceAccountName"), Means.IDENTITY)
