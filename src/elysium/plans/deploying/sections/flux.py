"""Section 5: what Flux does with it: order, sources, variables, intervals (requirement 0.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from elysium.evaluate.workloads import mapping, sequence
from elysium.plans.deploying.effect import New
from elysium.plans.deploying.lines import Entry, check, code, listing
from elysium.plans.deploying.subject import Subject

__all__ = ["flux"]

_SOURCES = ("HelmRepository", "OCIRepository", "GitRepository")
_UNITS = ("HelmRelease", "Kustomization")
_VARIABLE = re.compile(r"(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?[-=][^}]*)?\}")


def flux(subject: Subject) -> str:
    """Dependencies, sources, substitution, reconciliation, and the automation of images."""
    entries = (
        *_dependencies(subject),
        *_sources(subject),
        *_substitution(subject),
        *_reconciliation(subject),
        *_automation(subject),
    )
    return listing(entries, subject.owner, subject.application.due)


def _dependencies(subject: Subject) -> Iterator[Entry]:
    applier = subject.effect.applier(subject.facts.apps_overlay)
    if applier is None:
        text = "**Dependencies**: no Kustomization of this repository applies the overlay"
        yield Entry(id="flux.dependencies", text=text, checks=(check("render"),))
        return
    chain = subject.effect.chain(applier[0])
    first = ", ".join(map(code, chain[:-1])) or "nothing"
    condition = [check("chain", ">".join(chain))] if len(chain) > 1 else []
    reference = f"Kustomization/{applier[0].namespace}/{applier[0].name}"
    yield Entry(
        id="flux.dependencies",
        text=f"**Dependencies**: {code(chain[-1])} waits for {first}",
        checks=tuple(condition or [check("object", reference)]),
    )
    for item in subject.effect.of(*_UNITS):
        names = [str(mapping(entry).get("name")) for entry in sequence(item.spec.get("dependsOn"))]
        if names:
            text = f"**Dependencies** of {code(item.reference)}: it waits for {', '.join(map(code, names))}"
            conditions = [f"spec.dependsOn[{name}]" for name in names]
            identifier = f"flux.dependencies.{item.kind.lower()}.{item.name}"
            yield Entry(id=identifier, text=text, checks=(check("object", item.reference, *conditions),))


def _sources(subject: Subject) -> Iterator[Entry]:
    found = subject.effect.of(*_SOURCES)
    for item in found:
        url = str(item.spec.get("url", ""))
        yield Entry(
            id=f"flux.source.{item.kind.lower()}.{item.namespace}.{item.name}",
            text=f"**Sources**: the {item.kind} {code(f'{item.namespace}/{item.name}')} ({url}) is added",
            checks=(check("source", item.reference, f"url={url}"),),
        )
    if not found:
        text = "**Sources**: none is added; what it is made of is in the repository"
        yield Entry(id="flux.source", text=text, checks=(check("exists", subject.folder),))


def _substitution(subject: Subject) -> Iterator[Entry]:
    """Variables that stand in its files and that Flux fills in."""
    found = sorted({name for change in subject.created for name in _variables(change.path, change.text or "")})
    applier = subject.effect.applier(subject.facts.apps_overlay)
    where = [f"ks/{applier[0].namespace}/{applier[0].name}"] if applier else []
    sealed = {item.key for item in subject.sealed}
    for name in found:
        if name in subject.facts.variables:
            text = f"**Substitution**: {code(name)} comes from `cluster-vars`"
        elif name in sealed:
            text = f"**Substitution**: {code(name)} comes from the secret that step 3 seals"
        else:
            text = f"**Substitution**: {code(name)} is no variable that is known here; the Kustomization needs it"
        yield Entry(id=f"flux.variable.{name}", text=text, checks=(check("variable", name, *where),))
    if not found:
        text = "**Substitution**: none; it needs no variable"
        yield Entry(
            id="flux.variable", text=text, checks=(check("lacks", f"{subject.folder}/*.yaml", r"/\$\{[A-Z_]+\}/"),)
        )


def _variables(path: str, text: str) -> Iterator[str]:
    if path.endswith((".yaml", ".yml")) and "kustomize.toolkit.fluxcd.io/substitute: disabled" not in text:
        yield from (found[1] for found in _VARIABLE.finditer(text))
    elif "kustomize.toolkit.fluxcd.io/substitute: disabled" in text:
        for document in re.split(r"^---\s*$", text, flags=re.MULTILINE):
            if "kustomize.toolkit.fluxcd.io/substitute: disabled" not in document:
                yield from (found[1] for found in _VARIABLE.finditer(document))


def _reconciliation(subject: Subject) -> Iterator[Entry]:
    for item in subject.effect.of(*_UNITS):
        yield _settings(item.reference, item.spec, f"flux.interval.{item.kind.lower()}.{item.name}")
    for item in subject.effect.of(*_SOURCES):
        yield _settings(item.reference, item.spec, f"flux.interval.{item.kind.lower()}.{item.name}")
    applier = subject.effect.applier(subject.facts.apps_overlay)
    if applier:
        reference = f"Kustomization/{applier[0].namespace}/{applier[0].name}"
        yield _settings(reference, applier[1], f"flux.interval.{applier[0].name}")
    else:
        yield Entry(id="flux.interval", text="**Reconciliation**: as the cluster does it", checks=(check("render"),))


def _settings(reference: str, spec: Mapping[str, Any], identifier: str) -> Entry:
    words = {"interval": "interval", "timeout": "timeout", "retryInterval": "retry interval"}
    found = {key: str(spec[key]) for key in words if spec.get(key)}
    said = ", ".join(f"{words[key]} {value}" for key, value in found.items())
    return Entry(
        id=identifier,
        text=f"**Reconciliation** of {code(reference)}: {said or 'the defaults of Flux'}",
        checks=(check("object", reference, *(f"spec.{key}={value}" for key, value in found.items())),),
    )


def _automation(subject: Subject) -> Iterator[Entry]:
    policies: tuple[New, ...] = subject.effect.of("ImagePolicy")
    for item in policies:
        text = f"**Image automation**: the policy {code(item.reference)} moves the tag by a commit"
        yield Entry(id=f"flux.image.{item.name}", text=text, checks=(check("object", item.reference),))
    if not policies:
        there = "the repository has image automation, but" if subject.facts.has("image-automation") else "none:"
        text = f"**Image automation**: {there} a person moves the version"
        yield Entry(id="flux.image", text=text, checks=(check("no-object", f"ImagePolicy/*/{subject.name}"),))
