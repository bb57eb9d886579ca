"""What a component writes for given answers: a pure function of description, answers and facts.

Nothing here looks at files of the repository; what becomes of a proposal there is `elysium.scaffold.planning`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from elysium.errors import ScaffoldError
from elysium.scaffold.answers import Answers
from elysium.scaffold.description import Component, Entry, FileTemplate, Need, Secret, SecretKey, Value
from elysium.scaffold.facts import RepositoryFacts
from elysium.scaffold.isolation import templates_of
from elysium.scaffold.types import safe_path

__all__ = [
    "Proposal",
    "ProposedEntry",
    "ProposedFile",
    "ProposedKey",
    "ProposedSecret",
    "ProposedValue",
    "companions",
    "propose",
    "unmet",
]

_MOST_FILES = 500
_LARGEST_ALL = 8 << 20
_SUFFIX = ".jinja"


class ProposedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as the component would have it."""

    path: str
    text: str
    executable: bool = False


class ProposedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An item that a list of a YAML file should have."""

    path: str
    list: tuple[str, ...]
    value: str


class ProposedValue(msgspec.Struct, frozen=True, kw_only=True):
    """A key that a YAML file should have, with the value it gets where it is missing."""

    path: str
    at: tuple[str, ...]
    value: Any


class ProposedKey(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a Secret. `template` is the text that composes it from the others."""

    key: str
    generate: int = 0
    ask: str = ""
    template: str = ""


class ProposedSecret(msgspec.Struct, frozen=True, kw_only=True):
    """A Secret that should be sealed in a file."""

    path: str
    name: str
    namespace: str
    type: str
    keys: tuple[ProposedKey, ...]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one component wants to be there, and what it offers then."""

    component: Component
    name: str
    answers: Answers
    files: tuple[ProposedFile, ...]
    entries: tuple[ProposedEntry, ...]
    values: tuple[ProposedValue, ...]
    secrets: tuple[ProposedSecret, ...]
    offers: tuple[str, ...]
    notes: str


def propose(component: Component, name: str, answers: Answers) -> Proposal:
    """The component's files, entries, values and secrets. Raises ScaffoldError when a template cannot be rendered."""
    maker = _Maker(component, name, answers.values)
    files = tuple(_bounded(component, (file for item in component.files for file in maker.files(item))))
    return Proposal(
        component=component,
        name=name,
        answers=answers,
        files=files,
        entries=tuple(entry for item in component.entries for entry in maker.entries(item)),
        values=tuple(value for item in component.values for value in maker.values(item)),
        secrets=tuple(secret for item in component.secrets for secret in maker.secrets(item)),
        offers=tuple(sorted(filter(None, (maker.text(offer, "offers") for offer in component.offers)))),
        notes=maker.text(component.template(component.notes), component.notes).strip() if component.notes else "",
    )


def _bounded(component: Component, files: Iterable[ProposedFile]) -> Iterator[ProposedFile]:
    """The files, each once (also where upper and lower case are the same), and no more than a component can mean."""
    known: set[str] = set()
    left = _LARGEST_ALL
    for file in files:
        left -= len(file.text)
        problem = "" if file.path.lower() not in known else f"writes {file.path} twice"
        problem = problem if len(known) < _MOST_FILES else f"writes more than {_MOST_FILES} files"
        if problem or left < 0:
            message = problem or f"writes more than {_LARGEST_ALL >> 20} MiB"
            raise ScaffoldError(message, subject=f"component {component.id}", hint="mend the component")
        known.add(file.path.lower())
        yield file


def unmet(component: Component, answers: Answers, facts: RepositoryFacts) -> tuple[tuple[str, str, str], ...]:
    """What the component needs and nothing offers: the offer, the component that gives it, and what for."""
    open_needs = _open_needs(component, answers, facts)
    return tuple((offer, other, need.reason) for need, offer, other in open_needs if not need.along)


def companions(component: Component, answers: Answers, facts: RepositoryFacts) -> tuple[str, ...]:
    """The components that come along, because nothing offers what they give."""
    return tuple(other for need, _, other in _open_needs(component, answers, facts) if need.along)


