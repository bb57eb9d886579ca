"""Files that are no Kubernetes objects and may hold secrets: which they are, and how each kind is read."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.check.plaintext.formats import credential_format, has_private_key
from elysium.check.plaintext.judgement import Judgement, judge, suspicious
from elysium.check.plaintext.tree import Leak, leaks, leaks_in_text
from elysium.errors import EngineError
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Severity

__all__ = ["generated_files", "is_own_concern", "leaks_of_file"]

_ENV = re.compile(r"(^|/)([\w.-]*\.)?env(\.[\w-]+)?$|(^|/)\.envrc$")
_SHOWN = re.compile(r"(?i)\.(example|sample|template|tmpl|dist|j2|tpl|gotmpl|enc|sops)\b|example\.|(^|/)\.?env-example")
_COMPOSE = re.compile(r"(^|/)(docker-)?compose[\w.-]*\.ya?ml$")
_VARIABLES = re.compile(r"\.(tf|tfvars)$")
_CLOUD_INIT = re.compile(r"(^|/)(cloud-init|cloud-config|user-data)[\w.-]*$")
_KUBECONFIG = re.compile(r"(?m)^[\"']?kind[\"']?:\s*[\"']?Config\b|\"kind\":\s*\"Config\"")
_CREDENTIALS = ("client-key-data", "token", "password", "refresh-token", "id-token", "client-secret")
_PROSE = (".md", ".rst", ".adoc", ".go", ".py", ".ts", ".rs", ".java", ".html", ".svg", ".ipynb")
_DOCKER = re.compile(r"(^|/)(\.dockerconfigjson|config\.json|[\w.-]*docker[\w.-]*\.json|\.docker/[\w.-]+)$")


def generated_files(context: Context, field: str) -> set[str]:
    """The files that generators of this field (`configMapGenerator`, `secretGenerator`) take."""
    found: set[str] = set()
    for file in context.documents.files:
        if field not in context.text(file.path):
            continue
        for body in context.bodies(file.path).values():
            for entry in sequence(mapping(body).get(field)):
                for name in _named(mapping(entry)):
                    found.add(posixpath.normpath(posixpath.join(posixpath.dirname(file.path), name)))
    return found & set(context.paths)


def _named(entry: dict[str, Any]) -> Iterator[str]:
    for part in ("files", "envs"):
        yield from (str(item).rpartition("=")[2] for item in sequence(entry.get(part)))
    if isinstance(entry.get("env"), str):
        yield entry["env"]


def is_own_concern(context: Context, path: str) -> bool:
    """Whether a file is read for what it is, whoever else takes it."""
    return _reader(path) is not None or "PRIVATE KEY-----" in context.text(path)


def leaks_of_file(context: Context, path: str) -> Iterator[tuple[str, Leak]]:
    """The secrets of a file that is no Kubernetes object, each with what the file is."""
    if _SHOWN.search(path):
        return
    text = context.text(path)
    if not text or "ENC[AES256_GCM" in text:
        return
    reader = _reader(path)
    if reader is not None:
        what, read = reader
        yield from ((what, leak) for leak in read(context, text))
    elif path in context.files and _is_data(context, path):
        yield from (("file", leak) for leak in _of_data(context, path))
    elif "users" in text and _KUBECONFIG.search(text) and not path.endswith(_PROSE):
        yield from (("kubeconfig", leak) for leak in _kubeconfig(context, text))
    elif path not in context.files and not path.endswith(_PROSE):
        yield from (("file", leak) for leak in _keys(text))


def _of_data(context: Context, path: str) -> Iterator[Leak]:
    """Of files whose purpose we do not know only what is certain."""
    for body in context.bodies(path).values():
        for leak in leaks(context.decode, body):
            if leak.judgement.severity is Severity.ERROR:
                yield msgspec.structs.replace(leak, line=_line(context.text(path), leak.key))


def _keys(text: str) -> Iterator[Leak]:
    mark = "PRIVATE KEY-----" if has_private_key(text) else "AGE-SECRET-KEY-1"
    kind = credential_format(text) if mark in text else ""
    if kind in ("a private key", "an age private key"):
        line = text[: text.index(mark)].count("\n") + 1
        yield Leak(
            path=(),
            key="",
            judgement=Judgement(kind=kind, length=len(text.strip()), severity=Severity.ERROR),
            line=line,
        )


def _is_data(context: Context, path: str) -> bool:
    """Whether a YAML file is neither of Kubernetes nor the values of a release (which have rules of their own)."""
    name = posixpath.basename(path)
    documents = context.files[path].documents
    kinds = {document.kind for document in documents} | {document.api_version for document in documents}
    encrypted = any(document.sops for document in documents)
    return kinds == {""} and not encrypted and "values" not in name and suspicious(context.text(path))


def _reader(path: str) -> tuple[str, Callable[[Context, str], Iterator[Leak]]] | None:
    if _ENV.search(path) and not path.endswith((".yaml", ".yml")):
        return "env file", _lines
    if _COMPOSE.search(path):
        return "compose file", _decoded
    if _CLOUD_INIT.search(path):
        return "cloud-init file", _decoded
    if _VARIABLES.search(path):
        return "Terraform file", _terraform
    return ("Docker configuration", _docker) if _DOCKER.search(path) else None


def _lines(context: Context, text: str) -> Iterator[Leak]:
    return leaks_in_text(context.decode, text + "\n", nested=99)


def _terraform(context: Context, text: str) -> Iterator[Leak]:
    """Only what is in quotes is written down; the rest is the name of something."""
    quoted = [line if '= "' in line or "= '" in line else "" for line in text.splitlines()]
    return _lines(context, "\n".join(quoted))


def _decoded(context: Context, text: str) -> Iterator[Leak]:
    return leaks_in_text(context.decode, text + "\n")


def _docker(context: Context, text: str) -> Iterator[Leak]:
    for body in _bodies(context, text):
        for name, entry in mapping(mapping(body).get("auths")).items():
            value = mapping(entry).get("auth") or mapping(entry).get("password")
            if isinstance(value, str) and len(value) >= 8 and not value.startswith(("$", "{{", "<")):
                found = Judgement(kind="a registry login", length=len(value), severity=Severity.ERROR)
                yield Leak(path=(), key=str(name), judgement=found, line=_line(text, str(name)))


def _kubeconfig(context: Context, text: str) -> Iterator[Leak]:
    """Certificates and addresses are public; a client's key, token or password opens the cluster."""
    for body in _bodies(context, text):
        for user in sequence(mapping(body).get("users")) if mapping(body).get("kind") == "Config" else ():
            credentials = mapping(mapping(user).get("user"))
            merged = {**mapping(mapping(credentials.get("auth-provider")).get("config")), **credentials}
            for key in _CREDENTIALS:
                value = merged.get(key)
                if isinstance(value, str) and (judge("token", value) or (len(value) > 11 and "$" not in value[:2])):
                    kind = {"password": "a password", "client-key-data": "a client key"}.get(key, "a token")
                    found = Judgement(kind=kind, length=len(value), severity=Severity.ERROR)
                    yield Leak(path=(), key=key, judgement=found, line=_line(text, key))


def _bodies(context: Context, text: str) -> list[Any]:
    try:
        return context.decode(text)
    except EngineError:
        return []


def _line(text: str, key: str) -> int:
    return next((number for number, line in enumerate(text.splitlines(), 1) if key in line), 1)
