"""What runs: images, Services with pods behind them, storage."""

from __future__ import annotations

import re
from typing import Any

from elysium.evaluate.claims import Claim, claims, default_class
from elysium.evaluate.dependencies import pod_port
from elysium.evaluate.images import ImageReference, is_known, parse
from elysium.evaluate.quantities import parse_quantity
from elysium.evaluate.services import Service, ServicePort, selected, services
from elysium.evaluate.workloads import workload_of
from elysium.plans.checks import conditions, rendered
from elysium.plans.checks.arguments import amount, first_of, namespaced, object_pattern, wrong_asked
from elysium.plans.checks.objects import judge_bodies, missing, open_to
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, Result, failed, passed, unknown
from elysium.plans.world import World
from elysium.sources.matching import matches

__all__ = ["VERBS"]

_SERVICE = re.compile(r"([a-z0-9-]+)/([a-z0-9-]+):([a-z0-9-]+)")
_EVERY = "*/*/*"


def _refuse_image(words: tuple[str, ...]) -> str:
    return first_of(object_pattern(word) for word in words if word != "digest")


def _image(words: tuple[str, ...], world: World) -> Outcome:
    patterns = [word for word in words if word != "digest"]
    for pattern in patterns:
        if not rendered.matching(world, pattern):
            return missing(world, pattern)
    items = [item for pattern in patterns or [_EVERY] for item in rendered.matching(world, pattern)]
    number, open_question = 0, ""
    for item in items:
        workload = workload_of(world.index(), item)
        for container in workload.containers if workload else ():
            text = str(container.body.get("image") or "")
            if not is_known(text):
                open_question = f"the image of {container.name} in {item.id} is not known here"
                continue
            number += 1
            wrong = _wrong_image(text, parse(text), by_digest="digest" in words)
            if wrong:
                return failed(f"{item.id}, container {container.name}: {wrong}", **rendered.place(item))
    spaces = [rendered.parts(pattern)[1] for pattern in patterns] or [""]
    open_question = open_question or first_of(rendered.hidden(world, space, failed=True) for space in spaces)
    if open_question:
        return unknown(f"{number} images are pinned; {open_question}")
    return (
        passed(f"{number} images are pinned")
        if number
        else failed(f"{' and '.join(patterns) or 'nothing'} has no image")
    )


def _wrong_image(text: str, reference: ImageReference | None, *, by_digest: bool) -> str:
    if reference is None:
        return f"{text} is no image"
    if by_digest:
        return "" if reference.digest else f"{text} has no digest"
    return f"{text} is whatever is newest" if reference.is_latest else ""


def _refuse_service(words: tuple[str, ...]) -> str:
    wrong = (f"{word!r} is no namespace/name:port" for word in words if not _SERVICE.fullmatch(word))
    return amount(words, 1) or first_of(wrong)


def _service(words: tuple[str, ...], world: World) -> Outcome:
    outcome = passed()
    for word in words:
        found = _SERVICE.fullmatch(word)
        namespace, name, port = found.groups() if found else ("", "", "")
        service = services(world.index()).get((namespace, name))
        if service is None:
            return missing(world, f"Service/{namespace}/{name}")
        wanted = service.port(port)
        if wanted is None or wanted.number is None:
            return failed(f"Service {namespace}/{name} has no port {port}", **rendered.place(service.item))
        outcome = _pods(world, service, wanted)
        if outcome.result != "pass":
            return outcome
    return outcome


def _pods(world: World, service: Service, port: ServicePort) -> Outcome:
    """Whether pods stand behind a port."""
    name, place = f"{service.item.namespace}/{service.item.name}", rendered.place(service.item)
    if not service.selector:
        return unknown(f"Service {name} selects no pods: somebody else says where it leads", **place)
    behind = selected(world.index(), service)
    if not behind:
        reason = rendered.hidden(world, service.item.namespace)
        if reason:
            return unknown(f"nothing known is behind Service {name}; {reason}", **place)
        return failed(f"no pods are behind Service {name}", **place)
    if not any(pod_port(service, port.number or 0, workload) for workload in behind):
        return failed(f"no container behind Service {name} has a port named {port.target}", **place)
    return passed(f"{behind[0].item.id} is behind Service {name}, port {port.number}", **place)