def _open_needs(component: Component, answers: Answers, facts: RepositoryFacts) -> Iterator[tuple[Need, str, str]]:
    templates = templates_of(component)
    for need in component.needs:
        if templates.holds(need.when, answers.values, f"need of {need.offer}"):
            offer = templates.text(need.offer, answers.values, "needs")
            if not facts.has(offer):
                yield need, offer, templates.text(need.component, answers.values, "needs")


class _Maker:
    """Renders the parts of a component with its answers."""

    def __init__(self, component: Component, name: str, values: Mapping[str, Any]) -> None:
        self._component = component
        self._templates = templates_of(component)
        self._values = {**values, "name": name}

    def text(self, template: str, where: str, **more: Any) -> str:
        return self._templates.text(template, {**self._values, **more}, where)

    def files(self, item: FileTemplate) -> Iterator[ProposedFile]:
        for more in self._rounds(item.when, item.each, f"file {item.path}"):
            path = self._path(item.path, more)
            template = item.template or path.rpartition("/")[2] + _SUFFIX
            text = self.text(self._component.template(template), f"templates/{template}", **more)
            yield ProposedFile(path=path, text=text, executable=item.executable)

    def entries(self, item: Entry) -> Iterator[ProposedEntry]:
        for more in self._rounds(item.when, item.each, f"entry in {item.path}"):
            value = self.text(item.value, f"entry in {item.path}", **more)
            yield ProposedEntry(path=self._path(item.path, more), list=tuple(item.list.split(".")), value=value)

    def values(self, item: Value) -> Iterator[ProposedValue]:
        for more in self._rounds(item.when, "", f"value in {item.path}"):
            at = tuple(self.text(part, f"value in {item.path}") for part in item.at)
            value = self.text(item.value, f"value in {item.path}") if isinstance(item.value, str) else item.value
            yield ProposedValue(path=self._path(item.path, more), at=at, value=value)

    def secrets(self, item: Secret) -> Iterator[ProposedSecret]:
        for more in self._rounds(item.when, "", f"secret {item.name}"):
            yield ProposedSecret(
                path=self._path(item.path, more),
                name=self.text(item.name, "secrets"),
                namespace=self.text(item.namespace, "secrets"),
                type=self.text(item.type, "secrets"),
                keys=tuple(key for inner in item.keys for key in self._keys(inner)),
            )

    def _keys(self, item: SecretKey) -> Iterator[ProposedKey]:
        for more in self._rounds(item.when, item.each, f"secret key {item.key}"):
            key = self.text(item.key, "secret key", **more)
            ask = self.text(item.ask, f"secret key {key}", **more)
            template = self._component.template(item.template) if item.template else ""
            yield ProposedKey(key=key, generate=item.generate, ask=ask, template=template)

    def _rounds(self, when: str, each: str, where: str) -> Iterator[dict[str, Any]]:
        """Once for each element, or once: the values that are bound then. Nothing where the condition is false."""
        elements = [{}] if not each else [{"item": item} for item in self._elements(each, where)]
        for more in elements:
            if self._templates.holds(when, {**self._values, **more}, where):
                yield more

    def _elements(self, each: str, where: str) -> list[Any]:
        found = self._templates.value(each, self._values, where)
        items = list(found.items()) if isinstance(found, Mapping) else found
        if isinstance(items, str) or not isinstance(items, Iterable):
            raise self._refused(f"`{each}` is no list", where)
        items = list(items)
        if len(items) > _MOST_FILES:
            raise self._refused(f"`{each}` has more than {_MOST_FILES} items", where)
        return items

    def _refused(self, message: str, where: str) -> ScaffoldError:
        subject = f"component {self._component.id}, {where}"
        return ScaffoldError(message, subject=subject, hint="mend the component")

    def _path(self, template: str, more: Mapping[str, Any]) -> str:
        path = self.text(template, f"path {template}", **more)
        if not safe_path(path):
            hint = "paths are relative, stay inside, and name no .git"
            raise ScaffoldError(
                f"{path!r} is no path in a repository", subject=f"component {self._component.id}", hint=hint
            )
        return path
