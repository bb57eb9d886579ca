"""Section 9: secrets, rights, network, pods and images (requirement 0.9)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.workloads import Container, Workload, mapping, sequence
from elysium.plans.deploying.effect import New
from elysium.plans.deploying.lines import Entry, at, check, code, listing
from elysium.plans.deploying.sections.values import CONTEXT, NETWORK, value_entry
from elysium.plans.deploying.subject import Subject

__all__ = ["security"]

_RIGHTS = ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")
_ASKED = (("runAsNonRoot", "true"), ("readOnlyRootFilesystem", "true"), ("allowPrivilegeEscalation", "false"))
_MOST_SHOWN = 6


def security(subject: Subject) -> str:
    """The five topics, each with what is said of it and the objects concerned; then TLS."""
    entries = (
        *_secrets(subject),
        *_rights(subject),
        *_network(subject),
        *_pods(subject),
        *_images(subject),
        *_encryption(subject),
    )
    return listing(entries, subject.owner, subject.application.due)


def _secrets(subject: Subject) -> Iterator[Entry]:
    names = sorted({f"{item.namespace}/{item.name}" for item in subject.sealed})
    for name in names:
        text = f"**Secrets**: {code(name)} is a sealed secret; only the controller in the cluster opens it"
        yield Entry(id=f"security.secrets.{name.replace('/', '.')}", text=text, checks=(check("secret", name),))
    if not names:
        text = "**Secrets**: none, so nothing has to be sealed"
        yield Entry(id="security.secrets", text=text, checks=(check("check", subject.folder, "rules=secrets"),))


def _rights(subject: Subject) -> Iterator[Entry]:
    accounts, rights = subject.effect.of("ServiceAccount"), subject.effect.of(*_RIGHTS)
    named = [item for item in accounts if item.namespace == subject.namespace]
    said = f"the service account {', '.join(code(item.name) for item in named)}" if named else "the default account"
    given = f" with {', '.join(code(item.reference) for item in rights)}" if rights else " without any role"
    token = any(workload.spec.get("automountServiceAccountToken") is not False for workload in subject.servers)
    held = "and the token of the account" if token and subject.servers else "and no token of the API server"
    checks = [check("object", item.reference) for item in (*named, *rights)]
    if not rights:
        checks.append(check("no-object", f"RoleBinding/{subject.namespace}/{subject.name}*"))
    yield Entry(
        id="security.rbac",
        text=f"**RBAC**: {said}{given}, {held}",
        checks=(*checks, check("check", subject.folder, "rules=access")),
    )


def _network(subject: Subject) -> Iterator[Entry]:
    policies = subject.effect.of("NetworkPolicy")
    yield from value_entry(subject, NETWORK, "security.network.values", "**Network**")
    for item in policies:
        text = f"**Network**: {code(item.name)} lets {_callers(item)} in"
        yield Entry(
            id=f"security.network.{item.name}", text=text, checks=(check("object", item.reference, *_asked(item)),)
        )
    if not policies:
        hidden = "; those of its source are not known here" if subject.effect.unknown else ""
        text = f"**Network**: no policy of its own is written{hidden}"
        yield Entry(id="security.network", text=text, checks=(check("check", subject.folder, "rules=network"),))


def _asked(item: New) -> list[str]:
    """Conditions that name the namespaces which a policy lets in."""
    peer = ("namespaceSelector", "matchLabels", "kubernetes.io/metadata.name")
    return [f"{at('spec', 'ingress', '*', 'from', '*', *peer)}={name}" for name in _namespaces(item)]


def _namespaces(item: New) -> list[str]:
    found = []
    for rule in map(mapping, sequence(item.spec.get("ingress"))):
        for peer in map(mapping, sequence(rule.get("from"))):
            labels = mapping(mapping(peer.get("namespaceSelector")).get("matchLabels"))
            if labels.get("kubernetes.io/metadata.name"):
                found.append(str(labels["kubernetes.io/metadata.name"]))
    return list(dict.fromkeys(found))


def _callers(item: New) -> str:
    rules = sequence(item.spec.get("ingress"))
    if not rules:
        return "nobody"
    names = _namespaces(item)
    own = any("podSelector" in mapping(peer) for rule in rules for peer in sequence(mapping(rule).get("from")))
    said = [f"the namespaces {', '.join(map(code, names))}"] if names else []
    return " and ".join([*said, *(["pods that carry its label"] if own else [])]) or "those that it names"


def _pods(subject: Subject) -> Iterator[Entry]:
    for workload in subject.workloads:
        for container in [item for item in workload.containers if item.role == "main"][:_MOST_SHOWN]:
            conditions = list(_context(workload, container))
            if conditions:
                reference = f"{workload.item.kind}/{workload.namespace}/{workload.item.name}"
                said = ", ".join(condition.rpartition(".")[2] for condition in conditions)
                yield Entry(
                    id=f"security.pods.{workload.item.name}.{container.name}",
                    text=f"**Pods**: the container {code(container.name)} of {code(reference)} has {said}",
                    checks=(check("object", reference, *conditions),),
                )
    yield from value_entry(subject, CONTEXT, "security.pods.values", "**Pods**")
    text = "**Pods**: every security context meets the level of the namespace"
    yield Entry(id="security.pods", text=text, checks=(check("check", subject.folder, "rules=pod-security"),))


def _context(workload: Workload, container: Container) -> Iterator[str]:
    """What the security context of a container says, or that of its pod where it says nothing."""
    own = mapping(container.body.get("securityContext"))
    pod = mapping(workload.spec.get("securityContext"))
    for key, wanted in _ASKED:
        value = str(own.get(key, pod.get(key))).lower()
        if value == wanted and key in own:
            yield f"{at(*map(str, container.path[:-1]), container.name, 'securityContext', key)}={wanted}"
        elif value == wanted:
            yield f"{at(*map(str, workload.spec_path), 'securityContext', key)}={wanted}"


def _images(subject: Subject) -> Iterator[Entry]:
    for workload in subject.workloads:
        images = sorted({str(item.body["image"]) for item in workload.containers if item.body.get("image")})
        reference = f"{workload.item.kind}/{workload.namespace}/{workload.item.name}"
        yield Entry(
            id=f"security.images.{workload.item.name}",
            text=f"**Images** of {code(reference)}: {', '.join(map(code, images))}, each with a fixed version",
            checks=(check("image-pinned", reference),),
        )
    yield Entry(
        id="security.images.scan",
        text="**Images**: scanned before they are used, and again when their versions move",
        manual="the images were scanned, and what was found was judged",
    )


def _encryption(subject: Subject) -> Iterator[Entry]:
    for item in subject.effect.of("Certificate"):
        secret = str(item.spec.get("secretName", ""))
        yield Entry(
            id=f"security.tls.{item.name}",
            text=f"**TLS**: {code(item.name)} is the certificate that clients see, in the secret {code(secret)}",
            checks=(
                check("object", item.reference, f"spec.secretName={secret}"),
                check("secret", f"{item.namespace}/{secret}"),
            ),
        )