def _refuse_claim(words: tuple[str, ...]) -> str:
    return amount(words, 1) or namespaced(words[0]) or wrong_asked(words[1:])


def _claim(words: tuple[str, ...], world: World) -> Outcome:
    namespace, _, name = words[0].partition("/")
    found = [
        claim
        for claim in claims(world.index())
        if claim.item.namespace == namespace and any(matches(name, known) for known in _names(claim))
    ]
    if not found:
        return missing(world, f"PersistentVolumeClaim/{namespace}/{name}")
    outcomes = [_judged(world, claim, words[1:]) for claim in found]
    best = next((one for kind in (Result.PASS, Result.UNKNOWN) for one in outcomes if one.result is kind), outcomes[0])
    if len(outcomes) > 1 and best.result is Result.FAIL:
        best = failed(
            f"none of the {len(outcomes)} claims {words[0]} is so; {best.reason}", **rendered.place(found[0].item)
        )
    return open_to(world, f"PersistentVolumeClaim/{words[0]}", best)


def _judged(world: World, claim: Claim, words: tuple[str, ...]) -> Outcome:
    """What is asked of a claim, of that alone."""
    default = default_class(world.index())
    if default is None and any(word.startswith("class") for word in words) and claim.storage_class is None:
        reason = f"{claim.item.id} takes the default class, which the repository does not say"
        return unknown(reason, **rendered.place(claim.item))
    asked = tuple(_size(word, claim) for word in words)
    return judge_bodies([(claim.item, _facts(claim, default))], asked, claim.name)


def _names(claim: Claim) -> tuple[str, ...]:
    """A claim's name; of those of a StatefulSet also the names that the pods' claims get."""
    return (claim.name, f"{claim.name}-{claim.owner.item.name}-0") if claim.owner else (claim.name,)


def _facts(claim: Claim, default: str | None) -> dict[str, Any]:
    requests = claim.spec.get("resources")
    size = requests.get("requests", {}).get("storage") if isinstance(requests, dict) else None
    kind = claim.storage_class if claim.storage_class is not None else default
    facts = {"size": size, "class": kind, "mode": list(claim.access_modes)}
    return {key: value for key, value in facts.items() if value is not None} | {"spec": claim.spec}


def _size(word: str, claim: Claim) -> str:
    """`size=50Gi` holds for 51200Mi, too: the same amount in the words of the claim."""
    name, separator, value = word.partition("=")
    size = _facts(claim, None).get("size")
    same = name == "size" and separator and size and parse_quantity(value) == parse_quantity(size)
    return f"size={conditions.shown(size)}" if same else word


VERBS = (
    Verb(
        name="image-pinned",
        usage="image-pinned [KIND/NAMESPACE/NAME…] [digest]",
        summary="No container (of these objects) runs whatever image is newest; with `digest`, each names a digest.",
        example="image-pinned Deployment/wiki/*",
        refuse=_refuse_image,
        run=_image,
    ),
    Verb(
        name="service",
        usage="service NAMESPACE/NAME:PORT…",
        summary="The Service has that port (number or name), and pods are behind it.",
        example="service wiki/wiki:8080",
        refuse=_refuse_service,
        run=_service,
    ),
    Verb(
        name="claim",
        usage="claim NAMESPACE/NAME [size=50Gi] [class=NAME] [mode=ReadWriteOnce]",
        summary="There is a claim on storage (or a StatefulSet makes it), with that size, class and access mode.",
        example="claim postgresql/data size>=50Gi class=local-path",
        refuse=_refuse_claim,
        run=_claim,
    ),
)
