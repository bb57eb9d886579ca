"""Secrets that will be there, variables that Flux substitutes, and where sources come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.producers import keys_of, product
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import RenderedObject
from elysium.plans.checks import conditions, rendered
from elysium.plans.checks.arguments import amount, namespaced, object_pattern, wrong_asked
from elysium.plans.checks.objects import judge_bodies, missing, open_to
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed, unknown
from elysium.plans.world import World
from elysium.sealing import is_opaque

__all__ = ["VERBS"]

_KUSTOMIZATION = ("kustomize.toolkit.fluxcd.io", "Kustomization")
_VARIABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:=(.*))?")
_SOURCES = ("GitRepository", "OCIRepository", "Bucket", "HelmRepository", "HelmChart", "ExternalArtifact")


def _refuse_secret(words: tuple[str, ...]) -> str:
    wrong = amount(words, 1) or namespaced(words[0])
    return wrong or (f"{words[0]!r} names no single Secret" if set(words[0]) & set("*?[") else "")


def _secret(words: tuple[str, ...], world: World) -> Outcome:
    namespace, _, name = words[0].partition("/")
    made = product(world.index(), "Secret", namespace, name)
    if made is None:
        return missing(world, f"Secret/{namespace}/{name}")
    place = rendered.place(made.sources[0]) if made.sources else {}
    lacking = [key for key in words[1:] if key not in made.keys]
    if lacking and made.open_ended:
        text = f"whatever fills Secret {words[0]} may add the key {lacking[0]}: say it where the Secret is made"
        return unknown(text, **place)
    if lacking:
        return failed(f"Secret {words[0]} will have no key {', '.join(lacking)}", **place)
    by = f", made from {made.sources[0].id}" if made.sources else ""
    return passed(f"Secret {words[0]} will be there{by}", **place)


def _refuse_variable(words: tuple[str, ...]) -> str:
    wrong = amount(words, 1, 2)
    if wrong or not _VARIABLE.fullmatch(words[0]):
        return wrong or f"{words[0]!r} is no name of a variable"
    return "" if words[1:] == () or words[1].startswith("ks/") else f"{words[1]!r} is no Kustomization"


def _variable(words: tuple[str, ...], world: World) -> Outcome:
    found = _VARIABLE.fullmatch(words[0])
    name, value = (found[1], found[2]) if found else (words[0], None)
    index = world.index()
    other = ""
    for item in index.of_kind(*_KUSTOMIZATION):
        if words[1:] and f"ks/{item.namespace}/{item.name}" != words[1]:
            continue
        known = dict(_variables(index, item, mapping(index.body(item).get("spec"))))
        if name in known and (value is None or known[name] == value):
            return passed(f"{item.id} defines {name}", **rendered.place(item))
        if name in known:
            if known[name] is None:
                return unknown(f"{item.id} defines {name} by a value that only the cluster holds", object=str(item.id))
            other = str(item.id)
    reason = "" if other and words[1:] else rendered.hidden(world, releases=False)
    if other and not reason:
        return failed(f"{other} defines {name} by another value", object=other)
    return unknown(f"nothing known defines {name}; {reason}") if reason else failed(f"no Kustomization defines {name}")


def _variables(index: ObjectIndex, item: RenderedObject, spec: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Names and values as Flux merges them: references in their order, then what is written inline."""
    settings = mapping(spec.get("postBuild"))
    for entry in map(mapping, sequence(settings.get("substituteFrom"))):
        kind, name = str(entry.get("kind")), str(entry.get("name"))
        made = product(index, kind, item.namespace, name)
        yield from dict.fromkeys(made.keys if made else ()).items()
        for holder in index.find("", kind, item.namespace, name):
            body = index.body(holder)
            data = mapping(body.get("data")) if kind == "ConfigMap" else {}
            yield from ((key, _known(data.get(key))) for key in keys_of(body)[0])
    for key, value in mapping(settings.get("substitute")).items():
        yield str(key), _known(value)


def _known(value: Any) -> str | None:
    text = None if value is None else conditions.shown(value)
    return None if text is None or is_opaque(text) else text


def _refuse_source(words: tuple[str, ...]) -> str:
    wrong = amount(words, 1) or object_pattern(words[0])
    kind = words[0].partition("/")[0] if words else ""
    if not wrong and kind not in _SOURCES:
        wrong = f"{kind} is no kind of source: one of {', '.join(_SOURCES)}"
    return wrong or wrong_asked(words[1:])


def _source(words: tuple[str, ...], world: World) -> Outcome:
    found = rendered.matching(world, words[0])
    if not found:
        return missing(world, words[0])
    bodies: list[tuple[RenderedObject, object]] = [(item, world.index().body(item).get("spec")) for item in found]
    return open_to(world, words[0], judge_bodies(bodies, words[1:], words[0]), releases=False)


VERBS = (
    Verb(
        name="secret",
        usage="secret NAMESPACE/NAME [KEY…]",
        summary="There will be a Secret with these keys, in the clear or made from a SealedSecret or the like.",
        example="secret wiki/wiki-database username password",
        refuse=_refuse_secret,
        run=_secret,
    ),
    Verb(
        name="variable",
        usage="variable NAME[=VALUE] [ks/NAMESPACE/NAME]",
        summary="A Kustomization (or that one) defines a variable of Flux's substitution.",
        example="variable CLUSTER_DOMAIN ks/flux-system/apps",
        refuse=_refuse_variable,
        run=_variable,
    ),
    Verb(
        name="source",
        usage="source KIND/NAMESPACE/NAME [CONDITION…]",
        summary="There is such a source of Flux, and its `spec` meets the conditions.",
        example="source HelmRepository/flux-system/wiki url=https://charts.example.org",
        refuse=_refuse_source,
        run=_source,
    ),
)
